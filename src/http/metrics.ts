import type { FastifyReply, FastifyRequest } from 'fastify';
import { Histogram, type Registry } from 'prom-client';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Name of the dialect a route belongs to; set on the dialect's scope. */
    dialect?: string;
  }
}

/** Counts and times of answers by dialect, route pattern (never the path itself) and class of status. */
export class HttpMetrics {
  readonly #seconds: Histogram<'dialect' | 'route' | 'method' | 'status'>;

  constructor(registry: Registry) {
    this.#seconds = new Histogram({
      name: 'tallyhouse_http_request_duration_seconds',
      help: 'Time from the first byte of a request to the last byte of its answer.',
      labelNames: ['dialect', 'route', 'method', 'status'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers: [registry],
    });
  }

  answered(request: FastifyRequest, reply: FastifyReply): void {
    const { url, config } = request.routeOptions;
    this.#seconds.observe(
      {
        dialect: config.dialect ?? 'none',
        route: url ?? 'unknown',
        method: request.method,
        status: `${Math.floor(reply.statusCode / 100)}xx`,
      },
      reply.elapsedTime / 1000,
    );
  }
}
