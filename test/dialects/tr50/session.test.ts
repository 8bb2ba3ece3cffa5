import { expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { Client, send } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';
import { serving } from './support/serving.ts';

let server: TestServer;
let client: Client;

serving({}, (started) => {
  ({ server, client } = started);
});

const PREFIX = 'Authentication session is invalid: Error: Session ';

test.each(['7d0f1c9a4be2', '', ' ', 'x'.repeat(5000), "' OR 1=1 --", '\u0000', 'ü'])(
  '3.2: the unknown session %j is refused with one message that begins as clients expect',
  async (sessionId) => {
    const reply = await client.packet({ auth: { sessionId }, a: { command: 'diag.ping' } });
    expect(reply).toEqual({ success: false, errorCodes: [-99003], errorMessages: [expect.any(String)] });
    const [message] = (reply as { errorMessages: string[] }).errorMessages;
    expect(message?.startsWith(PREFIX)).toBe(true);
  },
);

test('3.2: the refusal of a short id, literally', async () => {
  const { text } = await send(server.url, { body: '{"auth":{"sessionId":"7d0f"}}' });
  expect(text).toBe(
    '{"success":false,"errorCodes":[-99003],"errorMessages":["Authentication session is invalid: Error: Session 7d0f was not found."]}',
  );
});

test.each([[7], [true], [['7d0f']], [{ id: '7d0f' }]])('3.2: %j is no session', async (sessionId) => {
  expect(await client.packet({ auth: { sessionId } })).toMatchObject({
    success: false,
    errorCodes: [-99003],
    errorMessages: [expect.stringMatching(/^Authentication session is invalid: Error: Session /)],
  });
});

test('3.2: half a million brackets are no session, and no trouble', async () => {
  const body = `{"auth":{"sessionId":${'['.repeat(500_000)}${']'.repeat(500_000)}}}`;
  const { status, text } = await send(server.url, { body });
  expect([status, JSON.parse(text)]).toMatchObject([200, { errorCodes: [-99003] }]);
});

test('3.2: an unknown session in the header is refused alike', async () => {
  expect(await client.packet({ a: { command: 'diag.ping' } }, { sessionId: '7d0f' })).toEqual({
    success: false,
    errorCodes: [-99003],
    errorMessages: [`${PREFIX}7d0f was not found.`],
  });
});

test('3.2: a session has at least 128 bits', async () => {
  const id = await client.login('ada@north.example', 'correct-horse');
  expect(id).toMatch(/^[0-9a-f]{32,}$/);
});

test('3.2: the digest under which a session is kept is no session', async () => {
  const id = await client.login('ada@north.example', 'correct-horse');
  const { createHash } = await import('node:crypto');
  const digest = createHash('sha256').update(id).digest('hex');
  expect(await client.packet({ auth: { sessionId: digest } })).toMatchObject({ errorCodes: [-99003] });
});

test('4: session.end ends the session at once, also for the commands behind it', async () => {
  const sessionId = await client.login('ada@north.example', 'correct-horse');
  const packet = {
    auth: { sessionId },
    a: { command: 'diag.ping' },
    b: { command: 'session.end' },
    c: { command: 'session.info' },
  };
  expect(await client.packet(packet)).toEqual({
    a: { success: true },
    b: { success: true },
    c: { success: false, errorCodes: [-99003], errorMessages: [`${PREFIX}${sessionId} was not found.`] },
  });
  expect(await client.packet({ auth: { sessionId } })).toEqual({
    success: false,
    errorCodes: [-99003],
    errorMessages: [`${PREFIX}${sessionId} was not found.`],
  });
});

test('4: session.end takes the id of the own session and of no other', async () => {
  const own = await client.login('ada@north.example', 'correct-horse');
  const other = await client.login('ada@north.example', 'correct-horse');
  expect(await client.call(own, 'session.end', { id: other })).toMatchObject({ success: false, errorCodes: [-90008] });
  expect(await client.call(other, 'diag.ping')).toEqual({ success: true });
  expect(await client.call(own, 'session.end', { id: own })).toEqual({ success: true });
  expect(await client.packet({ auth: { sessionId: own } })).toMatchObject({ errorCodes: [-99003] });
  expect(await client.call(other, 'diag.ping')).toEqual({ success: true });
});

test('3.2: the current organization belongs to the session, not to the user', async () => {
  const one = await client.login('ada@north.example', 'correct-horse');
  const two = await client.login('ada@north.example', 'correct-horse');
  await client.call(one, 'session.org.switch', { key: 'NORTH_LAB' });
  expect(await client.call(one, 'session.info')).toMatchObject({ params: { orgKey: 'NORTH_LAB' } });
  expect(await client.call(two, 'session.info')).toMatchObject({ params: { orgKey: 'NORTH' } });
});

test('3.2: a session and its current organization survive a restart, also after a kill', async () => {
  const dataDirectory = temporaryDirectory();
  const world = await startServer({ directory: DIRECTORY, dataDirectory });
  const before = new Client(world.url);
  const sessionId = await before.login('ada@north.example', 'correct-horse');
  await before.call(sessionId, 'session.org.switch', { key: 'NORTH_LAB' });
  await world.kill();

  const again = await startServer({ dataDirectory });
  try {
    expect(await new Client(again.url).call(sessionId, 'session.info')).toMatchObject({
      success: true,
      params: { id: sessionId, orgKey: 'NORTH_LAB', userName: 'ada@north.example' },
    });
  } finally {
    await again.stop();
  }
});

test('3.2: a session ends after 86,400 s without a packet, and each packet begins them anew', async () => {
  const dataDirectory = temporaryDirectory();
  const morning = await startServer({ directory: DIRECTORY, dataDirectory, clock: '2025-06-02T08:00:00Z' });
  const sessions = new Client(morning.url);
  const idle = await sessions.login('ada@north.example', 'correct-horse');
  const busy = await sessions.login('ada@north.example', 'correct-horse');
  await morning.stop();

  const evening = await startServer({ dataDirectory, clock: '2025-06-02T20:00:00Z' });
  expect(await new Client(evening.url).call(busy, 'diag.ping')).toEqual({ success: true });
  await evening.stop();

  const next = await startServer({ dataDirectory, clock: '2025-06-03T08:10:00Z' });
  try {
    const later = new Client(next.url);
    expect(await later.packet({ auth: { sessionId: idle } })).toMatchObject({
      success: false,
      errorCodes: [-99003],
      errorMessages: [expect.stringMatching(/^Authentication session is invalid: Error: Session /)],
    });
    expect(await later.call(busy, 'diag.ping')).toEqual({ success: true });
  } finally {
    await next.stop();
  }
});

test('3.1: a lock of 30 minutes is over after 30 minutes, and outlasts a restart', async () => {
  const dataDirectory = temporaryDirectory();
  const noon = await startServer({ directory: DIRECTORY, dataDirectory, clock: '2025-06-02T12:00:00Z' });
  const early = new Client(noon.url);
  const login = (password: string) => ({
    auth: { command: 'api.authenticate', params: { username: 'ada@north.example', password } },
  });
  for (let i = 0; i < 8; i++) expect(await early.packet(login('wrong'))).toMatchObject({ errorCodes: [-99004] });
  expect(await early.packet(login('correct-horse'))).toMatchObject({ errorCodes: [-99005] });
  await noon.stop();

  const soon = await startServer({ dataDirectory, clock: '2025-06-02T12:25:00Z' });
  expect(await new Client(soon.url).packet(login('correct-horse'))).toMatchObject({ errorCodes: [-99005] });
  await soon.stop();

  const after = await startServer({ dataDirectory, clock: '2025-06-02T12:31:00Z' });
  try {
    expect(await new Client(after.url).packet(login('correct-horse'))).toMatchObject({ auth: { success: true } });
  } finally {
    await after.stop();
  }
});
