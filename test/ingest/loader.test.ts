import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { systemClock } from '../../src/domain/time/clock.ts';
import type { FactsStore, InsertOptions, RowsPayload } from '../../src/store/facts/facts-store.ts';
import { FactsError } from '../../src/store/facts/facts-error.ts';
import { column, rowOf } from '../../src/store/facts/rows.ts';
import { sql } from '../../src/store/facts/sql.ts';
import type { Records } from '../../src/store/records/records.ts';
import { startIngest, type Ingest } from '../../src/ingest/ingest.ts';
import type { BulkBatch } from '../../src/ingest/packed-rows.ts';
import { factsEngines, factsOf } from '../support/facts.ts';
import { engines, migrated } from '../store/records/engines.ts';
import { batch, entry, ledgerOf, outboxCounts, packed, receiptOf, RecordingObserver } from './support/ingest-parts.ts';

const [embedded] = factsEngines;
const [sqlite] = engines;
if (sqlite === undefined) throw new Error('no engine to test on');

/** The real store, which can be told to fail before or after the insert took place. */
class Unreliable {
  readonly tokens: string[] = [];
  /** When inserts were tried while it was down. */
  readonly triedInVain: number[] = [];
  down = false;
  loseAnswers = 0;
  refuse: (payload: string) => boolean = () => false;
  silent = false;
  slowMs = 0;

