import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { read } from './support/client.ts';
import { directory, RITA, RIVAL_APP, SALTED_APP, SELIN, SHOP_APP } from './support/directory.ts';

/*
 * Countly's own SDK for Node, in a process of its own because it keeps its state in the module. It does not tell when its
 * queue is empty, so the tests look at what can be read until it is there.
 */
let server: TestServer;
const running: ChildProcess[] = [];

beforeAll(async () => {
  server = await startServer({ directory });
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});
afterAll(async () => {
  expect(await server.stop()).toBe(0);
});

/** Runs a script that finds the SDK as `Countly` and the server's address as `url`. */
function run(script: string): { output(): string } {
  const head = `const Countly = require('countly-sdk-nodejs'); const url = ${JSON.stringify(server.url)};`;
  const cwd = fileURLToPath(new URL('../../..', import.meta.url));
  const child = spawn(process.execPath, ['-e', head + script], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
  return { output: () => output };
}

/** The node of the running year, which holds everything that is counted here. */
async function year(
  method: string,
  api_key: string,
  app_id: string,
  more: object = {},
): Promise<Record<string, unknown>> {
  const tree = (await read(server.url, '/o', { api_key, app_id, method, ...more })) as Record<string, unknown>;
  const [name = ''] = Object.keys(tree).filter((key) => /^\d{4}$/.test(key));
  const node = (tree[name] ?? {}) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(node).filter(([key]) => !/^(\d+|w\d+)$/.test(key)));
}

const PATIENCE = { timeout: 25_000, interval: 200 };

test('a session, events, user details and a change of the id with merge', async () => {
  const client = run(`
    Countly.init({ app_key: 'appkey1', url, device_id: 'node-1', interval: 50, session_update: 1, country_code: 'tr',
      storage_type: Countly.StorageTypes.MEMORY, app_version: '7',
      metrics: { _os: 'Linux', _os_version: '6.1', _device: 'server' } });
    Countly.begin_session();
    Countly.add_event({ key: 'purchase', count: 2, sum: 4.99, dur: 3, segmentation: { plan: 'pro', build: '1.0' } });
    Countly.user_details({ name: 'Ada', custom: { tier: 'gold' } });
    Countly.fetch_remote_config((error, config) => console.log('config', error, JSON.stringify(config)));
    setTimeout(() => {
      Countly.change_id('ada', true);
      Countly.add_event({ key: 'level_done', count: 1 });
      Countly.begin_session();
      setTimeout(() => Countly.end_session(), 500);
    }, 2500);
  `);
  await vi.waitFor(async () => {
    expect(await year('sessions', SELIN, SHOP_APP)).toMatchObject({ t: 1, n: 1, u: 1, ds: { 0: 1 } });
  }, PATIENCE);
  const sessions = await year('sessions', SELIN, SHOP_APP);
  expect(sessions).toMatchObject({ f: { 0: 1 }, l: { 0: 1 }, TR: { t: 1, n: 1, u: 1 } });
  expect(sessions['d']).toBeGreaterThanOrEqual(2);
  expect(await year('device_details', SELIN, SHOP_APP)).toEqual({
    Linux: { t: 1, n: 1, u: 1 },
    'l6:1': { t: 1, n: 1, u: 1 },
    '7:0': { t: 1, n: 1, u: 1 },
  });
  expect(await year('devices', SELIN, SHOP_APP)).toEqual({ server: { t: 1, n: 1, u: 1 } });
  expect(await year('events', SELIN, SHOP_APP, { event: 'purchase' })).toEqual({ c: 2, s: 4.99, dur: 3 });
  expect(await year('events', SELIN, SHOP_APP, { event: 'purchase', segmentation: 'build' })).toMatchObject({
    '1:0': { c: 2, s: 4.99, dur: 3 },
  });
  expect(await year('events', SELIN, SHOP_APP, { event: 'level_done' })).toMatchObject({ c: 1 });
  await vi.waitFor(() => expect(client.output()).toContain('config false {}'), PATIENCE);
});

test('requests with checksums, by GET and by POST', async () => {
  run(`
    Countly.init({ app_key: 'appkey2', url, device_id: 'salted ü', interval: 50, salt: 'pepper',
      storage_type: Countly.StorageTypes.MEMORY, metrics: { _os: 'Linux' } });
    Countly.begin_session();
    Countly.add_event({ key: 'short & sweet', count: 1 });
    setTimeout(() => {
      // Longer than what goes into a query.
      for (let i = 0; i < 40; i++) Countly.add_event({ key: 'long', count: 1, segmentation: { text: 'ü'.repeat(100) } });
    }, 1000);
  `);
  await vi.waitFor(async () => {
    expect(await year('events', SELIN, SALTED_APP, { event: 'long' })).toEqual({ c: 40 });
  }, PATIENCE);
  expect(await year('events', SELIN, SALTED_APP, { event: 'short & sweet' })).toEqual({ c: 1 });
  expect(await year('sessions', SELIN, SALTED_APP)).toMatchObject({ t: 1, n: 1, u: 1 });
});

test('bulks: single requests and users with sessions', async () => {
  run(`
    const bulk = new Countly.Bulk({ app_key: 'appkey9', url, interval: 50, bulk_size: 50, storage_type: Countly.StorageTypes.MEMORY });
    for (let i = 0; i < 120; i++) {
      bulk.add_request({ begin_session: 1, device_id: 'bulk-' + i, metrics: { _os: i % 2 ? 'iOS' : 'Android' },
        events: [{ key: 'Test', count: 1, segmentation: { even: i % 2 === 0 } }] });
    }
    const user = bulk.add_user({ device_id: 'bulk-0' });
    user.begin_session({ _os: 'Android' }, 90);
    user.add_event({ key: 'Test', count: 5 });
    user.user_details({ name: 'Zero' });
    bulk.start();
  `);
  await vi.waitFor(async () => {
    expect(await year('sessions', RITA, RIVAL_APP)).toMatchObject({ t: 121, n: 120, u: 120 });
    expect(await year('events', RITA, RIVAL_APP, { event: 'Test', segmentation: 'no-segment' })).toEqual({ c: 125 });
  }, PATIENCE);
  expect(await year('device_details', RITA, RIVAL_APP)).toEqual({
    Android: { t: 61, n: 60, u: 60 },
    iOS: { t: 60, n: 60, u: 60 },
  });
  expect(await year('events', RITA, RIVAL_APP, { event: 'Test', segmentation: 'even' })).toEqual({
    true: { c: 60 },
    false: { c: 60 },
  });
});
