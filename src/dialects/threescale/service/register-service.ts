import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { problemOf } from '../../../http/request-problem.ts';
import type { Services } from '../../dialect.ts';
import { INTERNAL } from '../problems.ts';
import { answerAuthorize, type Variant } from './authorize.ts';
import { readBody } from './body-reader.ts';
import { registerLiveness } from './liveness.ts';
import { SENT_TYPE } from './call-parameters.ts';
import { troubled } from './refusals.ts';
import { answerReport } from './report.ts';
import { authorizeSchema, reportSchema } from './schema.ts';
import { CONTENT_TYPE, sendRefusal } from './send-refusal.ts';

const MAX_BODY_BYTES = 4 * 1024 * 1024;

const CALLS: Readonly<Record<string, Variant>> = {
  authorize: { counts: false, oauth: false },
  authrep: { counts: true, oauth: false },
  oauth_authorize: { counts: false, oauth: true },
  oauth_authrep: { counts: true, oauth: true },
};

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'ETag, Link, 3scale-rejection-reason',
};
const PREFLIGHT = {
  ...CORS,
  'access-control-allow-methods': 'GET, POST, PUT, DELETE, OPTIONS',
  'access-control-allow-headers':
    'Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Match, If-Unmodified-Since, 3scale-options',
  'access-control-max-age': '86400',
};

/** The Service Management API (contract 5): how hits get in. */
export function registerService(api: FastifyInstance, services: Services): void {
  api.setErrorHandler(answerError);
  // A wrong media type is refused in our own words, also one that is none, so every body is read.
  api.removeAllContentTypeParsers();
  api.addContentTypeParser('*', (_request, payload, done) => {
    readBody(payload, MAX_BODY_BYTES, (body) => done(null, body));
  });
  api.decorateRequest(SENT_TYPE, '');
  const headers = { ...CORS, 'content-type': CONTENT_TYPE };
  api.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers);
    const type = request.headers['content-type'];
    if (type !== undefined) {
      request.setDecorator(SENT_TYPE, type);
      delete request.raw.headers['content-type'];
    }
    done();
  });

  registerLiveness(api);
  for (const [name, variant] of Object.entries(CALLS)) {
    api.get(
      `/transactions/${name}.xml`,
      { schema: authorizeSchema(name, variant), exposeHeadRoute: false },
      (request, reply) => answerAuthorize(services, variant, request, reply),
    );
  }
  api.post('/transactions.xml', { schema: reportSchema }, (request, reply) => answerReport(services, request, reply));
  refuseTheRest(api);
}

/** Every other path and verb: 404 and nothing to read. Browsers are told what they may send. */
function refuseTheRest(api: FastifyInstance): void {
  const served = new Map<string, readonly string[]>([
    ['/check.txt', ['GET']],
    ['/status', ['GET']],
    ['/available', ['HEAD']],
    ['/transactions.xml', ['POST']],
    ...Object.keys(CALLS).map((name) => [`/transactions/${name}.xml`, ['GET']] as const),
    ['/transactions*', []],
  ]);
  for (const [url, methods] of served) {
    const others = api.supportedMethods.filter((method) => !methods.includes(method));
    api.route({
      method: others,
      url,
      schema: { hide: true },
      exposeHeadRoute: false,
      // Before the body is read: nobody looks at it.
      onRequest: async (request, reply) =>
        request.method === 'OPTIONS' ? reply.code(204).headers(PREFLIGHT).send() : reply.code(404).send(''),
      handler: async () => undefined,
    });
  }
}

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error);
  if (problem !== null) return sendRefusal(reply, troubled(problem));
  request.log.error({ err: error }, 'a call failed');
  return sendRefusal(reply, {
    status: INTERNAL.status,
    error: { code: INTERNAL.code, message: INTERNAL.message ?? '' },
  });
}
