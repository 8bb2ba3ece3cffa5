import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { SettingValues } from '../../config/setting.ts';
import type { Organization } from '../../directory/organizations.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { problemOf } from '../../http/request-problem.ts';
import { storeProblem } from '../../queries/store-problem.ts';
import type { Services } from '../dialect.ts';
import { admit } from './credentials/presented.ts';
import type { Answer, Call, Endpoint } from './endpoint.ts';
import { csvText } from './format/csv.ts';
import { askedFormat, CONTENT_TYPES, refusalFormat, type Format } from './format/format.ts';
import {
  ACCESS_DENIED,
  message,
  NOT_FOUND,
  notUnderstood,
  readRefusalOf,
  refusalBody,
  type ReadRefusal,
  WRONG_SCOPE,
} from './format/refusal.ts';
import { xmlText } from './format/xml.ts';
import { bodyParameters } from './parameters/body.ts';
import { Parameters } from './parameters/parameters.ts';
import { INTERNAL } from './problems.ts';
import type { settings } from './settings.ts';

interface Reads {
  readonly services: Services;
  readonly values: SettingValues<typeof settings>;
}

/** Lays endpoints of `/admin/api` and `/stats`: format, credentials, refusals (contract 2). */
export function registerEndpoints(api: FastifyInstance, reads: Reads, endpoints: readonly Endpoint[]): void {
  setRefusals(api);
  const admission = createAdmission(reads);
  for (const endpoint of endpoints) {
    for (const [url, shown] of [
      [`${endpoint.path}.:format`, true],
      [endpoint.path, false],
    ] as const) {
      api.route({
        method: 'GET',
        url,
        schema: shown ? endpoint.schema : { hide: true },
        handler: (request, reply) => answer(admission, endpoint, request, reply),
      });
    }
  }
}

/** What is answered to any other path and verb there. */
export function registerMissing(api: FastifyInstance): void {
  for (const url of ['/admin/api', '/admin/api/*', '/stats', '/stats/*']) {
    api.route({
      method: api.supportedMethods,
      url,
      schema: { hide: true },
      exposeHeadRoute: false,
      handler: (request, reply) => refuse(reply, NOT_FOUND, formatOfPath(request)),
    });
  }
}

function setRefusals(api: FastifyInstance): void {
  // Bodies of reads are read by us, those of other verbs by nobody.
  api.removeAllContentTypeParsers();
  api.addContentTypeParser('*', (_request, payload, done) => {
    payload.resume();
    done(null);
  });
  api.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error) ?? storeProblem(error);
    if (problem !== null) return refuse(reply, readRefusalOf(problem), formatOfPath(request));
    request.log.error({ err: error }, 'a request failed');
    return refuse(reply, message(INTERNAL.status, INTERNAL.message ?? ''), formatOfPath(request));
  });
}

type Admission = (
  request: FastifyRequest,
  parameters: Parameters,
  endpoint: Endpoint,
) => Promise<Result<Organization, ReadRefusal>>;

/** From the credential to the tenant; a tenant that asks too often is turned away. */
function createAdmission({ services, values }: Reads): Admission {
  const { access, directory } = services;
  const limiter =
    values.readsPerMinute === 0
      ? null
      : access.limits.limiter({ name: 'threescale.reads', points: values.readsPerMinute, windowSeconds: 60 });
  return async (request, parameters, { needs, onlyProviderKey = false }) => {
    const sent = { parameters, authorization: request.headers.authorization };
    const caller = await admit(access.providerCredentials, sent, needs);
    if (!caller.ok) return caller;
    const { organization, kind } = caller.value;
    if (onlyProviderKey && kind !== 'provider-key') return fail(WRONG_SCOPE);
    const decision = await limiter?.consume(String(organization));
    if (decision?.allowed === false) {
      return fail(readRefusalOf({ kind: 'rate_limited', retryAfterMs: decision.retryAfterMs }));
    }
    const tenant = (await directory.organizations()).byId(organization);
    return tenant === undefined ? fail(ACCESS_DENIED) : ok(tenant);
  };
}

async function answer(
  admission: Admission,
  endpoint: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const path = request.params as Readonly<Record<string, string>>;
  const suffix = path['format'] ?? null;
  const area = endpoint.path.startsWith('/stats') ? 'stats' : 'admin';
  const asked = askedFormat(suffix, request.headers.accept, { area, offered: endpoint.formats });
  const refusalForm = refusalFormat(suffix, asked);

  const body = await bodyParameters(request.raw);
  const query = new URLSearchParams(queryOf(request.url));
  const parameters = Parameters.of(body.ok ? body.value : [], query, pathParameters(path));
  const tenant = await admission(request, parameters, endpoint);
  if (!tenant.ok) return refuse(reply, tenant.problem, refusalForm);
  if (asked.format === null) return refuse(reply, notUnderstood(asked.called), refusalForm);
  if (!body.ok) return refuse(reply, readRefusalOf(body.problem), refusalForm);

  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  const origin = `${request.protocol}://${request.host}`;
  const call: Call = { tenant: tenant.value, parameters, format: asked.format, origin, signal: gone.signal };
  const result: Result<Answer, ReadRefusal> = await endpoint.run(call);
  return result.ok ? send(reply, result.value, asked.format) : refuse(reply, result.problem, refusalForm);
}

/** Names of the path stand before any of query and body; the suffix is no parameter. */
function pathParameters(path: Readonly<Record<string, string>>): Iterable<readonly [string, string]> {
  return Object.entries(path).filter(([name]) => name !== 'format');
}

function queryOf(url: string): string {
  const at = url.indexOf('?');
  return at < 0 ? '' : url.slice(at + 1);
}

function send(reply: FastifyReply, answered: Answer, format: Format): FastifyReply {
  void reply.type(CONTENT_TYPES[format]);
  switch (format) {
    case 'xml':
      return reply.send(xmlText(written(answered.xml)()));
    case 'json': {
      const value = written(answered.json)();
      return reply.send(typeof value === 'string' ? value : JSON.stringify(value));
    }
    case 'csv': {
      const table = written(answered.csv)();
      void reply.header('content-disposition', `attachment; filename="${table.file}"`);
      return reply.send('text' in table ? table.text : csvText(table));
    }
    case 'txt':
      return reply.send(written(answered.txt)());
  }
}

function written<T>(writer: (() => T) | undefined): () => T {
  if (writer === undefined) throw new TypeError('the endpoint offers a format and does not write it');
  return writer;
}

function refuse(reply: FastifyReply, refusal: ReadRefusal, format: Format): FastifyReply {
  const { type, body } = refusalBody(refusal, format);
  if (refusal.retryAfter !== undefined) void reply.header('retry-after', String(refusal.retryAfter));
  return reply.code(refusal.status).type(type).send(body);
}

/** The form of a refusal where no endpoint was found, by the suffix alone. */
function formatOfPath(request: FastifyRequest): Format {
  const path = request.url.split('?', 1)[0] ?? '';
  const suffix = /\.(xml|json|csv|txt)$/.exec(path)?.[1];
  if (suffix !== undefined) return suffix as Format;
  return path.startsWith('/stats') ? 'json' : 'xml';
}
