import { describe, expect, it } from 'vitest';
import type { Batch, Step } from '../../src/ingest/batch.ts';
import { engines, migrated } from '../store/records/engines.ts';
import {
  batch,
  entry,
  groupCommit,
  ledgerOf,
  NORTH,
  outboxCounts,
  outcomesOf,
  receiptOf,
  RecordingObserver,
} from './support/ingest-parts.ts';

/** A limit of `limit` hits, as a dialect would describe it. */
function hit(key: string, limit: number): Step {
  return {
    kind: 'test.limit',
    key,
    advance: (state) => {
      const used = (state as { used: number } | null)?.used ?? 0;
      if (used >= limit) return { ok: false, problem: { kind: 'rate_limited', retryAfterMs: 1000 } };
      return { ok: true, state: { used: used + 1 }, result: used + 1 };
    },
  };
}

describe.each(engines)('group commit on $name', ({ newStore }) => {
  it('commits all batches that wait at a moment in one transaction', async () => {
    const records = await migrated(newStore);
    const observer = new RecordingObserver();
    const commits = groupCommit(records, { observer });
    await Promise.all([1, 2, 3].map((count) => commits.accept(batch(entry(count)))));
    expect(observer.groups).toEqual([3]);
    expect(await outboxCounts(records)).toEqual([1, 2, 3]);
  });

  it('lets others have the thread while a batch of very many rows is committed', async () => {
    const records = await migrated(newStore);
    const commits = groupCommit(records);
    const large = batch(...Array.from({ length: 20_000 }, (_, n) => entry(1, `row ${n}`)));
    let turns = 0;
    let counting = true;
    // Turns of the event loop, however short: a machine that is quick has as many.
    const count = (): void => {
      turns += 1;
      if (counting) setImmediate(count);
    };
    setImmediate(count);
    expect(outcomesOf(await commits.accept(large)).filter((kind) => kind === 'accepted')).toHaveLength(20_000);
    counting = false;
    expect(turns).toBeGreaterThan(3);
  });

  it('stores an entry once under a claim, in the same group and later', async () => {
    const records = await migrated(newStore);
    const commits = groupCommit(records);
    const together = await Promise.all([commits.accept(batch(entry(1, 'a'))), commits.accept(batch(entry(2, 'a')))]);
    expect(together.map(outcomesOf)).toEqual([['accepted'], ['duplicate']]);
    expect(outcomesOf(await commits.accept(batch(entry(3, 'a'), entry(4, 'b'))))).toEqual(['duplicate', 'accepted']);
    expect(await outboxCounts(records)).toEqual([1, 4]);
  });

  it('counts every entry in the ledger: received = accepted + duplicate + rejected', async () => {
    const records = await migrated(newStore);
    const commits = groupCommit(records);
    await commits.accept({
      ...batch(entry(1, 'a'), entry(2, 'a'), { ...entry(3), steps: [hit('x', 0)] }),
      refused: [{ organization: NORTH, stream: 'visits', problem: { kind: 'missing_field', field: 'time' } }],
    });
    expect(await ledgerOf(records)).toEqual({
      received: 4,
      accepted: 1,
      duplicate: 1,
      'rejected:rate_limited': 1,
      'rejected:missing_field': 1,
      rows: 1,
    });
  });

  it('lets exactly as many entries through a limit as it has, however many come at once', async () => {
    const records = await migrated(newStore);
    const commits = groupCommit(records);
    const results = await Promise.all(
      Array.from({ length: 50 }, () => commits.accept(batch({ ...entry(1), steps: [hit('app-41', 20)] }))),
    );
    expect(results.map(outcomesOf).filter(([kind]) => kind === 'accepted')).toHaveLength(20);
    expect(outcomesOf(await commits.accept(batch({ ...entry(1), steps: [hit('app-41', 20)] })))).toEqual(['rejected']);
    expect(await outboxCounts(records)).toHaveLength(20);
    expect(await records.db.selectFrom('states').select(['kind', 'key', 'value']).execute()).toEqual([
      { kind: 'test.limit', key: 'app-41', value: '{"used":20}' },
    ]);
  });

  it('takes the steps of an entry all or none, and keeps no state that was not there before', async () => {
    const records = await migrated(newStore);
    const commits = groupCommit(records);
    const both = { ...entry(1), steps: [hit('plenty', 10), hit('none', 0)] };
    expect(outcomesOf(await commits.accept(batch(both)))).toEqual(['rejected']);
    expect(await records.db.selectFrom('states').select('key').execute()).toEqual([]);
    expect(await outboxCounts(records)).toEqual([]);
  });

  it('keeps the claim of a rejected entry free', async () => {
    const records = await migrated(newStore);
    const commits = groupCommit(records);
    const rejected = { ...entry(1, 'late'), steps: [hit('app', 0)] };
    expect(outcomesOf(await commits.accept(batch(rejected)))).toEqual(['rejected']);
    expect(outcomesOf(await commits.accept(batch(entry(1, 'late'))))).toEqual(['accepted']);
  });

  it('hands back what a step returned and stores the facts that follow from it', async () => {
    const records = await migrated(newStore);
    const commits = groupCommit(records);
    const step: Step = {
      kind: 'test.session',
      key: 'device',
      advance: () => ({ ok: true, state: { open: true }, result: 'opened', facts: entry(7).facts }),
    };
    const receipt = receiptOf(await commits.accept(batch({ ...entry(1), steps: [step] })));
    expect(receipt.outcomes).toEqual([{ kind: 'accepted', results: ['opened'] }]);
    expect(await outboxCounts(records)).toEqual([1, 7]);
  });

  it('repeats the first answer of a guarded batch and counts its entries as duplicates', async () => {
    const records = await migrated(newStore);
    const commits = groupCommit(records);
    const guarded: Batch = {
      ...batch(entry(1), entry(2)),
      guard: { key: 'order-1', fingerprint: 'f1', answer: (outcomes) => `stored ${outcomes.length}` },
    };
    expect(receiptOf(await commits.accept(guarded)).repeated).toBeNull();
    expect(receiptOf(await commits.accept(guarded)).repeated).toBe('stored 2');
    expect(await outboxCounts(records)).toEqual([1, 2]);
    expect(await ledgerOf(records)).toEqual({ received: 4, accepted: 2, duplicate: 2, rows: 2 });
  });

  it('stores one of two guarded batches that come at once', async () => {
    const records = await migrated(newStore);
    const commits = groupCommit(records);
    const guarded: Batch = { ...batch(entry(5)), guard: { key: 'k', fingerprint: 'f', answer: () => 'first' } };
    const results = await Promise.all([commits.accept(guarded), commits.accept(guarded)]);
    expect(results.map((result) => receiptOf(result).repeated)).toEqual([null, 'first']);
    expect(await outboxCounts(records)).toEqual([5]);
  });

  it('refuses the key of a guarded batch with another content', async () => {
    const records = await migrated(newStore);
    const commits = groupCommit(records);
    const guard = { key: 'k', fingerprint: 'f1', answer: () => '' };
    await commits.accept({ ...batch(entry(1)), guard });
    const other = await commits.accept({ ...batch(entry(2)), guard: { ...guard, fingerprint: 'f2' } });
    expect(other).toEqual({ ok: false, problem: { kind: 'idempotency_mismatch', key: 'k' } });
  });

  it('puts writes off when the outbox is at its limit', async () => {
    const records = await migrated(newStore);
    const commits = groupCommit(records, { limitBytes: 1 });
    expect(outcomesOf(await commits.accept(batch(entry(1))))).toEqual(['accepted']);
    expect(await commits.accept(batch(entry(2)))).toEqual({
      ok: false,
      problem: { kind: 'overloaded', retryAfterMs: 5000 },
    });
    expect(await outboxCounts(records)).toEqual([1]);
  });

  it('fails a batch whose step has a bug, and no other batch of the group', async () => {
    const records = await migrated(newStore);
    const commits = groupCommit(records);
    const broken: Step = {
      kind: 'test.broken',
      key: 'x',
      advance: () => {
        throw new Error('a bug');
      },
    };
    const [good, bad, alsoGood] = await Promise.allSettled([
      commits.accept(batch(entry(1))),
      commits.accept(batch({ ...entry(2), steps: [broken] })),
      commits.accept(batch(entry(3))),
    ]);
    expect([good.status, bad.status, alsoGood.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await outboxCounts(records)).toEqual([1, 3]);
  });

  it('keeps claims and keys with any character apart', async () => {
    const records = await migrated(newStore);
    const commits = groupCommit(records);
    const keys = ['', ' ', '\u0000', '__proto__', "'; DROP TABLE claims; --", '💥', 'x'.repeat(100_000)];
    const result = await commits.accept(batch(...keys.map((key) => entry(1, key))));
    expect(outcomesOf(result)).toEqual(keys.map(() => 'accepted'));
  });
});

describe('two servers on one PostgreSQL', () => {
  const shared = engines.filter(({ name }) => name === 'PostgreSQL');

  it.each(shared)('never let more through a limit than it has', async ({ newStore }) => {
    const url = await newStore();
    const first = groupCommit(await migrated(async () => url));
    const second = groupCommit(await migrated(async () => url));
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        (index % 2 === 0 ? first : second).accept(
          batch({ ...entry(1), steps: [hit('a', 30), hit(`b${index % 7}`, 1000)] }),
        ),
      ),
    );
    expect(results.map(outcomesOf).filter(([kind]) => kind === 'accepted')).toHaveLength(30);
  });

  it.each(shared)('store a claim once, in whatever order keys come', async ({ newStore }) => {
    const url = await newStore();
    const records = await migrated(async () => url);
    const nodes = [groupCommit(records), groupCommit(await migrated(async () => url))];
    const keys = Array.from({ length: 200 }, (_, index) => `row-${index}`);
    await Promise.all([
      ...keys.map((key) => nodes[0]?.accept(batch(entry(1, key)))),
      ...keys.toReversed().map((key) => nodes[1]?.accept(batch(entry(1, key)))),
    ]);
    expect(await outboxCounts(records)).toHaveLength(200);
  });
});
