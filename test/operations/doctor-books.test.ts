import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { examine, type Patient } from '../../src/doctor/examine.ts';
import type { Finding } from '../../src/doctor/finding.ts';
import { readConfig } from '../../src/config/config.ts';
import { reportOnFacts } from '../../src/control/facts-report.ts';
import { epochMs } from '../../src/domain/time/instant.ts';
import { emptyFacts } from '../../src/backup/restore-facts.ts';
import { countRows } from '../../src/store/facts/frozen-tables.ts';
import { openRecords } from '../../src/store/records/open-records.ts';
import type { Records } from '../../src/store/records/records.ts';
import { engines, migrated } from '../store/records/engines.ts';
import { factsEngines, factsOf } from '../support/facts.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { NOON } from './support/small-world.ts';

const [embedded] = factsEngines;
const MINUTE = epochMs(NOON - 600_000);

describe.each(engines)('what doctor finds in the books on $name', ({ newStore }) => {
  const facts = factsOf(embedded);
  let records: Records;

  beforeEach(async () => {
    await emptyFacts(facts());
    records = await migrated(newStore);
  });

  async function found(over: Partial<Patient> = {}): Promise<(check: string) => Finding | undefined> {
    const data = temporaryDirectory();
    const patient: Patient = {
      config: readConfig({ TALLYHOUSE_DATA: data, TALLYHOUSE_OUTBOX_BYTES: '1000' }).core,
      warnings: [],
      keyFile: join(data, 'secret.key'),
      now: () => NOON,
      node: { version: 'v20.19.0', zoneData: '2025c' },
      places: { facts: 'chdb:facts', records: 'records' },
      records,
      facts: { how: 'here', report: (probes) => reportOnFacts(facts(), probes) },
      server: null,
      redis: null,
      ...over,
    };
    const findings = await examine(patient);
    return (check) => findings.find((finding) => finding.check === check);
  }

  async function count(outcomes: Readonly<Record<string, number>>): Promise<void> {
    const of = { minute: MINUTE, organization: 1, source: 'native', stream: 'visits' };
    const rows = Object.entries(outcomes).map(([outcome, number]) => ({ ...of, outcome, count: number }));
    await records.db.insertInto('ledger').values(rows).execute();
  }

  async function store(rows: number): Promise<void> {
    const line = JSON.stringify({ organization: 1, time: NOON, array: 'a', count: 1 });
    await facts().insert('visits', `${line}\n`.repeat(rows), { token: String(Math.random()), rows });
  }

  async function wait(rows: number, batch: string | null, committedAt: number = NOON): Promise<void> {
    const row = { stream: 'visits', rows, bytes: rows * 100, payload: '', batch, committed_at: epochMs(committedAt) };
    await records.db.insertInto('outbox').values(row).execute();
  }

  test('rows that are in the facts store or on their way balance', async () => {
    await count({ received: 12, accepted: 9, duplicate: 2, 'rejected:unknown_field': 1, rows: 9 });
    await store(6);
    await wait(3, null);
    const of = await found();
    expect(of('ledger')).toMatchObject({ state: 'ok' });
    expect(of('balance of visits')).toMatchObject({
      state: 'ok',
      says: '9 acknowledged = 6 in the facts store + 3 on their way',
    });
  });

  test('a batch under way may be in the facts store already', async () => {
    await count({ rows: 9 });
    await store(9);
    await wait(3, 'token');
    const batch = { token: 'token', stream: 'visits', rows: 3, owner: 'x' };
    await records.db
      .insertInto('outbox_batches')
      .values({ ...batch, lease_until: epochMs(NOON + 1), created_at: NOON })
      .execute();
    const of = await found();
    expect(of('balance of visits')).toMatchObject({ state: 'ok' });
    expect(of('inserts')).toMatchObject({ state: 'ok' });
    const late = await found({ now: () => epochMs(NOON + 2) });
    expect(late('inserts')).toMatchObject({ state: 'warn', says: '1 were begun by a server that is gone' });
  });

  test('acknowledged rows that are nowhere are a failure', async () => {
    await count({ rows: 9 });
    await store(6);
    await wait(2, null);
    expect((await found())('balance of visits')).toMatchObject({
      state: 'fail',
      says: '1 acknowledged rows are not in the facts store (6 of 7)',
    });
  });

  test('rows that nobody acknowledged are a failure, unless a large request was left unfinished', async () => {
    await count({ rows: 5 });
    await store(7);
    expect((await found())('balance of visits')).toMatchObject({
      state: 'fail',
      says: '2 rows in the facts store were never acknowledged',
    });
    await records.db.insertInto('claims').values({ key: 'k', fingerprint: 'f', answer: null, at: NOON }).execute();
    expect((await found())('balance of visits')).toMatchObject({ state: 'warn' });
  });

  test('a row that was received and never decided is a failure', async () => {
    await count({ received: 12, accepted: 9, duplicate: 2, rows: 9 });
    await store(9);
    expect((await found())('ledger')).toMatchObject({
      state: 'fail',
      says: 'native to visits: 12 received, 11 decided',
    });
  });

  test('rows that wait for long, and too many of them', async () => {
    await wait(4, null, NOON - 59_000);
    expect((await found())('outbox')).toMatchObject({ state: 'ok', says: '4 rows, 400 bytes, the oldest for 59 s' });
    await wait(1, null, NOON - 3 * 3_600_000);
    expect((await found())('outbox')).toMatchObject({ state: 'warn', says: '5 rows, 500 bytes, the oldest for 3.0 h' });
    await wait(5, null);
    expect((await found())('outbox')).toMatchObject({ state: 'fail', says: expect.stringContaining('full') });
  });

  test('rows that were set aside', async () => {
    await count({ rows: 2 });
    await wait(2, 'quarantine', NOON - 1_000_000);
    const of = await found();
    expect(of('quarantine')).toMatchObject({ state: 'warn', says: expect.stringContaining('visits 2') });
    expect(of('outbox')).toMatchObject({ state: 'ok' });
    expect(of('balance of visits')).toMatchObject({ state: 'ok' });
  });

  test('a clock that has gone back', async () => {
    await count({ rows: 0 });
    const of = await found({ now: () => epochMs(MINUTE - 3_600_000) });
    expect(of('clock')).toMatchObject({ state: 'warn', says: 'the newest row on record was received 60 min from now' });
  });

  test('a restore that was interrupted, and a backup under way', async () => {
    await records.db
      .insertInto('settings')
      .values([
        { key: 'restore_under_way', value: 'x' },
        { key: 'loading_pause', value: 'y' },
      ])
      .execute();
    const of = await found();
    expect(of('restore')).toMatchObject({ state: 'fail' });
    expect(of('backup')).toMatchObject({ state: 'warn' });
  });

  test('an unsupported Node.js, zones the engine sees otherwise, a server that is not ready', async () => {
    const report = await reportOnFacts(facts(), []);
    const of = await found({
      node: { version: 'v21.7.0', zoneData: '2020a' },
      facts: { how: 'here', report: async (probes) => ({ ...report, offsets: probes.map(() => 0) }) },
      server: { url: 'http://127.0.0.1:4000', ready: false, says: '{"status":"not ready"}' },
    });
    expect(of('node')).toMatchObject({ state: 'fail' });
    expect(of('zones')).toMatchObject({ state: 'warn', says: expect.stringContaining('Asia/Kathmandu') });
    expect(of('server')).toMatchObject({ state: 'warn' });
  });

  test('looking changes nothing', async () => {
    await count({ rows: 1 });
    await store(1);
    await found();
    expect(await countRows(facts(), 'visits')).toBe(1);
    expect(await records.db.selectFrom('settings').selectAll().execute()).toEqual([]);
  });
});

test('a store without tables is told so, and nothing more is asked of it', async () => {
  const [sqlite] = engines;
  if (sqlite === undefined) throw new Error('no engine to test on');
  const records = await openRecords(await sqlite.newStore());
  const findings = await examine({
    config: readConfig({ TALLYHOUSE_DATA: temporaryDirectory() }).core,
    warnings: [],
    keyFile: '/nowhere',
    now: () => NOON,
    node: { version: 'v24.0.0', zoneData: '2025c' },
    places: { facts: 'chdb:facts', records: 'here' },
    records,
    facts: { error: new Error('there is no store'), state: 'absent' },
    server: null,
    redis: null,
  });
  await records.close();
  expect(findings.filter(({ state }) => state !== 'ok')).toMatchObject([
    { check: 'records', state: 'fail', says: 'here has no tables yet' },
    { check: 'facts', state: 'fail', says: 'there is no store' },
  ]);
});
