import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { Client } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';

let server: TestServer;
let client: Client;

beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY, env: { TALLYHOUSE_TR50_RATE: '20' } });
  client = new Client(server.url);
});
afterAll(() => server.stop());

const exceeded = { success: false, errorCodes: [-99014], errorMessages: [expect.stringContaining('Rate exceeded')] };
const pings = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${i}`, { command: 'diag.ping' }]));

async function nextSecond(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1_100));
}

test('6: an exceeding packet is refused whole with -99014 and status 200; other organizations go on', async () => {
  const ada = await client.login('ada@north.example', 'correct-horse');
  const eve = await client.login('eve@south.example', 'eve-of-south');
  await nextSecond();
  expect(Object.keys((await client.packet({ auth: { sessionId: ada }, ...pings(20) })) as object)).toHaveLength(20);
  expect(await client.packet({ auth: { sessionId: ada }, ...pings(1) })).toEqual(exceeded);
  expect(await client.packet({ auth: { sessionId: eve }, ...pings(1) })).toEqual({ p0: { success: true } });
  await nextSecond();
  expect(await client.packet({ auth: { sessionId: ada }, ...pings(1) })).toEqual({ p0: { success: true } });
});

test('6: nothing of a refused packet is run', async () => {
  const ada = await client.login('ada@north.example', 'correct-horse');
  await nextSecond();
  await client.packet({ auth: { sessionId: ada }, ...pings(20) });
  const end = { command: 'session.end' };
  expect(await client.packet({ auth: { sessionId: ada }, end })).toEqual(exceeded);
  await nextSecond();
  expect(await client.packet({ auth: { sessionId: ada }, ...pings(1) })).toEqual({ p0: { success: true } });
});

test('6: a packet of more commands than a second allows passes when nothing else was sent', async () => {
  const ada = await client.login('ada@north.example', 'correct-horse');
  await nextSecond();
  expect(Object.keys((await client.packet({ auth: { sessionId: ada }, ...pings(100) })) as object)).toHaveLength(100);
});

test('6: the limit is off unless it is set', async () => {
  const free = await startServer({ directory: DIRECTORY });
  try {
    const unlimited = new Client(free.url);
    const ada = await unlimited.login('ada@north.example', 'correct-horse');
    const replies = await Promise.all(
      Array.from({ length: 50 }, () => unlimited.packet({ auth: { sessionId: ada }, ...pings(100) })),
    );
    for (const reply of replies) expect(reply).toMatchObject({ p0: { success: true }, p99: { success: true } });
  } finally {
    await free.stop();
  }
});
