import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Manifest } from '../../src/backup/manifest.ts';
import { send, type DrillRequest } from '../../src/cli/drill/load.ts';
import { Client } from '../dialects/tr50/support/client.ts';
import { startCli } from '../cli/run-cli.ts';
import { startClickHouseBridge } from '../support/clickhouse-http-bridge.ts';
import { sharedPostgres } from '../support/postgres.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import {
  apply,
  ask,
  installation,
  KEY,
  Load,
  marksOf,
  run,
  serve,
  storedMarks,
  succeed,
  type Installation,
} from './support/world.ts';

const BY_SERVICE = {
  stream: 'requests',
  from: '2026-03-01T00:00:00Z',
  to: '2026-04-01T00:00:00Z',
  measures: ['count', 'bytes'],
  dimensions: ['service'],
  bucket: { every: '1d', zone: 'Asia/Kathmandu' },
};

interface Taken {
  readonly manifest: Manifest;
  readonly directory: string;
  /** Acknowledged before the command began. */
  readonly before: readonly DrillRequest[];
  readonly sent: ReadonlySet<string>;
}

/** Runs `tallyhouse backup` in the middle of a load on a running server. */
async function backupUnderLoad(place: Installation, url: string, prefix: string): Promise<Taken> {
  const load = new Load(url, { clients: 6, prefix });
  await sleep(1500);
  const before = [...load.acknowledged];
  const directory = join(temporaryDirectory(), 'backup');
  const manifest = JSON.parse(await succeed(place, ['backup', directory, '--json'])) as Manifest;
  await sleep(500);
  await load.stop();
  expect(load.unanswered).toEqual([]);
  expect(load.acknowledged.length).toBeGreaterThan(before.length);
  return { manifest, directory, before, sent: new Set(marksOf(load.acknowledged)) };
}

/** What was acknowledged before the backup is there once, nothing is there twice, and nothing that was never sent. */
async function expectSound(url: string, expected: readonly DrillRequest[], sent: ReadonlySet<string>): Promise<void> {
  const stored = await storedMarks(url);
  expect(marksOf(expected).filter((mark) => stored.get(mark) !== 1)).toEqual([]);
  expect([...stored].filter(([mark, times]) => times !== 1 || !sent.has(mark))).toEqual([]);
}

/** Requests that the backed-up server knew are repeats to the restored one. */
async function expectRepeatsKnown(url: string, requests: readonly DrillRequest[]): Promise<void> {
  const repeatable = requests.filter(({ kind }) => kind === 'row with id' || kind === 'batch under a key').slice(-40);
  expect(repeatable.map(({ kind }) => kind)).toContain('batch under a key');
  for (const request of repeatable) {
    expect(await send(url, KEY, request)).toEqual({ accepted: 0, duplicate: request.marks.length, rejected: 0 });
  }
}

/** The users' passwords and sealed secrets are the same. */
async function expectLogin(url: string): Promise<void> {
  const client = new Client(url);
  const session = await client.login('ada', 'correct-horse');
  expect(await client.call(session, 'session.info')).toMatchObject({ success: true });
}

