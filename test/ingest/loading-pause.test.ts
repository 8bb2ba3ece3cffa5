import { describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/domain/time/clock.ts';
import { startIngest } from '../../src/ingest/ingest.ts';
import { LoadBatches } from '../../src/ingest/load-batches.ts';
import { LoadingPause } from '../../src/ingest/loading-pause.ts';
import type { BulkBatch } from '../../src/ingest/packed-rows.ts';
import { column, rowOf } from '../../src/store/facts/rows.ts';
import { sql } from '../../src/store/facts/sql.ts';
import type { Records } from '../../src/store/records/records.ts';
import { factsEngines, factsOf } from '../support/facts.ts';
import { engines, migrated, opened } from '../store/records/engines.ts';
import {
  batch,
  entry,
  groupCommit,
  outboxCounts,
  packed,
  receiptOf,
  RecordingObserver,
} from './support/ingest-parts.ts';

async function paused(records: Records): Promise<LoadingPause> {
  const pause = await LoadingPause.begin(records);
  if (pause === null) throw new Error('nobody else pauses here');
  return pause;
}

describe.each(engines)('a pause of loading on $name', ({ newStore }) => {
  test('keeps every node from fixing batches until it ends', async () => {
    const url = await newStore();
    const [records, other] = [await opened(url), await opened(url)];
    await records.migrate();
    receiptOf(await groupCommit(records).accept(batch(entry(1))));
    const nodes = [new LoadBatches(records), new LoadBatches(other)];
    const pause = await paused(records);
    for (const node of nodes) expect(await node.claim('visits', systemClock.now())).toBeNull();
    expect(await pause.end()).toBe(true);
    const [node] = nodes;
    expect(await node?.claim('visits', systemClock.now())).toMatchObject({ rows: 1 });
  });

  test('tells which inserts were begun before it, and when they are finished', async () => {
    const records = await migrated(newStore);
    receiptOf(await groupCommit(records).accept(batch(entry(1), entry(2))));
    const node = new LoadBatches(records);
    const begun = await node.claim('visits', systemClock.now());
    const pause = await paused(records);
    expect(await pause.unfinished()).toEqual({ batches: 1, rows: 2 });
    if (begun === null) throw new Error('rows were waiting');
    await node.finish(begun);
    expect(await pause.unfinished()).toEqual({ batches: 0, rows: 0 });
    await pause.end();
  });

  test('goes on accepting writes', async () => {
    const records = await migrated(newStore);
    const pause = await paused(records);
    receiptOf(await groupCommit(records).accept(batch(entry(7))));
    expect(await outboxCounts(records)).toEqual([7]);
    await pause.end();
  });

  test('a second one waits for the first', async () => {
    const records = await migrated(newStore);
    const order: string[] = [];
    const first = await paused(records);
    const second = paused(records).then(async (pause) => {
      order.push('second began');
      return pause.end();
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    order.push('first ended');
    expect(await first.end()).toBe(true);
    expect(await second).toBe(true);
    expect(order).toEqual(['first ended', 'second began']);
  });

  test('ends by itself half a minute after whoever began it has died', async () => {
    const records = await migrated(newStore);
    receiptOf(await groupCommit(records).accept(batch(entry(1))));
    await records.db.insertInto('settings').values({ key: 'loading_pause', value: 'of a dead process' }).execute();
    const node = new LoadBatches(records);
    expect(await node.claim('visits', systemClock.now())).toBeNull();
    const began = performance.now();
    const watch = vi.spyOn(performance, 'now');
    watch.mockReturnValue(began + 29_000);
    expect(await node.claim('visits', systemClock.now())).toBeNull();
    watch.mockReturnValue(began + 32_000);
    expect(await node.claim('visits', systemClock.now())).toMatchObject({ rows: 1 });
  });

  test('says at its end that somebody has lifted it', async () => {
    const records = await migrated(newStore);
    const pause = await paused(records);
    await records.db.updateTable('settings').set({ value: '' }).where('key', '=', 'loading_pause').execute();
    expect(await pause.end()).toBe(false);
  });
});

describe('large batches, on SQLite and chDB', () => {
  const [embedded] = factsEngines;
  const [sqlite] = engines;
  const facts = factsOf(embedded);

  test('go through the outbox while loading is paused, and count once', async () => {
    if (sqlite === undefined) throw new Error('no engine to test on');
    const records = await migrated(sqlite.newStore);
    const observer = new RecordingObserver();
    const ingest = await startIngest({ records, facts: facts(), clock: systemClock, observer, outboxLimitBytes: 1e9 });
    const large: BulkBatch = {
      source: 'test',
      rows: packed(10_000),
      guard: { key: 'large', fingerprint: 'f', answer: () => 'answer' },
    };
    const counted = async (): Promise<number | undefined> => {
      const read = { tag: 'test', rows: rowOf({ count: column.integer }) };
      return (await facts().query(sql`SELECT count() AS count FROM visits`, read))[0]?.count;
    };
    try {
      const pause = await paused(records);
      expect(receiptOf(await ingest.accept(large)).outcomes).toHaveLength(10_000);
      expect(await outboxCounts(records)).toHaveLength(10_000);
      expect(await pause.unfinished()).toEqual({ batches: 0, rows: 0 });
      expect(await counted()).toBe(0);
      await pause.end();
      await ingest.barrier();
      expect(await counted()).toBe(10_000);
      expect(receiptOf(await ingest.accept(large)).repeated).toBe('answer');
    } finally {
      await ingest.stop();
    }
    expect(await counted()).toBe(10_000);
  });
});
