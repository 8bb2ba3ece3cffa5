import type { FastifySchema } from 'fastify';
import Type, { type TSchema } from 'typebox';

/*
 * Describes endpoints for the API reference. Nothing is validated by it: refusals have a form and an order of their own
 * (contract 1.7, 2.7, 3.1).
 */

export type EndpointSchema = FastifySchema & Readonly<Record<string, unknown>>;

/** Parameters by name, each with what it is; all of them may come in the query or in the body. */
export type DescribedParameters = Readonly<Record<string, string>>;

export interface Described {
  readonly tag: 'Write' | 'Read, v1' | 'Read, v2' | 'SDK' | 'Management';
  readonly summary: string;
  readonly description?: string;
  readonly required?: DescribedParameters;
  readonly optional?: DescribedParameters;
  /** Answers by title; the first is the usual one. */
  readonly answers: Readonly<Record<string, unknown>>;
  /** Refusals: status and texts of `result`. */
  readonly refusals?: Readonly<Record<number, readonly string[]>>;
  /** Whether `api_key` is needed. */
  readonly keyed: boolean;
}

const Message = Type.Object({ result: Type.String() });

/** The schema of an endpoint; the same for `GET` and `POST`. */
export function describe(endpoint: Described): EndpointSchema {
  const { tag, summary, description, required = {}, optional = {}, answers, refusals = {}, keyed } = endpoint;
  const query: Record<string, TSchema> = {};
  for (const [name, text] of Object.entries(required)) query[name] = Type.String({ description: text });
  for (const [name, text] of Object.entries(optional)) query[name] = Type.Optional(Type.String({ description: text }));
  query['callback'] = Type.Optional(
    Type.String({ description: 'JSONP: name of the function to call with the answer.' }),
  );
  return {
    summary,
    tags: [tag],
    ...(description === undefined ? {} : { description }),
    security: keyed ? [{ apiKey: [] }] : [],
    querystring: Type.Object(query),
    response: {
      200: {
        description: 'Done.',
        content: { 'application/json': { schema: {}, examples: named(answers) } },
      },
      ...Object.fromEntries(
        Object.entries(refusals).map(([status, texts]) => [
          status,
          {
            description: 'Refused.',
            content: {
              'application/json': {
                schema: Message,
                examples: named(Object.fromEntries(texts.map((text) => [text, { result: text }]))),
              },
            },
          },
        ]),
      ),
    },
  };
}

function named(values: Readonly<Record<string, unknown>>): Readonly<Record<string, object>> {
  return Object.fromEntries(Object.entries(values).map(([title, value]) => [title, { value }]));
}

/** The refusals of every read of an app (contract 3.1). */
export const READ_REFUSALS: Readonly<Record<number, readonly string[]>> = {
  400: ['Missing parameter "app_id"', 'Invalid parameter "app_id"', 'Missing parameter "api_key" or "auth_token"'],
  401: ['User does not exist', 'User does not have view right for this application', 'App does not exist'],
};

/** The refusals of every request of an SDK (contract 2.7). */
export const SDK_REFUSALS: Readonly<Record<number, readonly string[]>> = {
  400: ['Missing parameter "app_key" or "device_id"', 'App does not exist', 'App is currently not accepting data'],
};

export const SDK_PARAMETERS: DescribedParameters = {
  app_key: 'Write key of the app.',
  device_id: 'Id of the device, as the app names it.',
};

export const READ_PARAMETERS: DescribedParameters = {
  api_key: 'Key of a member of the app.',
  app_id: 'Id of the app, 24 hex digits.',
};
