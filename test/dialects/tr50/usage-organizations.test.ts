import { expect, test } from 'vitest';
import { applyDirectory, environment, type TestServer } from '../../support/server.ts';
import { Client, send } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';
import { serving } from './support/serving.ts';

let server: TestServer;
let client: Client;
let ada: string;
let sam: string;

const WINDOW = { start: '2025-06-01T00:00:00-04:00', end: '2025-06-02T00:00:00-04:00', series: 'day' };
const TS = ['2025-06-01T00:00:00-04:00'];

serving({ clock: '2025-06-03T12:00:00Z' }, async (started) => {
  ({ server, client } = started);
  ada = await client.login('ada@north.example', 'correct-horse');
  sam = await client.login('sam@ops.example', 'sam-sees-all');
  const calls = { th_north: 1, th_north_lab: 10, th_cold: 100, th_shop: 1000, th_south: 10000 };
  for (const [key, count] of Object.entries(calls)) {
    await client.count(key, [{ time: '2025-06-01T12:00:00Z', service: 'thing', count }]);
  }
  await client.count('th_north_lab', [{ time: '2025-06-01T13:00:00Z', service: 'usage', count: 2 }]);
});

async function usage(session: string, params: object = {}): Promise<unknown> {
  const reply = await client.call(session, 'usage.api.history', { ...WINDOW, ...params });
  return reply.success ? reply.params : reply;
}

test('5.6: the current organization only', async () => {
  expect(await usage(ada)).toEqual({ counters: { thing: [1] }, total: 1, ts: TS });
  expect(await usage(ada, { includeSubOrgs: false, showAll: false })).toEqual({
    counters: { thing: [1] },
    total: 1,
    ts: TS,
  });
});

test('5.6: includeSubOrgs adds all descendants, of any depth, into the same arrays', async () => {
  expect(await usage(ada, { includeSubOrgs: true })).toEqual({
    counters: { thing: [1111], usage: [2] },
    total: 1113,
    ts: TS,
  });
});

test('9.8: a child is not counted twice when the user also has access to it directly', async () => {
  // Ada owns NORTH and is a viewer of NORTH_LAB as well; the total above holds for her.
  const { total } = (await usage(ada, { includeSubOrgs: true })) as { total: number };
  expect(total).toBe(1113);
});

test('5.6: dimension org groups by key; organizations without calls are left out; the total stays the same', async () => {
  const packet = {
    auth: { sessionId: ada },
    a: { command: 'usage.api.history', params: { ...WINDOW, includeSubOrgs: true, dimension: 'org' } },
  };
  const { text } = await send(server.url, { body: JSON.stringify(packet) });
  expect(text).toBe(
    '{"a":{"success":true,"params":{"counters":{"NORTH":{"thing":[1]},"NORTH_LAB":{"thing":[10],"usage":[2]},' +
      '"NORTH_LAB_COLD":{"thing":[100]},"NORTH_SHOP":{"thing":[1000]}},"total":1113,"ts":["2025-06-01T00:00:00-04:00"]}}}',
  );
});

test('5.6: dimension org without includeSubOrgs has the current organization as the only key', async () => {
  expect(await usage(ada, { dimension: 'org' })).toEqual({ counters: { NORTH: { thing: [1] } }, total: 1, ts: TS });
});

test('5.6: dimension org without any call is {}', async () => {
  const nothing = {
    start: '2020-01-01T00:00:00Z',
    end: '2020-01-01T01:00:00Z',
    dimension: 'org',
    includeSubOrgs: true,
  };
  expect(await usage(ada, nothing)).toMatchObject({ counters: {}, total: 0 });
});

test('3.2: all figures refer to the current organization', async () => {
  const session = await client.login('ada@north.example', 'correct-horse');
  await client.call(session, 'session.org.switch', { key: 'NORTH_LAB' });
  const day = { start: '2025-06-01T00:00:00+05:30', end: '2025-06-02T00:00:00+05:30', includeSubOrgs: true };
  expect(await usage(session, day)).toEqual({
    counters: { thing: [110], usage: [2] },
    total: 112,
    ts: ['2025-06-01T00:00:00+05:30'],
  });
});

test('5.6: showAll is the whole instance for Super-Ops, whatever includeSubOrgs says', async () => {
  const utc = { start: '2025-06-01T00:00:00Z', end: '2025-06-02T00:00:00Z', showAll: true };
  const all = { counters: { thing: [11111], usage: [2] }, total: 11113, ts: ['2025-06-01T00:00:00+00:00'] };
  expect(await usage(sam, utc)).toEqual(all);
  expect(await usage(sam, { ...utc, includeSubOrgs: true })).toEqual(all);
  expect(await usage(sam, { ...utc, dimension: 'org' })).toEqual({
    counters: {
      NORTH: { thing: [1] },
      NORTH_LAB: { thing: [10], usage: [2] },
      NORTH_LAB_COLD: { thing: [100] },
      NORTH_SHOP: { thing: [1000] },
      SOUTH: { thing: [10000] },
    },
    total: 11113,
    ts: ['2025-06-01T00:00:00+00:00'],
  });
});

test('5.6: without showAll a Super-Ops user sees the current organization', async () => {
  expect(await usage(sam)).toMatchObject({ counters: {}, total: 0 });
});

test('3.3: showAll of others fails with -99012 and no data, and only that command', async () => {
  const packet = {
    auth: { sessionId: ada },
    all: { command: 'usage.api.history', params: { ...WINDOW, showAll: true } },
    own: { command: 'usage.api.history', params: WINDOW },
  };
  expect(await client.packet(packet)).toEqual({
    all: { success: false, errorCodes: [-99012], errorMessages: ['Not permitted: Super-Ops needed.'] },
    own: { success: true, params: { counters: { thing: [1] }, total: 1, ts: TS } },
  });
});

test('3.3: an application never has Super-Ops', async () => {
  const session = await client.loginThing('meter', 'tok_north', 'thing-1');
  expect(await usage(session, { showAll: true })).toMatchObject({ success: false, errorCodes: [-99012] });
  expect(await usage(session)).toMatchObject({ total: 1 });
});

test('appendix 2: includeSubOrgs of a member adds nothing that the member may not enter', async () => {
  const bob = await client.login('bob@north.example', 'bob-is-a-member');
  expect(await usage(bob, { includeSubOrgs: true })).toMatchObject({ total: 1 });
});

test('5.6: a moved organization counts with its present parent, for past calls too', async () => {
  const moved = DIRECTORY.replace('name: Cold room\n    parent: NORTH_LAB', 'name: Cold room\n    parent: SOUTH');
  expect(moved).not.toBe(DIRECTORY);
  const eve = await client.login('eve@south.example', 'eve-of-south');
  expect(await usage(eve, { includeSubOrgs: true })).toMatchObject({ total: 10000 });

  await applyDirectory(moved, environment(server.dataDirectory, {}));
  await until(async () => ((await usage(eve, { includeSubOrgs: true })) as { total: number }).total === 10100);
  expect(await usage(ada, { includeSubOrgs: true })).toMatchObject({ total: 1013 });

  await applyDirectory(DIRECTORY, environment(server.dataDirectory, {}));
  await until(async () => ((await usage(ada, { includeSubOrgs: true })) as { total: number }).total === 1113);
});

/** A directory file applied beside a running server is seen within a second. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error('the change was not seen within 5 s');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
