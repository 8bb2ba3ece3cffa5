import type { TSchema } from 'typebox';
import { ProblemDetails } from './wire.ts';

const PROBLEMS = {
  400: 'The request is wrong; `field` says where.',
  401: 'No valid key was sent.',
  403: 'The key may not do this, or its organization is suspended.',
  404: 'There is no such thing, or the key does not cover it.',
  409: 'It contradicts what is there.',
  413: 'The body is too large.',
  415: 'The body is of a type that is not read here.',
  422: 'The question is understood and too expensive.',
  429: 'Too many requests; `Retry-After` says when to come back.',
  503: 'Not now; `Retry-After` says when to come back.',
} as const;

export type ProblemStatus = keyof typeof PROBLEMS;

/** A schema that has a name is listed once, under that name, and referred to everywhere else. */
export function reference(schema: TSchema): object {
  const { $id } = schema as { readonly $id?: string };
  return $id === undefined ? schema : { $ref: `${$id}#` };
}

/** What a route answers, for its OpenAPI description. `503` may come from every route and is always listed. */
export function answers(
  schema: TSchema,
  description: string,
  problems: readonly ProblemStatus[],
  status = 200,
): Record<string, unknown> {
  const good = { description, content: { 'application/json': { schema: reference(schema) } } };
  return { [status]: good, ...problemAnswers([...problems, 503]) };
}

/** The problems of a route as OpenAPI describes them. */
export function problemAnswers(problems: readonly ProblemStatus[]): Record<string, unknown> {
  return Object.fromEntries(
    problems.map((status) => [
      status,
      { description: PROBLEMS[status], content: { 'application/problem+json': { schema: reference(ProblemDetails) } } },
    ]),
  );
}