describe('a backup of a running server, taken under load', () => {
  test('holds what was acknowledged before it exactly once, in the facts or on the way there', async () => {
    const origin = installation();
    await apply(origin);
    const server = await serve(origin);
    const { manifest, directory, before, sent } = await backupUnderLoad(origin, server.url, 'a');
    const inFacts = manifest.facts.find(({ stream }) => stream === 'requests')?.rows ?? 0;
    const waiting = manifest.waiting['requests'] ?? 0;
    expect(inFacts).toBeGreaterThan(0);
    expect(waiting).toBeGreaterThan(0);
    await server.kill();

    const place = installation();
    await succeed(place, ['restore', directory]);
    const restored = await serve(place);
    await expectSound(restored.url, before, sent);
    expect((await storedMarks(restored.url)).size).toBe(inFacts + waiting);
    await expectRepeatsKnown(restored.url, before);
    await expectLogin(restored.url);
    // And on: what is written to the restored server is counted with the rest.
    const [row] = (await ask(restored.url, { ...BY_SERVICE, bucket: undefined, dimensions: [] })) as [
      { count: number },
    ];
    expect(row.count).toBe(inFacts + waiting);
  }, 120_000);

  test('goes from embedded stores to served ones and back, with the same answers', async () => {
    const embedded = installation();
    await apply(embedded);
    const first = await serve(embedded);
    const load = new Load(first.url, { clients: 4, prefix: 'first' });
    await sleep(1500);
    await load.stop();
    const answer = await ask(first.url, BY_SERVICE);
    const toServed = join(temporaryDirectory(), 'backup');
    await succeed(embedded, ['backup', toServed]);
    await first.kill();

    const bridge = await startClickHouseBridge();
    onTestFinished(() => bridge.stop());
    const records = await (await sharedPostgres()).createDatabase();
    const served = installation({ TALLYHOUSE_FACTS: bridge.url(), TALLYHOUSE_RECORDS: records });
    await succeed(served, ['restore', toServed]);
    const second = await serve(served);
    expect(await ask(second.url, BY_SERVICE)).toEqual(answer);
    await expectRepeatsKnown(second.url, load.acknowledged);
    await expectLogin(second.url);

    const { directory, before, sent } = await backupUnderLoad(served, second.url, 'second');
    await second.kill();
    const back = installation();
    await succeed(back, ['restore', directory]);
    const third = await serve(back);
    await expectSound(third.url, [...load.acknowledged, ...before], new Set([...sent, ...marksOf(load.acknowledged)]));
    await expectRepeatsKnown(third.url, before);
    await expectLogin(third.url);
  }, 180_000);

  test('of a server that was killed in the middle of its work is whole too', async () => {
    const origin = installation();
    await apply(origin);
    const server = await serve(origin);
    const load = new Load(server.url, { clients: 6, prefix: 'k' });
    await sleep(1500);
    await server.kill();
    await load.stop();
    const directory = join(temporaryDirectory(), 'backup');
    await succeed(origin, ['backup', directory]);
    const place = installation();
    await succeed(place, ['restore', directory]);
    const restored = await serve(place);
    const sent = new Set([...marksOf(load.acknowledged), ...marksOf(load.unanswered)]);
    await expectSound(restored.url, load.acknowledged, sent);
    await expectRepeatsKnown(restored.url, load.acknowledged);
  }, 120_000);

  test('may be restored again after a restore that was killed at any moment', async () => {
    const origin = installation();
    await apply(origin);
    const server = await serve(origin);
    const load = new Load(server.url, { clients: 8, prefix: 'r', seed: 3 });
    await sleep(3000);
    await load.stop();
    const directory = join(temporaryDirectory(), 'backup');
    await succeed(origin, ['backup', directory]);
    await server.kill();
    const place = installation();
    let killed = 0;
    for (const afterMs of [300, 500, 650, 800, 1000, 1200]) {
      const { child, done } = startCli(['restore', directory], { env: { TALLYHOUSE_DATA: place.dataDirectory } });
      const timer = setTimeout(() => child.kill('SIGKILL'), afterMs);
      const { code, stderr } = await done();
      clearTimeout(timer);
      if (code === null) killed += 1;
      // One that was killed after its last step was a whole restore.
      else if (code === 0 || stderr.includes('is not empty')) break;
      else throw new Error(stderr);
    }
    expect(killed).toBeGreaterThan(0);
    const last = await run(place, ['restore', directory]);
    if (last.code !== 0) expect(last.stderr).toContain('the records store is not empty');
    const restored = await serve(place);
    await expectSound(restored.url, load.acknowledged, new Set(marksOf(load.acknowledged)));
    expect(await succeed(place, ['doctor', '--json'])).toContain('"healthy": true');
  }, 120_000);
});
