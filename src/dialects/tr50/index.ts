import { METHODS } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { SettingValues } from '../../config/setting.ts';
import { problemOf } from '../../http/request-problem.ts';
import type { Dialect, Services } from '../dialect.ts';
import { Authentication } from './auth.ts';
import { allowOrigin, isCorsOn, sendPreflight } from './cors.ts';
import { MAX_BODY_BYTES } from './packet.ts';
import { errorOf, INTERNAL_ERROR, type WireError } from './problems.ts';
import { refusalText } from './reply.ts';
import { runPacket, type PacketParts } from './run-packet.ts';
import { description, routeSchema, securitySchemes } from './schema.ts';
import { sendPieces } from './send-reply.ts';
import { settings } from './settings.ts';

const PATH = '/api';

/** The TR50 usage dialect; see the README beside this file. */
export const tr50: Dialect<typeof settings> = {
  name: 'tr50',
  title: 'TR50 (deviceWISE usage)',
  description,
  securitySchemes,
  demoRequest,
  settings,
  register,
};

/** Login and question in one packet. */
function demoRequest(url: string): string {
  const auth = { command: 'api.authenticate', params: { username: 'ada@north.example', password: 'correct-horse' } };
  const usage = { command: 'usage.api.history', params: { last: '24h', includeSubOrgs: true } };
  return `curl -s ${url}${PATH} -d '${JSON.stringify({ auth, usage })}'`;
}

function register(scope: FastifyInstance, services: Services, values: SettingValues<typeof settings>): void {
  const { access, directory } = services;
  const parts: PacketParts = {
    services,
    authentication: new Authentication(access, directory),
    rate:
      values.rate === 0
        ? null
        : {
            limiter: access.limits.limiter({ name: 'tr50.commands', points: values.rate, windowSeconds: 1 }),
            points: values.rate,
          },
    selfMetering: values.selfMetering,
  };

  // Refusals have a form of their own, so the schemas only describe.
  scope.setValidatorCompiler(() => () => true);
  scope.setErrorHandler(answerError);
  readBodiesWhateverTheirType(scope);
  scope.addHook('onRequest', async (request, reply) => allowOrigin(values.origins, request, reply));
  scope.post(PATH, { schema: routeSchema, bodyLimit: MAX_BODY_BYTES }, async (request, reply) => {
    return sendPieces(reply, await runPacket(parts, arrivalOf(request, reply)));
  });
  refuseOtherMethods(scope, isCorsOn(values.origins));
}

/** The Content-Type is ignored (contract 1), also one that is none. */
function readBodiesWhateverTheirType(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  scope.addHook('onRequest', async (request) => {
    delete request.raw.headers['content-type'];
  });
}

/** Answered before the body is read. */
function refuseOtherMethods(scope: FastifyInstance, corsOn: boolean): void {
  for (const method of METHODS) {
    if (!scope.supportedMethods.includes(method) && method !== 'CONNECT') scope.addHttpMethod(method);
  }
  scope.route({
    method: scope.supportedMethods.filter((method) => method !== 'POST'),
    url: PATH,
    schema: { hide: true },
    exposeHeadRoute: false,
    onRequest: async (request, reply) => {
      if (corsOn && request.method === 'OPTIONS') return sendPreflight(reply);
      const error: WireError = { ...errorOf({ kind: 'malformed_body', reason: '' }), message: 'Send packets by POST.' };
      return refuse(reply.code(405).header('allow', corsOn ? 'POST, OPTIONS' : 'POST'), error);
    },
    handler: async () => undefined,
  });
}

function arrivalOf(request: FastifyRequest, reply: FastifyReply): Parameters<typeof runPacket>[1] {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  const header = request.headers['sessionid'];
  return {
    body: request.body instanceof Uint8Array ? request.body : new Uint8Array(),
    sessionHeader: Array.isArray(header) ? header[0] : header,
    connection: { protocol: request.protocol.toUpperCase(), remoteAddr: request.ip },
    log: request.log as Services['log'],
    signal: gone.signal,
  };
}

/** A failure of a whole request; the status stays 200, which is all that clients look at before the body. */
function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error);
  if (problem === null) request.log.error({ err: error }, 'a packet failed');
  reply.code(problem?.kind === 'body_too_large' ? 413 : 200);
  return refuse(reply, problem === null ? INTERNAL_ERROR : errorOf(problem));
}

function refuse(reply: FastifyReply, error: WireError): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(refusalText([error]));
}
