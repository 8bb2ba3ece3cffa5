import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { column, tupleOf } from '../../../src/store/facts/rows.ts';
import { sql, type Sql } from '../../../src/store/facts/sql.ts';
import { factsEngines, factsOf } from '../../support/facts.ts';

const one = { tag: 'test', rows: tupleOf(column.count) };
const ENDLESS = sql`SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1`;
const running = sql`SELECT count() FROM system.processes WHERE query LIKE '%1000000000000%' AND query NOT LIKE '%processes%'`;

describe.each(factsEngines)('limits in $name', (engine) => {
  const facts = factsOf(engine, { concurrentReads: 2, maxWaiting: 3 });

  async function untilStopped(): Promise<void> {
    for (let turn = 0; turn < 100; turn += 1) {
      const [row] = await facts().query(running, one);
      if (row?.[0] === 0) return;
      await sleep(50);
    }
    throw new Error('the engine still works on it');
  }

  test('a query that takes too long is stopped in the engine', async () => {
    const started = performance.now();
    await expect(facts().query(ENDLESS, { ...one, timeoutMs: 200 })).rejects.toMatchObject({
      kind: 'timeout',
      code: 159,
    });
    expect(performance.now() - started).toBeLessThan(5_000);
    await untilStopped();
  });

  test('a query that takes too much memory is stopped, and the store goes on', async () => {
    const greedy = sql`SELECT length(groupArray(number)) FROM numbers(100000000)`;
    const limit = { ...one, maxMemoryBytes: 50_000_000 };
    await expect(facts().query(greedy, limit)).rejects.toMatchObject({ kind: 'memory', code: 241 });
    expect(await facts().query(sql`SELECT 1`, limit)).toEqual([[1]]);
  });

  test.each([
    ['a plain one', sql`SELECT number FROM numbers(11)`],
    ['an ordered one', sql`SELECT number FROM numbers(11) ORDER BY number DESC`],
    ['two under UNION ALL', sql`SELECT number FROM numbers(5) UNION ALL SELECT number FROM numbers(6)`],
  ])('one row too many refuses the answer: %s', async (_, query: Sql) => {
    await expect(facts().query(query, { ...one, maxRows: 10 })).rejects.toMatchObject({ kind: 'too_many_rows' });
    expect(await facts().query(query, { ...one, maxRows: 11 })).toHaveLength(11);
  });

  test('what a failed query had written already is in no other answer', async () => {
    // Ends with an error after the first part of the answer.
    const halfway = sql`(SELECT toUInt64(4711)) UNION ALL (${ENDLESS})`;
    for (let turn = 0; turn < 4; turn += 1) {
      await expect(facts().query(halfway, { ...one, timeoutMs: 100 })).rejects.toMatchObject({ kind: 'timeout' });
    }
    const answers = await Promise.all([1, 2, 3, 4].map(() => facts().query(sql`SELECT 1`, one)));
    expect(answers).toEqual([[[1]], [[1]], [[1]], [[1]]]);
  });

  test('settings of one query are not those of the next', async () => {
    await facts().query(sql`SELECT 1`, { ...one, timeoutMs: 777_000, maxMemoryBytes: 777_000_000 });
    const rows = tupleOf(column.text, column.text);
    const query = sql`SELECT toString(getSetting('max_execution_time')), toString(getSetting('max_memory_usage'))`;
    const answers = await Promise.all([1, 2, 3].map(() => facts().query(query, { tag: 'test', rows })));
    expect(answers).toEqual([[['30', '1073741824']], [['30', '1073741824']], [['30', '1073741824']]]);
  });

  test('the caller’s signal stops the query, at once for the caller', async () => {
    const controller = new AbortController();
    const query = facts().query(ENDLESS, { ...one, signal: controller.signal });
    await sleep(200);
    const started = performance.now();
    controller.abort();
    await expect(query).rejects.toMatchObject({ kind: 'aborted' });
    expect(performance.now() - started).toBeLessThan(5_000);
    await untilStopped();
  });

  test('a signal that was given before asks nothing', async () => {
    const query = facts().query(ENDLESS, { ...one, signal: AbortSignal.abort() });
    await expect(query).rejects.toMatchObject({ kind: 'aborted' });
  });

  test('as many as allowed run, some wait, the others are refused', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const long = [1, 2].map(() => facts().query(ENDLESS, { ...one, signal }));
    const waiting = [1, 2, 3].map(() => facts().query(sql`SELECT 5`, one));
    const leaving = new AbortController();
    expect(facts().stats().reads).toEqual({ running: 2, waiting: 3 });
    await expect(facts().query(sql`SELECT 6`, one)).rejects.toMatchObject({ kind: 'overloaded' });
    const outcome = Promise.allSettled(long);
    controller.abort();
    for (const { status } of await outcome) expect(status).toBe('rejected');
    expect(await Promise.all(waiting)).toEqual([[[5]], [[5]], [[5]]]);
    leaving.abort();
    await untilStopped();
    expect(facts().stats().reads).toEqual({ running: 0, waiting: 0 });
  });

  test('who gives up waiting leaves the queue', async () => {
    const controller = new AbortController();
    const long = Promise.allSettled([1, 2].map(() => facts().query(ENDLESS, { ...one, signal: controller.signal })));
    const leaving = new AbortController();
    const waiting = facts().query(sql`SELECT 5`, { ...one, signal: leaving.signal });
    expect(facts().stats().reads.waiting).toBe(1);
    leaving.abort();
    await expect(waiting).rejects.toMatchObject({ kind: 'aborted' });
    expect(facts().stats().reads.waiting).toBe(0);
    controller.abort();
    await long;
    await untilStopped();
  });

  test('inserts, commands and pings do not wait for reads', async () => {
    const controller = new AbortController();
    const long = Promise.allSettled([1, 2].map(() => facts().query(ENDLESS, { ...one, signal: controller.signal })));
    await facts().insert('inventory', '{"organization":1,"time":0}\n', { token: 'beside', rows: 1 });
    await facts().command(sql`OPTIMIZE TABLE inventory FINAL`);
    await facts().ping(5_000);
    controller.abort();
    await long;
    await untilStopped();
  });

  test('UTC is the zone of everything', async () => {
    const rows = tupleOf(column.text, column.text);
    const query = sql`SELECT timezone(), toString(toDateTime('2024-07-01 12:00:00')::DateTime('UTC'))`;
    expect(await facts().query(query, { tag: 'test', rows })).toEqual([['UTC', '2024-07-01 12:00:00']]);
  });

  test('a wrong statement is a refusal', async () => {
    await expect(facts().query(sql`SELECT nothing FROM nowhere`, one)).rejects.toMatchObject({
      name: 'FactsError',
      code: 60,
    });
    await expect(facts().query(sql`SELEC 1`, one)).rejects.toMatchObject({ kind: 'rejected', code: 62 });
    await expect(facts().query(sql`SELECT 1 AS a, 2 AS b`, one)).rejects.toThrow(TypeError);
  });
});
