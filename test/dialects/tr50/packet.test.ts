import { expect, test } from 'vitest';
import type { TestServer } from '../../support/server.ts';
import { Client, send } from './support/client.ts';
import { serving } from './support/serving.ts';

let server: TestServer;
let client: Client;
let sessionId: string;

serving({}, async (started) => {
  ({ server, client } = started);
  sessionId = await client.login('ada@north.example', 'correct-horse');
});

/** The reply's own text to a packet of the session with these commands. */
async function replyTo(commands: string): Promise<string> {
  const { text } = await send(server.url, { body: `{"auth":{"sessionId":"${sessionId}"},${commands}}` });
  return text;
}

test('2.1: ids come back byte for byte, whatever they are', async () => {
  const ids = ['', ' ', 'a.b.c', 'Größe 😀', 'back\\slash "quote"', '__proto__', 'constructor', 'toString', 'valueOf'];
  const commands = ids.map((id) => `${JSON.stringify(id)}:{"command":"diag.ping"}`).join(',');
  const expected = ids.map((id) => `${JSON.stringify(id)}:{"success":true}`).join(',');
  expect(await replyTo(commands)).toBe(`{${expected}}`);
});

test('2.1: number-like ids come back as they were and in ascending order, before the others', async () => {
  const commands =
    '"b":{"command":"diag.ping"},"10":{"command":"diag.ping"},"9":{"command":"diag.ping"},"007":{"command":"diag.ping"}';
  expect(await replyTo(commands)).toBe(
    '{"9":{"success":true},"10":{"success":true},"b":{"success":true},"007":{"success":true}}',
  );
});

test('2.1: of duplicate ids the last one wins', async () => {
  expect(await replyTo('"a":{"command":"no.such"},"a":{"command":"diag.ping"}')).toBe('{"a":{"success":true}}');
});

test('2.1: of duplicate ids __proto__ the last one wins, too', async () => {
  expect(await replyTo('"__proto__":{"command":"no.such"},"__proto__":{"command":"diag.ping"}')).toBe(
    '{"__proto__":{"success":true}}',
  );
});

test('2.1: an id of 100,000 characters comes back whole', async () => {
  const id = 'x'.repeat(100_000);
  expect(await replyTo(`"${id}":{"command":"diag.ping"}`)).toBe(`{"${id}":{"success":true}}`);
});

test('2.1: params of null count as omitted', async () => {
  expect(await replyTo('"a":{"command":"diag.ping","params":null},"b":{"command":"diag.ping","params":{}}')).toBe(
    '{"a":{"success":true},"b":{"success":true}}',
  );
});

test('2.1: commands run one after the other, so that a switch affects those behind it', async () => {
  const packet = {
    auth: { sessionId: await client.login('ada@north.example', 'correct-horse') },
    before: { command: 'session.info' },
    switch: { command: 'session.org.switch', params: { key: 'NORTH_LAB' } },
    after: { command: 'session.info' },
  };
  expect(await client.packet(packet)).toMatchObject({
    before: { success: true, params: { orgKey: 'NORTH' } },
    switch: { success: true },
    after: { success: true, params: { orgKey: 'NORTH_LAB' } },
  });
});

test('2.1: 100 commands are run', async () => {
  const commands = Array.from({ length: 100 }, (_, i) => `"c${i}":{"command":"diag.ping"}`).join(',');
  const expected = Array.from({ length: 100 }, (_, i) => `"c${i}":{"success":true}`).join(',');
  expect(await replyTo(commands)).toBe(`{${expected}}`);
});

test('2.1: more than 100 commands are a packet failure, and none is run', async () => {
  const session = await client.login('ada@north.example', 'correct-horse');
  const calls = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`c${i}`, { command: 'diag.ping' }]));
  const end = { command: 'session.end' };
  expect(await client.packet({ auth: { sessionId: session }, end, ...calls })).toEqual({
    success: false,
    errorCodes: [-99001],
    errorMessages: ['Malformed packet: 101 commands in one packet, and at most 100 are accepted.'],
  });
  expect(await client.call(session, 'diag.ping')).toEqual({ success: true });
});

test('2.2: an unknown command fails alone with -99010', async () => {
  const packet = { auth: { sessionId }, calls: { command: 'diag.ping' }, who: { command: 'session.infos' } };
  expect(await client.packet(packet)).toEqual({
    calls: { success: true },
    who: { success: false, errorCodes: [-99010], errorMessages: ['Unknown command: session.infos'] },
  });
});

test.each(['thing.list', 'mailbox.check', 'alarm.publish', 'file.get', 'constructor', '__proto__', '', 'Diag.ping'])(
  '2.2: %j is an unknown command',
  async (command) => {
    expect(await client.call(sessionId, command)).toMatchObject({ success: false, errorCodes: [-99010] });
  },
);

test('2.2: a failing command neither stops nor hides the others, and success is not at top level', async () => {
  const packet = {
    auth: { sessionId },
    1: { command: 'usage.api.history', params: { series: 'week' } },
    2: { command: 'diag.ping' },
    3: { command: 'session.org.switch', params: { key: 'NOWHERE' } },
    4: { command: 'diag.ping' },
  };
  expect(await client.packet(packet)).toEqual({
    1: { success: false, errorCodes: [-99011], errorMessages: [expect.stringContaining('series')] },
    2: { success: true },
    3: { success: false, errorCodes: [-90008], errorMessages: [expect.any(String)] },
    4: { success: true },
  });
});

test.each([
  ['5'],
  ['null'],
  ['"diag.ping"'],
  ['["diag.ping"]'],
  ['{}'],
  ['{"command":null}'],
  ['{"command":7}'],
  ['{"command":["diag.ping"]}'],
  ['{"params":{}}'],
  ['{"command":"diag.ping","params":[]}'],
  ['{"command":"diag.ping","params":"x"}'],
])('2.2: the value %s fails alone with -99011', async (value) => {
  expect(JSON.parse(await replyTo(`"bad":${value},"good":{"command":"diag.ping"}`))).toEqual({
    bad: { success: false, errorCodes: [-99011], errorMessages: [expect.any(String)] },
    good: { success: true },
  });
});

test('2.2: a packet with only a valid session answers {}', async () => {
  expect(await client.packet({ auth: { sessionId } })).toEqual({});
});

test('2.2: {} answers {} when the session is in the header', async () => {
  expect(await client.packet({}, { sessionId })).toEqual({});
});

test('2.2: an auth with just a session is not echoed', async () => {
  expect(await replyTo('"a":{"command":"diag.ping"}')).toBe('{"a":{"success":true}}');
});

test('2.2: success, errorCodes and errorMessages are ids like others', async () => {
  const commands =
    '"success":{"command":"diag.ping"},"errorCodes":{"command":"x"},"errorMessages":{"command":"diag.ping"}';
  expect(await replyTo(commands)).toBe(
    '{"success":{"success":true},"errorCodes":{"success":false,"errorCodes":[-99010],"errorMessages":["Unknown command: x"]},"errorMessages":{"success":true}}',
  );
});

test('2.2: on failure there are codes and messages in equal number, and no params', async () => {
  const reply = await client.call(sessionId, 'usage.api.history', {
    series: 1,
    last: '7w',
    dimension: 'user',
    showAll: 0,
  });
  expect(reply).toEqual({
    success: false,
    errorCodes: [-99011, -99011, -99011, -99011],
    errorMessages: [
      expect.stringContaining('last'),
      expect.stringContaining('series'),
      expect.stringContaining('dimension'),
      expect.stringContaining('showAll'),
    ],
  });
});
