import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { read, write } from './support/client.ts';
import { directory, SELIN, SHOP_APP } from './support/directory.ts';

/*
 * Who is online goes by the server's clock, so time passes by starting the server anew on the same data. The tests
 * go on from one another.
 */
const dataDirectory = mkdtempSync(join(tmpdir(), 'tallyhouse-test-'));
let server: TestServer | null = null;

async function serverAt(clock: string): Promise<TestServer> {
  await server?.stop();
  const first = server === null ? { directory } : {};
  server = await startServer({ dataDirectory, clock: `2014-02-18T${clock}Z`, ...first });
  return server;
}

function ask(url: string, method: string): Promise<unknown> {
  return read(url, '/o', { api_key: SELIN, app_id: SHOP_APP, method });
}

afterAll(async () => {
  await server?.stop();
  rmSync(dataDirectory, { recursive: true, force: true });
});

describe('live and live_graph (3.8)', () => {
  test('by arrival: whatever time a request reports, until 180 s after it', async () => {
    const { url } = await serverAt('10:00:10');
    const app_key = 'appkey1';
    expect(await ask(url, 'live')).toEqual({ o: 0, n: 0, om: 0, nm: 0 });
    // d1 comes for the second time: both sessions lie a year back, and the 15 seconds do not join them.
    await write(url, { app_key, device_id: 'd1', begin_session: 1, timestamp: '1361180000' });
    await write(url, { app_key, device_id: 'd1', end_session: 1, timestamp: '1361180100' });
    expect(await ask(url, 'live')).toEqual({ o: 0, n: 0, om: 0, nm: 0 });
    await write(url, { app_key, device_id: 'd1', begin_session: 1, timestamp: '1361190000' });
    await write(url, { app_key, device_id: 'd2', begin_session: 1 });
    await write(url, { app_key, device_id: 'd3', events: [{ key: 'k', count: 1 }] });
    expect(await ask(url, 'live')).toEqual({ o: 2, n: 1, om: 2, nm: 1 });
    await write(url, { app_key, device_id: 'd2', end_session: 1 });
    expect(await ask(url, 'live')).toEqual({ o: 1, n: 0, om: 2, nm: 1 });
  });

  test('survives a restart', async () => {
    expect(await ask((await serverAt('10:02:00')).url, 'live')).toEqual({ o: 1, n: 0, om: 2, nm: 1 });
  });

  test('ends by itself; the last 60 full minutes', async () => {
    const { url } = await serverAt('10:05:00');
    expect(await ask(url, 'live')).toEqual({ o: 0, n: 0, om: 2, nm: 1 });
    const graph = (await ask(url, 'live_graph')) as Record<'o' | 'n', { time: number; data: number }[]>;
    expect(Object.keys(graph)).toEqual(['o', 'n']);
    const first = Date.UTC(2014, 1, 18, 9, 5);
    for (const series of [graph.o, graph.n]) {
      expect(series.map(({ time }) => time)).toEqual(Array.from({ length: 60 }, (_, index) => first + index * 60_000));
    }
    expect(graph.o.slice(53).map(({ data }) => data)).toEqual([0, 0, 2, 1, 1, 1, 0]);
    expect(graph.n.slice(53).map(({ data }) => data)).toEqual([0, 0, 2, 0, 0, 0, 0]);
  });
});

describe('retention (3.8)', () => {
  test('cohorts of days, and what is no parameter', async () => {
    if (server === null) throw new Error('the tests before did not start a server');
    const { url } = server;
    const app_key = 'appkey9';
    const day = (number: number): string => String(Date.UTC(2014, 1, number, 12) / 1000);
    for (const [device_id, ...days] of [
      ['a', 14, 15, 16],
      ['b', 14, 16],
      ['c', 15],
    ] as const) {
      for (const number of days) await write(url, { app_key, device_id, begin_session: 1, timestamp: day(number) });
    }
    const retention = (parameters: object): Promise<unknown> =>
      read(url, '/o', {
        api_key: '33333333333333333333333333333333',
        app_id: '5f0000000000000000000009',
        method: 'retention',
        ...parameters,
      });
    const full = [
      { _id: '20140214', tu: 2, 1: 1, 2: 1, 3: 0, 4: 0 },
      { _id: '20140215', tu: 1, 1: 0, 2: 0, 3: 0 },
    ];
    expect(await retention({})).toEqual(full);
    expect(
      await retention({ period: 'yearly', span: '0', rettype: 'constructor', evt: '[CLY]_session', range: '[2,1]' }),
    ).toEqual(full);
    expect(await retention({ rettype: 'classic' })).toEqual([
      { _id: '20140214', tu: 2, 1: 1, 2: 2, 3: 0, 4: 0 },
      { _id: '20140215', tu: 1, 1: 0, 2: 0, 3: 0 },
    ]);
    expect(await retention({ rettype: 'unbounded' })).toEqual([
      { _id: '20140214', tu: 2, 1: 2, 2: 2, 3: 0, 4: 0 },
      { _id: '20140215', tu: 1, 1: 0, 2: 0, 3: 0 },
    ]);
    expect(await retention({ span: '4' })).toEqual([full[1]]);
    expect(await retention({ range: `[${day(14)},${day(14)}]` })).toEqual([full[0]]);
    expect(await retention({ period: 'aweekly' })).toEqual([{ _id: '20140210', tu: 3, 1: 0 }]);
    expect(await retention({ period: 'amonthly' })).toEqual([{ _id: '20140201', tu: 3 }]);
    expect(await retention({ evt: 'nonsense' })).toEqual([
      { _id: '20140214', tu: 2, 1: 0, 2: 0, 3: 0, 4: 0 },
      { _id: '20140215', tu: 1, 1: 0, 2: 0, 3: 0 },
    ]);
    expect(await retention({ range: '[0,9999999999999999]', period: 'adaily' })).toEqual(full);
    expect(await retention({ range: '[4000000000000,9999999999999999]' })).toEqual([]);
  });
});
