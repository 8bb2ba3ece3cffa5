import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { onTestFinished } from 'vitest';

/** Starts an HTTP server on a free port for the running test. */
export async function listen(handler: Parameters<typeof createServer>[1]): Promise<{ url: string; server: Server }> {
  const server = createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

/** An Express application that answers in the ways applications do. */
export function shop(middleware: express.RequestHandler): express.Express {
  const app = express();
  app.set('trust proxy', true);
  app.use(middleware);
  app.get('/items/:id', (request, response) => {
    response.set('X-Cache', 'Hit from cloudfront').json({ id: request.params['id'] });
  });
  app.get('/stream', (_request, response) => {
    response.write('grüße ');
    response.write(Buffer.from([1, 2, 3]));
    response.end('6162', 'hex');
  });
  app.get('/broken', () => {
    throw new Error('on purpose');
  });
  app.get('/slow', (_request, response) => {
    setTimeout(() => response.end('late'), 60_000).unref();
  });
  app.post('/items', (_request, response) => void response.status(201).end());
  app.get('/empty', (_request, response) => void response.status(204).end());
  return app;
}

export async function get(url: string, init: RequestInit = {}): Promise<number> {
  const response = await fetch(url, init);
  await response.arrayBuffer();
  return response.status;
}
