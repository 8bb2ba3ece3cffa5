import Type, { type TSchema } from 'typebox';
import type { DirectoryResource } from '../../../directory/resources/resource.ts';
import { offeredValues } from '../offered-values.ts';
import { LimitQuery } from '../paging.ts';
import { problemAnswers, type ProblemStatus } from '../route-schema.ts';
import type { ResourcePath } from './resource-path.ts';

const PageQuery = Type.Object(
  {
    ...LimitQuery,
    cursor: Type.Optional(Type.String({ maxLength: 512, description: '`next` of the page before.' })),
  },
  { additionalProperties: false },
);

type Action = 'list' | 'get' | 'create' | 'update' | 'remove';

const PROBLEMS: Readonly<Record<Action, readonly ProblemStatus[]>> = {
  list: [400, 401, 403, 404, 429, 503],
  get: [401, 403, 404, 429, 503],
  create: [400, 401, 403, 404, 409, 413, 415, 429, 503],
  update: [400, 401, 403, 404, 409, 413, 415, 429, 503],
  remove: [401, 403, 404, 409, 429, 503],
};

/** What the routes of a resource take and answer, for the API reference; bodies are checked by the directory itself. */
export function entrySchema(resource: DirectoryResource, path: ResourcePath, action: Action): object {
  const { kind, name } = resource;
  const shown = entryAnswer(resource);
  const own =
    action === 'list' || (action === 'create' && kind.form !== 'single')
      ? path.parameters.slice(0, -1)
      : path.parameters;
  const parameters = kind.form === 'single' ? path.parameters : own;
  return {
    operationId: `${name}.${action}`,
    tags: [`Directory: ${path.collection.replaceAll(/:[a-z_]+\//g, '')}`],
    summary: SUMMARIES[action](kind.name),
    ...(parameters.length === 0
      ? {}
      : { params: Type.Object(Object.fromEntries(parameters.map((parameter) => [parameter, addressOf(parameter)]))) }),
    ...(action === 'list' ? { querystring: PageQuery } : {}),
    ...(action === 'create' || action === 'update' ? { body: resource.schema } : {}),
    response: {
      ...answerOf(action, shown),
      ...problemAnswers(PROBLEMS[action]),
    },
  };
}

function addressOf(parameter: string): TSchema {
  return Type.String(parameter in offeredValues ? { 'x-values-from': parameter } : {});
}

const SUMMARIES: Readonly<Record<Action, (kind: string) => string>> = {
  list: (kind) => `Lists entries of the kind ${kind}`,
  get: (kind) => `Shows one ${kind}`,
  create: (kind) => `Makes a new ${kind}`,
  update: (kind) => `Changes the fields of one ${kind} that are sent; PUT does the same`,
  remove: (kind) => `Removes one ${kind} and what stands in it`,
};

function answerOf(action: Action, shown: TSchema): Record<string, unknown> {
  const json = (description: string, schema: unknown): object => ({
    description,
    content: { 'application/json': { schema } },
  });
  switch (action) {
    case 'list':
      return {
        200: json(
          'A page of entries.',
          Type.Object({ entries: Type.Array(shown), next: Type.Union([Type.String(), Type.Null()]) }),
        ),
      };
    case 'get':
    case 'update':
      return { 200: json('The entry.', shown) };
    case 'create':
      return { 201: json('The entry, with secrets that were made up: they are shown only here.', shown) };
    case 'remove':
      return { 204: { description: 'It is gone.' } };
  }
}

function entryAnswer({ shown }: DirectoryResource): TSchema {
  const { properties } = shown as unknown as { properties: Record<string, TSchema> };
  return Type.Object({
    href: Type.String({ description: 'Path of the entry.' }),
    ...properties,
    secrets: Type.Optional(Type.Record(Type.String(), Type.String())),
  });
}