  over(store: FactsStore): FactsStore {
    return new Proxy(store, {
      get: (target, name) => {
        if (name === 'insert') return (t: string, p: RowsPayload, o: InsertOptions) => this.#insert(target, t, p, o);
        const value = Reflect.get(target, name) as unknown;
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  }

  async #insert(store: FactsStore, table: string, payload: RowsPayload, options: InsertOptions): Promise<void> {
    if (this.down) {
      this.triedInVain.push(Date.now());
      throw new FactsError('unavailable', 'the test holds the store back');
    }
    if (this.silent) return new Promise(() => {});
    if (this.refuse([payload].flat().join(''))) throw new FactsError('rejected', 'the test refuses the rows');
    await sleep(this.slowMs);
    this.tokens.push(options.token);
    await store.insert(table, payload, options);
    if (this.loseAnswers > 0) {
      this.loseAnswers -= 1;
      throw new FactsError('unavailable', 'the test loses the answer');
    }
  }
}

describe('the loader, on SQLite and chDB', () => {
  const facts = factsOf(embedded);
  let records: Records;
  let observer: RecordingObserver;
  let unreliable: Unreliable;

  beforeEach(async () => {
    await facts().command(sql`TRUNCATE TABLE visits`);
    await facts().command(sql`TRUNCATE TABLE visits_15m`);
    records = await migrated(sqlite.newStore);
    observer = new RecordingObserver();
    unreliable = new Unreliable();
  });

  async function withIngest<T>(work: (ingest: Ingest) => Promise<T>, limitBytes = 1e9): Promise<T> {
    const ingest = await startIngest({
      records,
      facts: unreliable.over(facts()),
      clock: systemClock,
      observer,
      outboxLimitBytes: limitBytes,
    });
    try {
      return await work(ingest);
    } finally {
      await ingest.stop();
    }
  }

  /** Count of visits in raw rows and in the rollup. */
  async function counted(): Promise<[number, number]> {
    const read = { tag: 'test', rows: rowOf({ count: column.integer }) };
    const [raw] = await facts().query(sql`SELECT sum(count) AS count FROM visits`, read);
    const [rollup] = await facts().query(sql`SELECT sum(count) AS count FROM visits_15m`, read);
    return [raw?.count ?? 0, rollup?.count ?? 0];
  }

  it('makes what was acknowledged readable behind the barrier, and empties the outbox', async () => {
    await withIngest(async (ingest) => {
      receiptOf(await ingest.accept(batch(entry(3), entry(4))));
      await ingest.barrier();
      expect(await counted()).toEqual([7, 7]);
    });
    expect(await outboxCounts(records)).toEqual([]);
  });

  it('loads what waits when it stops', async () => {
    await withIngest(async (ingest) => receiptOf(await ingest.accept(batch(entry(5)))));
    expect(await counted()).toEqual([5, 5]);
  });

  it('stops in time although the facts store gives no answer, and loses nothing', async () => {
    unreliable.silent = true;
    const ingest = await startIngest({
      records,
      facts: unreliable.over(facts()),
      clock: systemClock,
      observer,
      outboxLimitBytes: 1e9,
    });
    receiptOf(await ingest.accept(batch(entry(9))));
    const startedAt = performance.now();
    await ingest.stop();
    expect(performance.now() - startedAt).toBeLessThan(15_000);
    expect(await outboxCounts(records)).toEqual([9]);
    unreliable.silent = false;
    await withIngest(async (next) => void (await next.barrier()));
    expect(await counted()).toEqual([9, 9]);
  });

  it('counts once what was inserted although the answer got lost', async () => {
    unreliable.loseAnswers = 2;
    await withIngest(async (ingest) => {
      receiptOf(await ingest.accept(batch(entry(6))));
      await ingest.barrier();
    });
    expect(unreliable.tokens).toHaveLength(3);
    expect(new Set(unreliable.tokens).size).toBe(1);
    expect(await counted()).toEqual([6, 6]);
  });

  it('replays the batch of a predecessor that died between insert and delete, under the same token', async () => {
    unreliable.loseAnswers = 1;
    const dead = await startIngest({
      records,
      facts: unreliable.over(facts()),
      clock: systemClock,
      observer,
      outboxLimitBytes: 1e9,
    });
    receiptOf(await dead.accept(batch(entry(8))));
    while (unreliable.tokens.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    unreliable.down = true;
    await dead.stop();
    expect(await outboxCounts(records)).toEqual([8]);

    unreliable.down = false;
    await withIngest(async (ingest) => void (await ingest.barrier()));
    expect(new Set(unreliable.tokens).size).toBe(1);
    expect(await counted()).toEqual([8, 8]);
    expect(await outboxCounts(records)).toEqual([]);
  });

  it('goes on accepting while the facts store is away, answers reads within the bound, and catches up', async () => {
    unreliable.down = true;
    await withIngest(async (ingest) => {
      for (let count = 1; count <= 5; count += 1) receiptOf(await ingest.accept(batch(entry(count))));
      const startedAt = performance.now();
      const watermark = await ingest.barrier();
      // Two seconds are the bound; the rest is for a busy machine.
      expect(performance.now() - startedAt).toBeLessThan(15_000);
      expect(watermark).toBeLessThanOrEqual(systemClock.now() - 1_500);
      expect(ingest.stats().loadFailures).toBeGreaterThan(0);
      unreliable.down = false;
      // Rows can be seen before the insert ends, and in the raw table before the rollup.
      while ((await outboxCounts(records)).length > 0) await new Promise((resolve) => setTimeout(resolve, 50));
      expect(await counted()).toEqual([15, 15]);
    });
  });

  it('a store that is only slow is waited for longer by reads that ask for it', async () => {
    unreliable.slowMs = 3_500;
    await withIngest(async (ingest) => {
      receiptOf(await ingest.accept(batch(entry(4))));
      const asked = systemClock.now();
      const [marked, complete] = await Promise.all([ingest.barrier(), ingest.barrier(60_000)]);
      expect(marked).toBeLessThan(asked);
      expect(complete).toBeGreaterThanOrEqual(asked);
      expect(await counted()).toEqual([4, 4]);
      unreliable.slowMs = 0;
    });
  });

  it('outlasts minutes without the facts store: it asks ever less often, and then loads all of it once', async () => {
    const minutes = 5;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const pass = async (ms: number): Promise<void> => {
      await vi.advanceTimersByTimeAsync(ms);
      // What the passing time has set off runs to its end.
      await sleep(1);
    };
    await withIngest(async (ingest) => {
      unreliable.down = true;
      const began = Date.now();
      let sent = 0;
      const backlog: number[] = [];
      for (let second = 0; second < minutes * 60; second += 1) {
        const claim = `visit ${second}`;
        receiptOf(await ingest.accept(batch(entry(1, claim), entry(2))));
        sent += 3;
        // A client that lost the answer sends the first again.
        if (second % 10 === 0) {
          expect(receiptOf(await ingest.accept(batch(entry(1, claim)))).outcomes).toEqual([{ kind: 'duplicate' }]);
        }
        if (second % 60 === 59) backlog.push(ingest.stats().outboxBytes);
        await pass(1000);
      }
      expect(backlog).toEqual(backlog.toSorted((a, b) => a - b));
      expect(new Set(backlog).size).toBe(minutes);
      expect(await ingest.lagMs()).toBeGreaterThanOrEqual(minutes * 60_000);

      const waits = unreliable.triedInVain.map((at, index, all) => at - (all[index - 1] ?? began));
      // From the second try on: 250 ms, doubled up to ten seconds. The test's clock goes in steps of a second.
      const late = waits.slice(1).map((ms, index) => ms - Math.min(10_000, 250 * 2 ** index));
      expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...late)).toBeLessThanOrEqual(2_000);
      expect(waits.length).toBeGreaterThan(20);
      expect(ingest.stats().loadFailures).toBe(unreliable.triedInVain.length);

      unreliable.down = false;
      for (let second = 0; second < 60 && ingest.stats().outboxBytes > 0; second += 1) {
        await pass(1000);
        await sleep(20);
      }
      expect(ingest.stats()).toMatchObject({ outboxBytes: 0, loadFailures: 0 });
      expect(await ingest.lagMs()).toBe(0);
      expect(await counted()).toEqual([sent, sent]);
    });
    expect(await outboxCounts(records)).toEqual([]);
  }, 60_000);

  it('puts writes off at the disk budget and takes them again when the outbox is empty', async () => {
    unreliable.down = true;
    await withIngest(async (ingest) => {
      let accepted = 0;
      for (;;) {
        const result = await ingest.accept(batch(entry(1)));
        if (!result.ok) {
          expect(result.problem).toEqual({ kind: 'overloaded', retryAfterMs: 5000 });
          break;
        }
        accepted += 1;
      }
      expect(accepted).toBeGreaterThan(5);
      unreliable.down = false;
      while (ingest.stats().outboxBytes > 0) await new Promise((resolve) => setTimeout(resolve, 50));
      receiptOf(await ingest.accept(batch(entry(1))));
      await ingest.barrier();
      expect(await counted()).toEqual([accepted + 1, accepted + 1]);
    }, 1_000);
  });

  it('sets aside exactly the rows that the engine refuses and loads all others', async () => {
    unreliable.refuse = (payload) => payload.includes('"count":13');
    await withIngest(async (ingest) => {
      await Promise.all(
        [[1, 2], [4, 13, 8], [16]].map((counts) => ingest.accept(batch(...counts.map((count) => entry(count))))),
      );
      while (observer.quarantinedRows.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      await ingest.barrier();
    });
    expect(observer.quarantinedRows).toEqual([1]);
    expect(await counted()).toEqual([31, 31]);
    expect(await outboxCounts(records)).toEqual([13]);
  });

  it('takes a very large guarded batch straight to the facts, once however often it is sent', async () => {
    const large: BulkBatch = {
      source: 'test',
      rows: packed(12_000),
      guard: { key: 'bulk', fingerprint: 'f', answer: (outcomes) => String(outcomes.length) },
    };
    await withIngest(async (ingest) => {
      unreliable.loseAnswers = 1;
      expect(await ingest.accept(large)).toEqual({ ok: false, problem: { kind: 'overloaded', retryAfterMs: 5000 } });
      expect(receiptOf(await ingest.accept(large)).outcomes).toHaveLength(12_000);
      expect(receiptOf(await ingest.accept(large)).repeated).toBe('12000');
      const other = await ingest.accept({ ...large, guard: { key: 'bulk', fingerprint: 'other', answer: () => '' } });
      expect(other).toEqual({ ok: false, problem: { kind: 'idempotency_mismatch', key: 'bulk' } });
    });
    expect(await counted()).toEqual([12_000, 12_000]);
    expect(await ledgerOf(records)).toEqual({ received: 24_000, accepted: 12_000, duplicate: 12_000, rows: 12_000 });
  });

  it('takes a large guarded batch through the outbox while the facts store is away', async () => {
    const large: BulkBatch = {
      source: 'test',
      rows: packed(10_000),
      guard: { key: 'away', fingerprint: 'f', answer: () => 'answer' },
    };
    await withIngest(async (ingest) => {
      unreliable.down = true;
      receiptOf(await ingest.accept(batch(entry(1))));
      while (ingest.stats().loadFailures === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      expect(receiptOf(await ingest.accept(large)).outcomes).toHaveLength(10_000);
      unreliable.down = false;
      expect(receiptOf(await ingest.accept(large)).repeated).toBe('answer');
      while ((await outboxCounts(records)).length > 0) await new Promise((resolve) => setTimeout(resolve, 50));
    });
    expect(await counted()).toEqual([10_001, 10_001]);
  });
});
