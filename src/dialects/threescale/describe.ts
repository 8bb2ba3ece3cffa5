import type { FastifySchema } from 'fastify';
import Type, { type TSchema } from 'typebox';
import type { ProviderScope } from '../../access/provider-credentials.ts';
import type { Format } from './format/format.ts';

/*
 * Describes the routes for the API reference. Nothing is validated by it: refusals have a form and an order of their own
 * (contract 2.3).
 */

/** Which of the tenant's own objects the API reference offers for a parameter. */
export type ValuesFrom =
  | 'applications'
  | 'accounts'
  | 'users'
  | 'services'
  | 'plans'
  | 'plan_names'
  /** System names of metrics and methods. */
  | 'metrics'
  | 'metric_ids'
  | 'method_ids'
  | 'app_ids'
  | 'user_keys'
  | 'service_tokens';

export interface Described {
  readonly summary: string;
  readonly description?: string;
  readonly tag: 'Account Management API' | 'Analytics API' | 'Reports';
  readonly formats: readonly Format[];
  /** Parameters of the path besides the format. */
  readonly path?: Readonly<Record<string, TSchema>>;
  /** A parameter is required unless made optional. */
  readonly query?: Readonly<Record<string, TSchema>>;
  /** Status of every answer where that is not 200. */
  readonly always?: 404;
  /** An answer in each format; tables and texts as they are, JSON as a value. */
  readonly examples: Readonly<Partial<Record<Format, unknown>>>;
}

const MEDIA: Readonly<Record<Format, string>> = {
  xml: 'application/xml',
  json: 'application/json',
  csv: 'text/csv',
  txt: 'text/plain',
};

/** Credentials of `/admin/api` and `/stats`, any one of them. */
export const readSecuritySchemes = {
  access_token: { type: 'apiKey', in: 'query', name: 'access_token', description: 'An access token of the tenant.' },
  provider_key: { type: 'apiKey', in: 'query', name: 'provider_key', description: 'The provider key of the tenant.' },
  basic: { type: 'http', scheme: 'basic', description: 'Token or provider key as user name or as password.' },
  bearer: { type: 'http', scheme: 'bearer', description: 'Token or provider key.' },
} as const;

/** Scopes that an access token needs, by API; a provider key has all. */
const SCOPES: Readonly<Record<Described['tag'], readonly ProviderScope[]>> = {
  'Account Management API': ['account_management'],
  'Analytics API': ['stats'],
  Reports: ['account_management', 'stats'],
};

/** Any one of them; only a token has scopes, whichever way it is sent. */
function securityOf(tag: Described['tag']): readonly Readonly<Record<string, readonly string[]>>[] {
  const others = Object.keys(readSecuritySchemes).filter((name) => name !== 'access_token');
  return [{ access_token: SCOPES[tag] }, ...others.map((name) => ({ [name]: [] }))];
}

const REFUSALS = {
  400: 'A parameter is missing or wrong.',
  403: 'No credential, one that does not count, or one without the scope.',
  404: 'There is no such object of the tenant.',
  429: 'Too many requests; `Retry-After` says when to come back.',
};

const REFUSED = {
  'application/json': { schema: Type.Object({ error: Type.String() }) },
  'application/xml': { schema: Type.String({ description: '`<error>…</error>`' }) },
};

export function describe(route: Described): FastifySchema {
  const { formats } = route;
  return {
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    tags: [route.tag],
    security: securityOf(route.tag),
    params: Type.Object({ ...route.path, format: choice(formats, 'Form of the answer.', formats[0]) }),
    querystring: Type.Object({ ...route.query }),
    response: {
      ...Object.fromEntries(
        Object.entries(REFUSALS).map(([status, description]) => [status, { description, content: REFUSED }]),
      ),
      [route.always ?? 200]: {
        description: 'The answer.',
        content: Object.fromEntries(
          formats.map((format) => {
            const example = route.examples[format];
            return [MEDIA[format], { schema: schemaOf(example), example }];
          }),
        ),
      },
    },
  };
}

/** An id out of the tenant's objects of a kind. */
export function idOf(from: ValuesFrom, description: string, example: number): TSchema {
  return Type.Integer({ minimum: 1, description, examples: [example], 'x-values-from': from });
}

export function choice(values: readonly string[], description: string, usual?: string): TSchema {
  return Type.Unsafe<string>({
    type: 'string',
    enum: [...values],
    description,
    ...(usual === undefined ? {} : { default: usual }),
  });
}

export function date(description: string, example: string): TSchema {
  return Type.String({ description, examples: [example], 'x-picker': 'date' });
}

/** The types of an example: what stands in it stands in every answer, lists hold more of the same. */
function schemaOf(example: unknown): TSchema {
  if (Array.isArray(example))
    return example.length === 0 ? Type.Array(Type.Unknown()) : Type.Array(schemaOf(example[0]));
  switch (typeof example) {
    case 'object':
      if (example === null) return Type.Null();
      return Type.Object(Object.fromEntries(Object.entries(example).map(([name, value]) => [name, schemaOf(value)])));
    case 'number':
      return Number.isInteger(example) ? Type.Integer() : Type.Number();
    case 'boolean':
      return Type.Boolean();
    default:
      return Type.String();
  }
}
