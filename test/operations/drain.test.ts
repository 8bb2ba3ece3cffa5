import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { apply, installation, KEY, Load, marksOf, serve, storedMarks } from './support/world.ts';

const LIMIT_MS = 10_000;

/** A connection by hand, to send requests in pieces. */
async function connection(
  url: string,
): Promise<{ write(text: string): void; received(): string; closed: Promise<unknown> }> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  let received = '';
  socket.on('data', (piece: Buffer) => (received += piece.toString()));
  socket.on('error', () => {});
  return { write: (text) => void socket.write(text), received: () => received, closed: once(socket, 'close') };
}

function post(body: string): string {
  const headers = [`authorization: Bearer ${KEY}`, 'content-type: application/json', `content-length: ${body.length}`];
  return `POST /api/v1/facts/requests HTTP/1.1\r\nhost: x\r\n${headers.join('\r\n')}\r\n\r\n`;
}

const ROW = JSON.stringify([{ time: '2026-03-01T10:00:00Z', service: 'cdn', user: 'in two pieces' }]);

describe('SIGTERM', () => {
  test('under load ends the server with 0 and loses no acknowledged write', async () => {
    const place = installation();
    await apply(place);
    const server = await serve(place);
    const load = new Load(server.url, { clients: 12, prefix: 's' });
    const listener = await fetch(`${server.url}/api/v1/live`, { headers: { authorization: `Bearer ${KEY}` } });
    expect(listener.status).toBe(200);
    await sleep(2000);

    const began = performance.now();
    const code = await server.stop();
    const took = performance.now() - began;
    await load.stop();
    // The listener's stream came to its end, and not to an error.
    expect(await listener.text()).toContain('event: counts');
    expect(code).toBe(0);
    expect(took).toBeLessThan(LIMIT_MS);

    const again = await serve(place);
    const stored = await storedMarks(again.url);
    const acknowledged = marksOf(load.acknowledged);
    expect(acknowledged.length).toBeGreaterThan(500);
    expect(acknowledged.filter((mark) => stored.get(mark) !== 1)).toEqual([]);
    const sent = new Set([...acknowledged, ...marksOf(load.unanswered)]);
    expect([...stored].filter(([mark, times]) => times > 1 || !sent.has(mark))).toEqual([]);
  }, 60_000);

  test('lets a request that has begun finish, and stores it', async () => {
    const place = installation();
    await apply(place);
    const server = await serve(place);
    const client = await connection(server.url);
    client.write(`${post(ROW)}${ROW.slice(0, 20)}`);
    await sleep(200);
    const stopped = server.stop();
    await sleep(500);
    client.write(ROW.slice(20));
    await client.closed;
    expect(client.received()).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(client.received()).toContain('{"accepted":1,"duplicate":0,"rejected":[]}');
    expect(await stopped).toBe(0);
    const again = await serve(place);
    expect(await storedMarks(again.url)).toEqual(new Map([['in two pieces', 1]]));
  }, 60_000);

  test('is not held up by clients that wait, stall in a request, or never began one', async () => {
    const place = installation();
    await apply(place);
    const server = await serve(place);
    const silent = await connection(server.url);
    const headless = await connection(server.url);
    headless.write('POST /api HTTP/1.1\r\nhost');
    const stalled = await connection(server.url);
    stalled.write(`${post(ROW)}${ROW.slice(0, 20)}`);
    const idle = await connection(server.url);
    idle.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
    const listeners = await Promise.all(
      Array.from({ length: 20 }, () =>
        fetch(`${server.url}/api/v1/live`, { headers: { authorization: `Bearer ${KEY}` } }),
      ),
    );
    await sleep(300);
    const began = performance.now();
    expect(await server.stop()).toBe(0);
    expect(performance.now() - began).toBeLessThan(LIMIT_MS);
    await Promise.all([silent.closed, headless.closed, stalled.closed, idle.closed]);
    for (const listener of listeners) expect(await listener.text()).toContain('event: counts');
  }, 60_000);

  test('a second time ends it at once', async () => {
    const place = installation();
    await apply(place);
    const server = await serve(place);
    const stalled = await connection(server.url);
    stalled.write(`${post(ROW)}${ROW.slice(0, 20)}`);
    await sleep(200);
    process.kill(server.pid, 'SIGTERM');
    await sleep(300);
    const began = performance.now();
    expect(await server.stop()).toBe(1);
    expect(performance.now() - began).toBeLessThan(2000);
  }, 60_000);
});
