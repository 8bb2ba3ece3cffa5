import swagger from '@fastify/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/**
 * Where the API reference finds values of a tenant's own to offer for a parameter, by kind: reads of the dialect, sent
 * with the caller's credential. Parameters name their kind by `x-values-from`; the document carries this as `x-values`.
 */
export type OfferedValues = Readonly<
  Record<
    string,
    {
      /** One after the other; none for a kind that cannot be offered. */
      readonly steps: readonly {
        /** `{}` in it is each value of the step before. */
        readonly path: string;
        /** Keys from the root of the JSON answer to the objects, through lists: `applications.application`. */
        readonly items: string;
        /** Key of the value in an object, and of what people call it. */
        readonly value: string;
        readonly label?: string;
      }[];
      /** Said beside the field. */
      readonly note?: string;
    }
  >
>;

export interface DialectScope {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly securitySchemes: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly values: OfferedValues;
  /** Host names it answers on; empty for all. */
  readonly hosts: readonly string[];
  readonly register: (scope: FastifyInstance) => void | Promise<void>;
}

/** Writes the OpenAPI 3.1 document of a dialect from its routes' own schemas; call after the server is ready. */
export type OpenApiDocument = () => unknown;

/**
 * Gives a dialect its own scope: its routes, parsers and error handler stay inside, its requests carry its name in
 * metrics, its routes are collected into a document of their own.
 */
export function mountDialect(server: FastifyInstance, dialect: DialectScope, version: string): OpenApiDocument {
  let document: OpenApiDocument = () => {
    throw new Error(`the routes of ${dialect.name} are not registered yet`);
  };
  void server.register(async (scope) => {
    await scope.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: { title: dialect.title, description: dialect.description, version },
        components: { securitySchemes: dialect.securitySchemes as never },
        ...(Object.keys(dialect.values).length === 0 ? {} : { 'x-values': dialect.values }),
      },
      refResolver: {
        buildLocalReference: (json, _baseUri, _fragment, i) =>
          typeof json['$id'] === 'string' ? json['$id'] : `schema-${i}`,
      },
    });
    document = () => scope.swagger();
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, dialect: dialect.name };
    });
    if (dialect.hosts.length > 0) scope.addHook('onRequest', onlyHosts(dialect.hosts));
    await dialect.register(scope);
  });
  return () => document();
}

/** To a caller on another host the dialect does not exist. */
function onlyHosts(hosts: readonly string[]) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (!hosts.includes(request.hostname.toLowerCase())) reply.callNotFound();
  };
}
