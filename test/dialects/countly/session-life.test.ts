import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startPostgres } from '../../support/postgres.ts';
import { startServer } from '../../support/server.ts';
import { manyApps, OneApp } from './support/apps.ts';

const T = 1_392_628_200;
const clock = '2014-02-18T10:34:00Z';
const IGNORED = { result: 'Success', info: 'Request ignored: Duplicate request' };
const SUCCESS = { result: 'Success' };

test('an open session, the rule of 15 seconds and what was sent survive a kill', async () => {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'tallyhouse-test-'));
  onTestFinished(() => rmSync(dataDirectory, { recursive: true, force: true }));
  const first = await startServer({ directory: manyApps(1, 'UTC'), clock, dataDirectory });
  const before = new OneApp(first.url, 0);
  const begin = { begin_session: 1, country_code: 'TR', timestamp: T };
  const items = Array.from({ length: 100 }, (_, n) => ({ device_id: 'e', session_duration: 1, timestamp: T + n }));
  expect(await before.write(begin)).toEqual(SUCCESS);
  expect(await before.write({ session_duration: 50, timestamp: T + 50 })).toEqual(SUCCESS);
  expect(await before.write({ ...begin, device_id: 'f' })).toEqual(SUCCESS);
  expect(await before.write({ device_id: 'f', end_session: 1, timestamp: T + 10, session_duration: 5 })).toEqual(
    SUCCESS,
  );
  expect(await before.bulk([{ ...begin, device_id: 'e' }, ...items])).toEqual(SUCCESS);
  await first.kill();

  const second = await startServer({ clock, dataDirectory });
  onTestFinished(async () => void (await second.stop()));
  const after = new OneApp(second.url, 0);
  expect(await after.write(begin)).toEqual(IGNORED);
  await after.bulk([{ ...begin, device_id: 'e' }, ...items]);
  expect(await after.write({ end_session: 1, session_duration: 20, timestamp: T + 70 })).toEqual(SUCCESS);
  expect(await after.write({ ...begin, device_id: 'f', timestamp: T + 20 })).toEqual(SUCCESS);
  expect(await after.year()).toEqual({
    t: 3,
    n: 3,
    u: 3,
    d: 175,
    e: 107,
    f: { 0: 3 },
    l: { 0: 3 },
    ds: { 3: 1 },
    TR: { t: 3, n: 3, u: 3 },
  });
}, 60_000);

test('of the same request at two nodes at once exactly one counts', async () => {
  const postgres = await startPostgres();
  onTestFinished(() => postgres.stop());
  const env = { TALLYHOUSE_RECORDS: await postgres.createDatabase() };
  const nodes = [await startServer({ env, clock, directory: manyApps(1, 'UTC') }), await startServer({ env, clock })];
  onTestFinished(async () => {
    for (const node of nodes) await node.stop();
  });
  const apps = nodes.map(({ url }) => new OneApp(url, 0));
  const sent = Array.from({ length: 40 }, (_, n) => ({
    device_id: n % 2 === 0 ? 'a' : 'b',
    old_device_id: n % 2 === 0 ? 'b' : 'a',
    begin_session: 1,
    timestamp: T + Math.floor(n / 4) * 100,
  }));
  // Merges in both directions lock two states each: nodes must not wait for each other for ever.
  const answers = await Promise.all(sent.flatMap((request) => apps.map((app) => app.write(request))));
  const distinct = new Set(sent.map((request) => JSON.stringify(request))).size;
  expect(answers.filter((answer) => JSON.stringify(answer) === JSON.stringify(SUCCESS))).toHaveLength(distinct);
  expect(answers.filter((answer) => JSON.stringify(answer) === JSON.stringify(IGNORED))).toHaveLength(80 - distinct);
}, 120_000);
