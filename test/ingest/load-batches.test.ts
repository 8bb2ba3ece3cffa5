import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { systemClock } from '../../src/domain/time/clock.ts';
import { epochMs } from '../../src/domain/time/instant.ts';
import { LoadBatches } from '../../src/ingest/load-batches.ts';
import { sharedPostgres } from '../support/postgres.ts';
import { engines, migrated } from '../store/records/engines.ts';
import { batch, entry, groupCommit } from './support/ingest-parts.ts';

const HOUR_MS = 3_600_000;

const sharedStore = async (): Promise<string> => (await sharedPostgres()).createDatabase();

it('leaves the batch of a node that is at it to that node', async () => {
  const records = await migrated(sharedStore);
  await groupCommit(records).accept(batch(entry(1)));
  const now = systemClock.now();
  const claimed = await new LoadBatches(records).claim('visits', now);
  expect(claimed?.rows).toBe(1);
  expect(await new LoadBatches(records).resume(now)).toEqual([]);
});

it('takes over the batch of a node that is gone, under the same token', async () => {
  const records = await migrated(sharedStore);
  await groupCommit(records).accept(batch(entry(1)));
  const now = systemClock.now();
  const claimed = await new LoadBatches(records).claim('visits', now);
  const [resumed] = await new LoadBatches(records).resume(epochMs(now + 60_000));
  expect(resumed?.token).toBe(claimed?.token);
});

it('takes over the batch of a node that is gone although the clock has been set back since', async () => {
  const records = await migrated(sharedStore);
  await groupCommit(records).accept(batch(entry(1)));
  const now = systemClock.now();
  const claimed = await new LoadBatches(records).claim('visits', epochMs(now + HOUR_MS));
  const [resumed] = await new LoadBatches(records).resume(now);
  expect(resumed?.token).toBe(claimed?.token);
});

it('adds up what waits without walking through the rows themselves', async () => {
  const [sqlite] = engines;
  if (sqlite === undefined) throw new Error('no engine to test on');
  const records = await migrated(sqlite.newStore);
  await groupCommit(records).accept(batch(entry(1), entry(22)));
  const { rows } = await sql<{ bytes: number }>`select bytes from outbox`.execute(records.db);
  expect(await new LoadBatches(records).outboxBytes()).toBe(rows[0]?.bytes);
  const plan = await sql<{ detail: string }>`explain query plan select sum(bytes) from outbox`.execute(records.db);
  expect(plan.rows.map(({ detail }) => detail)).toEqual([expect.stringContaining('COVERING INDEX outbox_by_size')]);
});
