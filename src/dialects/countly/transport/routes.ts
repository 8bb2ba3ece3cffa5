import { METHODS } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { problemOf } from '../../../http/request-problem.ts';
import { storeProblem } from '../../../queries/store-problem.ts';
import { INTERNAL } from '../problems.ts';
import { message, problemAnswer, refusal, type Answer } from './answer.ts';
import { readBody } from './body.ts';
import type { Call, Endpoint } from './call.ts';
import { clientAddress } from './client-address.ts';
import { callbackOf, wrapInCall, type Callback } from './jsonp.ts';
import { parseForm, union, type Parameters } from './parameters.ts';

export interface TransportSettings {
  readonly bodyBytes: number;
  /** Path in front of every endpoint, `/stats`; '' for none. */
  readonly prefix: string;
}

const HEADERS = { 'access-control-allow-origin': '*', 'x-countly': 'api', 'cache-control': 'no-store' };
const JSON_HEADERS = { ...HEADERS, 'content-type': 'application/json; charset=utf-8' };
const SCRIPT_HEADERS = { ...HEADERS, 'content-type': 'application/javascript; charset=utf-8' };
const TEXT_HEADERS = { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' };
const PREFLIGHT = {
  'access-control-allow-methods': 'POST, GET, OPTIONS',
  'access-control-allow-headers': 'countly-token, Content-Type',
};
const BAD_CALLBACK = message('Invalid parameter "callback"', 400);
const SERVED = ['GET', 'POST'];
const EMPTY = Buffer.alloc(0);

/**
 * Mounts the endpoints (contract 1): with and without a slash at the end, `GET` and `POST` alike, answers and refusals
 * in the dialect's envelope, as JSONP where the caller asks for it. With a prefix they answer under both.
 */
export function registerEndpoints(
  scope: FastifyInstance,
  settings: TransportSettings,
  endpoints: readonly Endpoint[],
): void {
  // Refusals have a form and an order of their own, so the schemas only describe.
  scope.setValidatorCompiler(() => () => true);
  scope.setErrorHandler((error, request, reply) => {
    const callback = callbackOf(parseForm(queryOf(request)).get('callback'));
    return send(reply, failure(error, request), callback);
  });
  readBodiesWhateverTheirType(scope);
  for (const method of METHODS) {
    if (!scope.supportedMethods.includes(method) && method !== 'CONNECT') scope.addHttpMethod(method);
  }
  const prefixes = settings.prefix === '' ? [''] : [settings.prefix, ''];
  for (const prefix of prefixes) {
    for (const endpoint of endpoints) {
      const path = `${prefix}${endpoint.path}`;
      const isShown = prefix === prefixes[0];
      registerEndpoint(scope, settings, path, endpoint, isShown);
      if (!path.endsWith('/*')) registerEndpoint(scope, settings, `${path}/`, endpoint, false);
    }
  }
}

function registerEndpoint(
  scope: FastifyInstance,
  { bodyBytes }: TransportSettings,
  url: string,
  endpoint: Endpoint,
  isShown: boolean,
): void {
  const schema = isShown && endpoint.schema !== undefined ? endpoint.schema : { hide: true };
  scope.route({
    method: SERVED,
    url,
    schema,
    exposeHeadRoute: false,
    bodyLimit: bodyBytes,
    handler: (request, reply) => answer(endpoint, request, reply),
  });
  scope.route({
    method: scope.supportedMethods.filter((method) => !SERVED.includes(method)),
    url,
    schema: { hide: true },
    exposeHeadRoute: false,
    // Before the body is read.
    onRequest: async (request, reply) => {
      if (request.method === 'OPTIONS') return reply.headers({ ...HEADERS, ...PREFLIGHT }).send();
      const callback = callbackOf(parseForm(queryOf(request)).get('callback'));
      return send(reply.header('allow', 'GET, POST, OPTIONS'), message('Method not allowed', 405), callback);
    },
    handler: async () => undefined,
  });
}

/** The type of a body is understood here and not by the framework, which refuses what it does not know. */
function readBodiesWhateverTheirType(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  scope.addHook('onRequest', (request, _reply, done) => {
    // Not deleted: that would make all the headers slower to read.
    request.raw.headers['content-type'] = undefined;
    done();
  });
}

async function answer(endpoint: Endpoint, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const query = queryOf(request);
  const body = await readBody(Buffer.isBuffer(request.body) ? request.body : EMPTY, contentTypeOf(request));
  const parameters = union(parseForm(query), body.parameters);
  const callback = callbackOf(parameters.get('callback'));
  if (callback.kind === 'bad') return send(reply, BAD_CALLBACK, callback);
  const call = new RequestCall(request, reply, parameters, { query, body: body.signed });
  return send(reply, await answerOf(endpoint, call, request), callback);
}

async function answerOf(endpoint: Endpoint, call: Call, request: FastifyRequest): Promise<Answer> {
  try {
    return await endpoint.run(call);
  } catch (error) {
    return failure(error, request);
  }
}

function failure(error: unknown, request: FastifyRequest): Answer {
  const problem = problemOf(error) ?? storeProblem(error);
  if (problem !== null) return problemAnswer(problem);
  request.log.error({ err: error }, 'a request failed');
  return refusal(INTERNAL);
}

/** Works out what most writes never ask for, and there are many of them, when it is asked for first. */
class RequestCall implements Call {
  readonly parameters: Parameters;
  readonly signed: Call['signed'];
  readonly peer: string;
  readonly #request: FastifyRequest;
  readonly #reply: FastifyReply;
  readonly #socketAddress: string;
  #address: string | undefined;
  #gone: AbortController | undefined;

  constructor(request: FastifyRequest, reply: FastifyReply, parameters: Parameters, signed: Call['signed']) {
    this.parameters = parameters;
    this.signed = signed;
    this.#request = request;
    this.#reply = reply;
    // A socket that is gone has no address any more.
    this.peer = request.ip;
    this.#socketAddress = request.raw.socket.remoteAddress ?? '';
  }

  get headers(): Call['headers'] {
    return this.#request.headers;
  }

  get address(): string {
    return (this.#address ??= clientAddress(this.#request.headers, this.#socketAddress));
  }

  get signal(): AbortSignal {
    if (this.#gone === undefined) {
      const made = new AbortController();
      this.#reply.raw.once('close', () => made.abort());
      this.#gone = made;
    }
    return this.#gone.signal;
  }

  get log(): Call['log'] {
    return this.#request.log as Call['log'];
  }
}

function send(reply: FastifyReply, { status = 200, body, headers, plain }: Answer, callback: Callback): FastifyReply {
  reply.code(status);
  if (plain === true) return withHeaders(reply, TEXT_HEADERS, headers).send(body);
  const json = JSON.stringify(body);
  return callback.kind === 'name'
    ? withHeaders(reply, SCRIPT_HEADERS, headers).send(wrapInCall(callback.name, json))
    : withHeaders(reply, JSON_HEADERS, headers).send(json);
}

function withHeaders(reply: FastifyReply, all: Readonly<Record<string, string>>, own: Answer['headers']): FastifyReply {
  reply.headers(all);
  return own === undefined ? reply : reply.headers(own);
}

/** The query as it travelled. */
function queryOf(request: FastifyRequest): string {
  const { url = '' } = request.raw;
  const at = url.indexOf('?');
  return at === -1 ? '' : url.slice(at + 1);
}

/** From the headers as they travelled: the parsed ones no longer have it. */
function contentTypeOf(request: FastifyRequest): string {
  const { rawHeaders } = request.raw;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === 'content-type') return rawHeaders[index + 1] ?? '';
  }
  return '';
}
