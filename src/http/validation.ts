import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { ProblemError, type Problem } from '../domain/problem.ts';

/** Compiles a route's schema when its first request arrives: compiling all of them would double the start. */
export const compileLazily: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  let validator: Validator | undefined;
  return (data: unknown) => {
    validator ??= Compile(schema);
    if (validator.Check(data)) return { value: data };
    return { error: new ProblemError(firstProblem(validator, data, httpPart ?? 'body')) };
  };
};

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** The first mistake a schema finds, with the path of the value as the caller wrote it. */
function firstProblem(validator: Validator, data: unknown, part: string): Problem {
  const errors = validator.Errors(data) as unknown as readonly SchemaError[];
  // "Unknown" and "missing" say more than the failed alternative of a union around them.
  const error = errors.find(({ keyword }) => keyword === 'additionalProperties' || keyword === 'required') ?? errors[0];
  if (error === undefined) return { kind: 'invalid_field', field: part, reason: 'is not of the accepted form' };
  const path = fieldPath(error.instancePath);
  const named = (property: unknown): string => (path === '' ? String(property) : `${path}.${String(property)}`);
  if (error.keyword === 'additionalProperties') {
    return { kind: 'unknown_field', field: named(first(error.params['additionalProperties'])) };
  }
  if (error.keyword === 'required')
    return { kind: 'missing_field', field: named(first(error.params['requiredProperties'])) };
  return { kind: 'invalid_field', field: path === '' ? part : path, reason: error.message };
}

function first(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : value;
}

/** `/rows/0/time` → `rows[0].time`. */
function fieldPath(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : path === '' ? part : `${path}.${part}`), '');
}
