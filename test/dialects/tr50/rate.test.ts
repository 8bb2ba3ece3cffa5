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

/** Runs the steps again until all of them fall into one second, which a busy machine may miss. */
async function withinOneSecond<T>(steps: () => Promise<T>): Promise<T> {
  for (let attempt = 0; attempt < 10; attempt++) {
    await nextSecond();
    const before = performance.now();
    const found = await steps();
    if (performance.now() - before < 900) return found;
  }
  throw new Error('the machine is too busy to send a few packets in a second');
}

async function nextSecond(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1_100));
}

test('6: an exceeding packet is refused whole with -99014 and status 200; other organizations go on', async () => {
  const ada = await client.login('ada@north.example', 'correct-horse');
  const eve = await client.login('eve@south.example', 'eve-of-south');
  const [full, one, other] = await withinOneSecond(async () => [
    await client.packet({ auth: { sessionId: ada }, ...pings(20) }),
    await client.packet({ auth: { sessionId: ada }, ...pings(1) }),
    await client.packet({ auth: { sessionId: eve }, ...pings(1) }),
  ]);
  expect(Object.keys(full as object)).toHaveLength(20);
  expect(one).toEqual(exceeded);
  expect(other).toEqual({ p0: { success: true } });
  await nextSecond();
  expect(await client.packet({ auth: { sessionId: ada }, ...pings(1) })).toEqual({ p0: { success: true } });
});

test('6: nothing of a refused packet is run', async () => {
  let ada = '';
  const end = { command: 'session.end' };
  const refused = await withinOneSecond(async () => {
    ada = await client.login('ada@north.example', 'correct-horse');
    await client.packet({ auth: { sessionId: ada }, ...pings(20) });
    return client.packet({ auth: { sessionId: ada }, end });
  });
  expect(refused).toEqual(exceeded);
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
