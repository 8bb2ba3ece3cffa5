import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fail, ok, type Result } from '../../../domain/result.ts';
import { problemOf } from '../../../http/request-problem.ts';
import { storeProblem } from '../../../queries/store-problem.ts';
import { mediaType, queryOf } from '../form.ts';
import { bodyOf, INTERNAL, refusalOf, type Refusal } from '../problems.ts';
import type { Admission } from './admission.ts';
import type { Endpoint, Operation } from './endpoint.ts';
import { formOf, isTokenInUrl, textOf } from './sent-token.ts';

/** `/v2` is current and `/v1` legacy; both answer alike (contract 1). */
const VERSIONS = ['/v2', '/v1'] as const;
const CURRENT = '/v2';
/** Numbers that are no version of anything served here. */
const OTHER_VERSIONS = '/:version(^v(?:0|[4-9]|[1-9]\\d+)$)/*';
const MAX_BODY_BYTES = 64 * 1024;

/** The endpoints under both versions, with and without a slash at the end, and an answer for everything else there. */
export function registerApi(scope: FastifyInstance, admission: Admission, endpoints: readonly Endpoint[]): void {
  void scope.register(async (api) => {
    // Refusals have a form and an order of their own, so the schemas only describe.
    api.setValidatorCompiler(() => () => true);
    api.removeAllContentTypeParsers();
    api.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    api.addHook('onRequest', async (request, reply) => {
      if (isTokenInUrl(request)) reply.header('cache-control', 'private');
    });
    api.setErrorHandler((error, request, reply) => {
      const problem = problemOf(error) ?? storeProblem(error);
      if (problem !== null) return refuse(reply, refusalOf(problem));
      request.log.error({ err: error }, 'a request failed');
      return refuse(reply, INTERNAL);
    });
    for (const version of VERSIONS) {
      for (const endpoint of endpoints) registerEndpoint(api, admission, version, endpoint);
      for (const url of [version, `${version}/*`]) registerNotFound(api, url, (request) => admission.count(request));
    }
    registerNotFound(api, OTHER_VERSIONS, async () => null);
  });
}

function registerEndpoint(api: FastifyInstance, admission: Admission, version: string, endpoint: Endpoint): void {
  const { path, read, change } = endpoint;
  const allowed = ['GET', 'HEAD', ...(change === undefined ? [] : ['PATCH', 'PUT'])];
  for (const url of [`${version}${path}`, `${version}${path}/`]) {
    const shown = url === `${CURRENT}${path}`;
    const add = (method: string, { schema, run }: Operation): void => {
      api.route({
        method,
        url,
        schema: shown ? schema : { hide: true },
        bodyLimit: MAX_BODY_BYTES,
        handler: (request, reply) => answer(admission, run, request, reply),
      });
    };
    add('GET', read);
    if (change !== undefined) for (const method of ['PATCH', 'PUT']) add(method, change);
    api.route({
      method: api.supportedMethods.filter((method) => !allowed.includes(method)),
      url,
      schema: { hide: true },
      bodyLimit: MAX_BODY_BYTES,
      handler: async (request, reply) => {
        const admitted = await admission.admit(request);
        if (!admitted.ok) return refuse(reply, admitted.problem);
        const detail = `Method "${request.method}" not allowed.`;
        return refuse(reply.header('allow', allowed.join(', ')), { status: 405, detail });
      },
    });
  }
}

/** @param limit the refusal of a caller who asks too often; null to go on */
function registerNotFound(
  api: FastifyInstance,
  url: string,
  limit: (request: FastifyRequest) => Promise<Refusal | null>,
): void {
  api.route({
    method: api.supportedMethods,
    url,
    schema: { hide: true },
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      const exceeded = await limit(request);
      return refuse(reply, exceeded ?? refusalOf({ kind: 'not_found', what: 'path', key: '' }));
    },
  });
}

async function answer(
  admission: Admission,
  run: Operation['run'],
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const admitted = await admission.admit(request);
  if (!admitted.ok) return refuse(reply, admitted.problem);
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  const result = await run({
    holder: admitted.value,
    params: request.params as Readonly<Record<string, string>>,
    query: queryOf(request.url),
    change: () => changeOf(request),
    signal: gone.signal,
  });
  if (!result.ok) return refuse(reply, refusalOf(result.problem));
  return reply.type('application/json').send(result.value);
}

/** The body as an object: JSON, or a form, which is the second way to send a token. */
function changeOf(request: FastifyRequest): Result<Readonly<Record<string, unknown>>> {
  const form = formOf(request);
  if (form !== null) {
    const repeated = form.repeated();
    if (repeated !== null) return fail({ kind: 'invalid_field', field: repeated, reason: 'was sent twice' });
    return ok(Object.fromEntries(form.entries().filter(([name]) => name !== 'access_token')));
  }
  const type = mediaType(request.headers['content-type']);
  if (type !== '' && type !== 'application/json') return fail({ kind: 'unsupported_media_type', mediaType: type });
  try {
    const value: unknown = JSON.parse(textOf(request.body));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return fail({ kind: 'malformed_body', reason: 'it has to be a JSON object' });
    }
    return ok(value as Readonly<Record<string, unknown>>);
  } catch {
    return fail({ kind: 'malformed_body', reason: 'it is not JSON' });
  }
}

function refuse(reply: FastifyReply, refusal: Refusal): FastifyReply {
  return reply
    .code(refusal.status)
    .headers(refusal.headers ?? {})
    .type('application/json')
    .send(bodyOf(refusal));
}
