import type { FastifyInstance, FastifySchema } from 'fastify';
import Type from 'typebox';

/** The release of the listener that `/transactions` answers like. */
const BACKEND_VERSION = '3.4.3';

/** Answers that say no more than that the server is up (contract 5.1). */
export function registerLiveness(api: FastifyInstance): void {
  api.get(
    '/check.txt',
    { exposeHeadRoute: false, schema: described('Is it up? Text', 'text/plain', 'ok') },
    async (_request, reply) => reply.type('text/plain').send('ok'),
  );
  const status = described('Is it up? JSON', 'application/json', {
    status: 'ok',
    version: { backend: BACKEND_VERSION },
  });
  api.get('/status', { exposeHeadRoute: false, schema: status }, async (_request, reply) =>
    reply.type('application/json').send({ status: 'ok', version: { backend: BACKEND_VERSION } }),
  );
  const available = {
    ...described('Is it up? Only the status', '', ''),
    response: { 200: { description: 'It is.', type: 'null' } },
  };
  api.head('/available', { schema: available }, async (_request, reply) => reply.code(200).send());
}

function described(summary: string, type: string, example: unknown): FastifySchema {
  const answer = { description: 'It is.', content: { [type]: { schema: Type.Unknown(), example } } };
  return { summary, tags: ['Service Management API'], response: { 200: answer } };
}
