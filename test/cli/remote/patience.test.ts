import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PatientSender, type SentRequest } from '../../../src/cli/remote/patience.ts';
import { CliError } from '../../../src/cli/command.ts';

type Act = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that does one act of a script for each request. */
let script: Act[];
let server: Server;
let url: string;
let waits: { reason: string; ms: number }[];

const answer =
  (status: number, headers: Record<string, string> = {}, body = '{"detail":"Busy."}'): Act =>
  (_request, response) =>
    void response.writeHead(status, headers).end(body);
const hangUp: Act = (request) => void request.socket.destroy();
const halfAnAnswer: Act = (request, response) => {
  response.writeHead(200, { 'content-length': '1000' }).write('half');
  setTimeout(() => request.socket.destroy(), 50);
};

beforeEach(async () => {
  script = [];
  waits = [];
  server = createServer((request, response) => {
    request.resume().on('end', () => (script.shift() ?? answer(500, {}, 'the script is over'))(request, response));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function sender(giveUpMs = 10_000, signal = new AbortController().signal): PatientSender {
  return new PatientSender(
    { url, key: 'k' },
    { giveUpMs, signal, onWait: (reason, ms) => void waits.push({ reason, ms }) },
  );
}

async function send(through: PatientSender): Promise<Pick<SentRequest, 'text' | 'uncertain'>> {
  const { text, uncertain } = await through.send({ method: 'POST', path: '/', body: 'x' });
  return { text, uncertain };
}

describe('a request that may be sent twice', () => {
  test('is answered at once when the server is there', async () => {
    script = [answer(200, {}, 'done')];
    expect(await send(sender())).toEqual({ text: 'done', uncertain: false });
    expect(waits).toEqual([]);
  });

  test('is sent again as late as the server asks', async () => {
    script = [answer(429, { 'retry-after': '1' }), answer(503), answer(200, {}, 'done')];
    expect(await send(sender())).toEqual({ text: 'done', uncertain: false });
    expect(waits[0]).toEqual({ reason: `${url} cannot take this now: Busy.`, ms: 1_000 });
    expect(waits[1]?.ms).toBeGreaterThanOrEqual(250);
    expect(waits[1]?.ms).toBeLessThanOrEqual(500);
  });

  test('is sent again when an answer was lost, and the caller learns that it may have been carried out', async () => {
    const through = sender();
    script = [answer(200, {}, 'first'), hangUp, halfAnAnswer, answer(502, {}, 'bad gateway'), answer(200, {}, 'done')];
    expect(await send(through)).toEqual({ text: 'first', uncertain: false });
    expect(await send(through)).toEqual({ text: 'done', uncertain: true });
    expect(waits.map(({ reason }) => reason)).toEqual([
      `no answer from ${url}: the connection broke`,
      `the answer of ${url} stopped half-way`,
      `${url} answers 502 and is perhaps no Tallyhouse: check --url`,
    ]);
  });

  test('fails when the time for waiting is used up', async () => {
    script = [answer(503), answer(503), answer(503), answer(503)];
    await expect(send(sender(900))).rejects.toThrow(new CliError(`${url} cannot take this now: Busy.`));
    expect(waits.length).toBeGreaterThanOrEqual(1);
    expect(waits.reduce((sum, { ms }) => sum + ms, 0)).toBeLessThanOrEqual(900);
  });

  test('fails at once when nobody ever answered', async () => {
    script = [hangUp];
    await expect(send(sender())).rejects.toThrow(`no answer from ${url}: the connection broke`);
    script = [answer(502, {}, 'bad gateway')];
    await expect(send(sender())).rejects.toThrow(`${url} answers 502`);
    expect(waits).toEqual([]);
  });

  test('is not sent again after an interruption', async () => {
    const controller = new AbortController();
    script = [answer(503, { 'retry-after': '30' })];
    setTimeout(() => controller.abort(new CliError('interrupted')), 200);
    await expect(send(sender(60_000, controller.signal))).rejects.toThrow('interrupted');
  });
});
