import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { compileLazily } from '../../http/validation.ts';

/**
 * For routes whose path names something: a name that is no known one is not found, which the handler says, rather than
 * an invalid field, as the schema for the API reference would have it.
 */
export const uncheckedParameters: FastifySchemaCompiler<TSchema> = (route) =>
  route.httpPart === 'params' ? () => true : compileLazily(route);
