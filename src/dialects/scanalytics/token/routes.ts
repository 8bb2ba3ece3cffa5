import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ACCESS_TOKEN_MS } from '../../../access/oauth/tokens.ts';
import { problemOf } from '../../../http/request-problem.ts';
import { storeProblem } from '../../../queries/store-problem.ts';
import { Form, isForm } from '../form.ts';
import { revokeSchema, tokenSchema } from '../schema.ts';
import { identifyClient } from './client-credentials.ts';
import { grantToken, type GrantParts } from './grants.ts';
import { oauthError, oauthErrorOf, SERVER_ERROR, type OauthError } from './oauth-error.ts';

/** Far more than any form with a password and a token. */
const MAX_BODY_BYTES = 64 * 1024;

/** `POST /o/token/` and `POST /o/revoke_token/` (contract 3), outside the rate limits of the rest. */
export function registerTokenEndpoints(scope: FastifyInstance, parts: GrantParts): void {
  void scope.register(async (endpoints) => {
    endpoints.setValidatorCompiler(() => () => true);
    endpoints.removeAllContentTypeParsers();
    endpoints.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    endpoints.addHook('onRequest', async (_request, reply) => {
      reply.header('cache-control', 'no-store').header('pragma', 'no-cache');
    });
    endpoints.setErrorHandler((error, request, reply) => {
      const problem = problemOf(error) ?? storeProblem(error);
      if (problem !== null) return sendError(reply, oauthErrorOf(problem));
      request.log.error({ err: error }, 'a token request failed');
      return sendError(reply, SERVER_ERROR);
    });
    both(endpoints, '/o/token/', tokenSchema, (request, reply) => answerToken(parts, request, reply));
    both(endpoints, '/o/revoke_token/', revokeSchema, (request, reply) => answerRevocation(parts, request, reply));
  });
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** With and without the slash: a redirected POST would lose its body. */
function both(scope: FastifyInstance, url: string, schema: object, handler: Handler): void {
  for (const path of [url, url.slice(0, -1)]) {
    const shown = path === url ? schema : { hide: true };
    scope.post(path, { schema: shown, bodyLimit: MAX_BODY_BYTES }, handler);
    scope.route({
      method: scope.supportedMethods.filter((method) => method !== 'POST'),
      url: path,
      schema: { hide: true },
      exposeHeadRoute: false,
      handler: async (_request, reply) =>
        sendError(reply.header('allow', 'POST'), { ...oauthError('invalid_request', 'Use POST.'), status: 405 }),
    });
  }
}

async function answerToken(parts: GrantParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const form = formOf(request);
  if (form === null) return sendError(reply, NO_FORM);
  const { authorization } = request.headers;
  const granted = await grantToken(parts, { form, authorization, address: request.ip });
  if (!granted.ok) return sendError(reply, granted.problem);
  const { accessToken, refreshToken, scope } = granted.value;
  return reply.type('application/json').send({
    access_token: accessToken,
    expires_in: ACCESS_TOKEN_MS / 1000,
    token_type: 'Bearer',
    scope: scope.join(' '),
    refresh_token: refreshToken,
  });
}

/** RFC 7009: what is not a token of the client is as good as revoked. */
async function answerRevocation(
  { clients, tokens }: GrantParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const form = formOf(request);
  if (form === null) return sendError(reply, NO_FORM);
  if (form.repeated() !== null) return sendError(reply, oauthError('invalid_request', 'A parameter was sent twice.'));
  const client = await identifyClient(clients, form, request.headers.authorization);
  if (!client.ok) return sendError(reply, client.problem);
  const token = form.get('token');
  if (token === null) return sendError(reply, oauthError('invalid_request', 'The parameter token is missing.'));
  await tokens.revoke(token, client.value);
  return reply.send();
}

const NO_FORM = oauthError('invalid_request', 'The body has to be a form, application/x-www-form-urlencoded.');

function formOf({ body, headers }: FastifyRequest): Form | null {
  if (!isForm(headers['content-type'])) return null;
  return new Form(typeof body === 'string' ? body : '');
}

function sendError(reply: FastifyReply, { status, error, description }: OauthError): FastifyReply {
  if (status === 401) reply.header('www-authenticate', 'Basic realm="oauth"');
  return reply.code(status).type('application/json').send({ error, error_description: description });
}
