import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import type { FastifyInstance } from 'fastify';

/**
 * Answers that take longer, exports most of all, are cut off so that a stop comes to its end. Container engines kill ten
 * seconds after they asked, and what is acknowledged has to be moved and both stores closed before.
 */
const LONGEST_MS = 6_000;

/**
 * Lets a stop end: connections without a request are closed at once, the others with their answer.
 *
 * Node closes only those that had a request before, so the spare connections that browsers and pools open ahead would
 * hold up a stop for a minute, and so would those whose answer began before the stop and said `keep-alive`.
 */
export function drainOnClose(server: FastifyInstance): void {
  const requests = new Map<Socket, number>();
  let closing = false;

  // Over TLS requests come on sockets of their own, made from those of the connections.
  server.server.on(server.server instanceof TlsServer ? 'secureConnection' : 'connection', (socket: Socket) => {
    if (closing) return void socket.destroy();
    requests.set(socket, 0);
    socket.once('close', () => requests.delete(socket));
  });
  server.server.on('request', ({ socket }, response) => {
    const running = requests.get(socket);
    if (running === undefined) return;
    requests.set(socket, running + 1);
    response.once('close', () => {
      const left = (requests.get(socket) ?? 1) - 1;
      if (requests.has(socket)) requests.set(socket, left);
      if (closing && left === 0) socket.destroySoon();
    });
  });

  server.addHook('preClose', async () => {
    closing = true;
    for (const [socket, running] of requests) if (running === 0) socket.destroySoon();
    setTimeout(() => server.server.closeAllConnections(), LONGEST_MS).unref();
  });
}
