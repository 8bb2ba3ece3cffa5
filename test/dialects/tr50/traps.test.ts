import { expect, test } from 'vitest';
import type { TestServer } from '../../support/server.ts';
import { Client, send, type CommandReply } from './support/client.ts';
import { serving } from './support/serving.ts';

let server: TestServer;
let client: Client;
let ada: string;

serving({ clock: '2024-11-04T12:00:00Z' }, async (started) => {
  ({ server, client } = started);
  ada = await client.login('ada@north.example', 'correct-horse');
  await client.count('th_north', [
    { time: '2024-11-03T05:30:00Z', service: 'thing', count: 1 },
    { time: '2024-11-03T09:30:00Z', service: 'usage', count: 2 },
  ]);
  await client.count('th_north_lab', [{ time: '2024-11-03T05:30:00Z', service: 'thing', count: 40 }]);
});

const NIGHT = { start: '2024-11-03T04:00:00Z', end: '2024-11-03T10:00:00Z' };

test('9.1: a client that sends its packet as a form, as most do, is answered', async () => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const { text } = await send(server.url, {
    headers,
    body: `{"auth":{"sessionId":"${ada}"},"cmd":{"command":"diag.ping"}}`,
  });
  expect(text).toBe('{"cmd":{"success":true}}');
});

test('9.2: every failure of the protocol has status 200', async () => {
  const bodies = [
    'x',
    '{}',
    '{"auth":{"sessionId":"7d0f"}}',
    '{"auth":{"command":"api.authenticate","params":{}}}',
    `{"auth":{"sessionId":"${ada}"},"a":{"command":"no.such"}}`,
    `{"auth":{"sessionId":"${ada}"},"a":{"command":"usage.api.history","params":{"showAll":true}}}`,
    `{"auth":{"sessionId":"${ada}"},"a":7}`,
  ];
  for (const body of bodies) expect((await send(server.url, { body })).status).toBe(200);
});

test('9.3: one failing command leaves no success at top level', async () => {
  const reply = await client.packet({
    auth: { sessionId: ada },
    a: { command: 'no.such' },
    b: { command: 'diag.ping' },
  });
  expect(Object.keys(reply as object)).toEqual(['a', 'b']);
});

test('9.4: a failed login is at top level, not under auth', async () => {
  const params = { username: 'ada@north.example', password: 'wrong' };
  const reply = await client.packet({ auth: { command: 'api.authenticate', params } });
  expect(Object.keys(reply as object)).toEqual(['success', 'errorCodes', 'errorMessages']);
});

test('9.5: the id __proto__ is not lost', async () => {
  const body = `{"auth":{"sessionId":"${ada}"},"__proto__":{"command":"diag.ping"}}`;
  expect((await send(server.url, { body })).text).toBe('{"__proto__":{"success":true}}');
});

test('9.6: labels have the offset in force, neither Z nor the caller’s nor one for all', async () => {
  const { params } = await client.call(ada, 'usage.api.history', NIGHT);
  expect(params?.['ts']).toEqual([
    '2024-11-03T00:00:00-04:00',
    '2024-11-03T01:00:00-04:00',
    '2024-11-03T01:00:00-05:00',
    '2024-11-03T02:00:00-05:00',
    '2024-11-03T03:00:00-05:00',
    '2024-11-03T04:00:00-05:00',
  ]);
});

test('9.7: empty hours are there, and all arrays have the length of ts', async () => {
  const { params } = await client.call(ada, 'usage.api.history', NIGHT);
  expect(params?.['counters']).toEqual({ thing: [0, 1, 0, 0, 0, 0], usage: [0, 0, 0, 0, 0, 2] });
});

test('9.8: sub-organizations are counted when asked for, and then once', async () => {
  const total = ({ params }: CommandReply) => params?.['total'];
  // Ada owns NORTH and is a viewer of NORTH_LAB besides.
  expect(total(await client.call(ada, 'usage.api.history', NIGHT))).toBe(3);
  expect(total(await client.call(ada, 'usage.api.history', { ...NIGHT, includeSubOrgs: true }))).toBe(43);
});
