import type { IncomingMessage, ServerResponse } from 'node:http';
import { createCapture } from './capture.ts';
import type { CaptureOptions } from './options.ts';

/** Of a Fastify instance, what is used here; versions 4 and 5 have it. */
export interface FastifyHooks {
  addHook(name: string, hook: (...given: never[]) => unknown): unknown;
  decorate(name: string, value: unknown): unknown;
}

interface Watched {
  readonly raw: IncomingMessage;
}

interface Reply {
  readonly raw: ServerResponse;
}

/**
 * A Fastify plugin: `app.register(fastifyCapture, { service: 'shop' })` captures every request of the application, those
 * that find no route included, and sends what waits when it closes. `app.tallyhouseCapture` has its counts.
 */
export function fastifyCapture(app: FastifyHooks, options: CaptureOptions, done: (error?: Error) => void): void {
  const capture = createCapture(options);
  app.decorate('tallyhouseCapture', capture);
  app.addHook('onRequest', (request: Watched, reply: Reply, next: () => void): void => {
    capture.watch(request.raw, reply.raw, request);
    next();
  });
  app.addHook('onClose', async (): Promise<void> => capture.close());
  done();
}

// Fastify's marks of a plugin that works on the whole application instead of a scope of its own.
Object.assign(fastifyCapture, {
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: 'tallyhouse-capture',
});
