import fastify, { LogController, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { drainOnClose } from './drain.ts';
import type { HttpMetrics } from './metrics.ts';
import { requestIds } from './request-id.ts';
import { RequestLog } from './request-log.ts';
import { readTls, type TlsFiles } from './startup.ts';
import { compileLazily } from './validation.ts';

export interface ServerOptions {
  readonly log: Logger;
  readonly metrics: HttpMetrics;
  readonly tls: TlsFiles | null;
  readonly trustProxy: boolean;
  /** Bodies above it are refused unless a scope sets its own limit. */
  readonly bodyLimitBytes: number;
}

/** A request that has not arrived whole after this long is ended: slow senders must not hold connections for ever. */
const REQUEST_TIMEOUT_MS = 120_000;
const KEEP_ALIVE_MS = 72_000;
const REQUEST_ID = /^[A-Za-z0-9._:-]{1,100}$/;

/**
 * The plumbing all dialects share: connections, request ids, access log, metrics, schemas compiled at first use.
 * It knows no dialect; each brings its own scope with body parsers, error form and not-found answer.
 */
export function createServer(options: ServerOptions): FastifyInstance {
  const { log, metrics, tls } = options;
  const ownId = requestIds();
  // Fastify's type depends on whether https is given; the handlers do not care.
  const server = fastify({
    ...(tls === null ? {} : { https: readTls(tls) }),
    loggerInstance: log,
    childLoggerFactory: (parent, bindings) => new RequestLog(parent, bindings),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: options.bodyLimitBytes,
    trustProxy: options.trustProxy,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    genReqId: (request) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : ownId();
    },
    routerOptions: { maxParamLength: 1024 },
    rewriteUrl: ({ url = '/' }) => routable(url),
    // As factories, because a scope that adds schemas of its own asks for compilers anew. Response schemas serve the
    // documentation; building a serializer for each route costs a second at start.
    schemaController: {
      compilersFactory: {
        // Typed for Ajv, which we do not use.
        buildValidator: (() => compileLazily) as never,
        buildSerializer: () => () => (data) => JSON.stringify(data),
      },
    },
  }) as unknown as FastifyInstance;

  drainOnClose(server);
  // Hooks that call back: a promise each would be a good part of what a small request costs.
  server.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
  const debugging = log.isLevelEnabled('debug');
  server.addHook('onResponse', (request, reply, done) => {
    metrics.answered(request, reply);
    if (debugging || reply.statusCode >= 500) logAnswer(request, reply);
    done();
  });
  return server;
}

/**
 * The router answers an undecodable path itself, in a form that is no dialect's. With its escapes taken for plain text
 * the path reaches the dialect, which finds it as it was sent in `originalUrl`.
 */
function routable(url: string): string {
  if (!url.includes('%')) return url;
  const end = url.indexOf('?');
  const path = end === -1 ? url : url.slice(0, end);
  try {
    decodeURIComponent(path);
    return url;
  } catch {
    return `${path.replaceAll('%', '%25')}${url.slice(path.length)}`;
  }
}

/** One line an answer. The URL's query stays out: several dialects carry credentials in it. */
function logAnswer(request: FastifyRequest, reply: FastifyReply): void {
  const level = reply.statusCode >= 500 ? 'error' : 'debug';
  request.log[level](
    {
      method: request.method,
      route: request.routeOptions.url ?? 'unknown',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    },
    'answered',
  );
}
