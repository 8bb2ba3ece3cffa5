import type { FastifyInstance } from 'fastify';

/** The release of the listener that `/transactions` answers like. */
const BACKEND_VERSION = '3.4.3';

/** Answers that say no more than that the server is up (contract 5.1). */
export function registerLiveness(api: FastifyInstance): void {
  api.get('/check.txt', { exposeHeadRoute: false }, async (_request, reply) => reply.type('text/plain').send('ok'));
  api.get('/status', { exposeHeadRoute: false }, async (_request, reply) =>
    reply.type('application/json').send({ status: 'ok', version: { backend: BACKEND_VERSION } }),
  );
  api.head('/available', async (_request, reply) => reply.code(200).send());
}
