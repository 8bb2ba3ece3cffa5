import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';

export interface HealthParts {
  readonly registry: Registry;
  /** Each store by name; the function rejects when the store cannot be used. */
  readonly stores: Readonly<Record<string, () => Promise<void>>>;
}

/** `/healthz` (process up), `/readyz` (both stores usable), `/metrics` (Prometheus). Open to all, without secrets. */
export function registerHealth(server: FastifyInstance, { registry, stores }: HealthParts): void {
  server.get('/healthz', async () => ({ status: 'ok' }));

  server.get('/readyz', async (request, reply) => {
    const checks = await Promise.all(
      Object.entries(stores).map(async ([name, check]) => {
        try {
          await check();
          return [name, 'ok'] as const;
        } catch (error) {
          request.log.warn({ err: error, store: name }, 'store is not ready');
          return [name, 'unavailable'] as const;
        }
      }),
    );
    const ready = checks.every(([, state]) => state === 'ok');
    return reply
      .code(ready ? 200 : 503)
      .send({ status: ready ? 'ready' : 'not ready', stores: Object.fromEntries(checks) });
  });

  server.get('/metrics', async (_request, reply) => {
    return reply.header('content-type', registry.contentType).send(await registry.metrics());
  });
}
