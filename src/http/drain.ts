import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import type { FastifyInstance } from 'fastify';

/**
 * Answers that take longer, exports most of all, are cut off so that a stop comes to its end. Container engines kill ten
 * seconds after they asked, and what is acknowledged has to be moved and both stores closed before.
 */
const LONGEST_MS = 6_000;

/** How often it is looked for connections whose answer has ended meanwhile. */
const LOOK_MS = 50;

/**
 * Lets a stop end: connections without a request are closed at once, the others with their answer.
 *
 * Node closes those that are idle and had a request before, and only once, so the spare connections that browsers and
 * pools open ahead would hold up a stop for a minute, and so would those whose answer began before the stop and said
 * `keep-alive`.
 */
export function drainOnClose(server: FastifyInstance): void {
  const untouched = new Set<Socket>();
  let closing = false;

  // Over TLS requests come on sockets of their own, made from those of the connections.
  server.server.on(server.server instanceof TlsServer ? 'secureConnection' : 'connection', (socket: Socket) => {
    if (closing) return void socket.destroy();
    untouched.add(socket);
    socket.once('close', () => untouched.delete(socket));
  });
  server.server.on('request', ({ socket }) => {
    untouched.delete(socket);
  });

  server.addHook('preClose', async () => {
    closing = true;
    for (const socket of untouched) socket.destroySoon();
    const looking = setInterval(() => server.server.closeIdleConnections(), LOOK_MS);
    server.server.once('close', () => clearInterval(looking));
    setTimeout(() => server.server.closeAllConnections(), LONGEST_MS).unref();
  });
}
