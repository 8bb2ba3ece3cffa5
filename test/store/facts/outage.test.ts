import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { FactsStore } from '../../../src/store/facts/facts-store.ts';
import { openFacts } from '../../../src/store/facts/open-facts.ts';
import { column, tupleOf } from '../../../src/store/facts/rows.ts';
import { sql } from '../../../src/store/facts/sql.ts';
import type { Behaviour } from '../../support/clickhouse-http-bridge.ts';
import { bridgeOf } from '../../support/facts.ts';
import { ask, countOf, linesOf } from './rows-of-requests.ts';

const one = { tag: 'test', rows: tupleOf(column.integer) };
const ROW = linesOf([{ organization: 1, time: 0, app: 'a', key: 'k', count: 3 }]);

describe('a served store that fails', () => {
  const bridge = bridgeOf();
  let databases = 0;

  async function opened(options: { migrated: boolean } = { migrated: true }): Promise<FactsStore> {
    databases += 1;
    const facts = await openFacts(bridge().url(`outage_${databases}`));
    onTestFinished(() => facts.close());
    if (options.migrated) await facts.migrate();
    return facts;
  }

  test.each<[Behaviour, string]>([
    [{ kind: 'reset' }, 'unavailable'],
    [{ kind: 'status', status: 502, body: '<html>Bad Gateway</html>' }, 'unavailable'],
    [{ kind: 'status', status: 503, body: '' }, 'unavailable'],
    [{ kind: 'exception', code: 202, name: 'TOO_MANY_SIMULTANEOUS_QUERIES' }, 'overloaded'],
    [{ kind: 'exception', code: 252, name: 'TOO_MANY_PARTS' }, 'overloaded'],
    [{ kind: 'exception', code: 243, name: 'NOT_ENOUGH_SPACE' }, 'disk_full'],
    [{ kind: 'exception', code: 242, name: 'TABLE_IS_READ_ONLY' }, 'unavailable'],
    [{ kind: 'exception', code: 516, name: 'AUTHENTICATION_FAILED' }, 'unavailable'],
    [{ kind: 'exception', code: 49, name: 'LOGICAL_ERROR' }, 'unavailable'],
  ])('rows wait while it behaves like %o, and arrive once afterwards', async (behaviour, kind) => {
    const facts = await opened();
    await bridge().behave(behaviour);
    await expect(facts.insert('events', ROW, { token: 't', rows: 1 })).rejects.toMatchObject({
      name: 'FactsError',
      kind,
    });
    await expect(facts.ping()).rejects.toMatchObject({ name: 'FactsError' });
    await expect(facts.query(sql`SELECT 1`, one)).rejects.toMatchObject({ name: 'FactsError' });
    await expect(facts.stream(sql`SELECT 1`, 'JSONEachRow', one)).rejects.toMatchObject({ name: 'FactsError' });
    await bridge().behave({ kind: 'normal' });
    await facts.insert('events', ROW, { token: 't', rows: 1 });
    expect(await countOf(facts, 'events')).toBe(1);
    await facts.ping();
  });

  test('an insert whose answer was lost is not counted twice when it is said again', async () => {
    const facts = await opened();
    await bridge().behave({ kind: 'lose-answer' });
    const insert = facts.insert('events', ROW, { token: 'lost', rows: 1 });
    await expect(insert).rejects.toMatchObject({ kind: 'unavailable' });
    await facts.insert('events', ROW, { token: 'lost', rows: 1 });
    expect(await countOf(facts, 'events')).toBe(1);
    expect(await ask(facts, sql`SELECT sum(count) FROM events_15m`)).toBe(3);
  });

  test('a server that takes requests and never answers is a timeout', async () => {
    const facts = await opened();
    await bridge().behave({ kind: 'hang' });
    const started = performance.now();
    await expect(facts.ping(300)).rejects.toMatchObject({ kind: 'timeout' });
    expect(performance.now() - started).toBeLessThan(2_000);
    await expect(facts.query(sql`SELECT 1`, { ...one, timeoutMs: 200 })).rejects.toMatchObject({ kind: 'timeout' });
    const insert = facts.insert('events', ROW, { token: 'hung', rows: 1, timeoutMs: 200 });
    await expect(insert).rejects.toMatchObject({ kind: 'timeout' });
    await bridge().behave({ kind: 'normal' });
    await facts.insert('events', ROW, { token: 'hung', rows: 1 });
    expect(await countOf(facts, 'events')).toBe(1);
  });

  test('a slow server is waited for', async () => {
    const facts = await opened();
    await bridge().behave({ kind: 'slow', delayMs: 700 });
    const started = performance.now();
    await facts.insert('events', ROW, { token: 'slow', rows: 1 });
    expect(performance.now() - started).toBeGreaterThan(600);
    await bridge().behave({ kind: 'normal' });
  });

  test('a store may be opened before its server is up, and goes on when the server comes back', async () => {
    await bridge().kill();
    const facts = await opened({ migrated: false });
    await expect(facts.migrate()).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(facts.ping()).rejects.toMatchObject({ kind: 'unavailable' });
    await bridge().start();
    await facts.migrate();
    await facts.insert('events', ROW, { token: 'up', rows: 1 });
    await bridge().kill();
    await expect(facts.insert('events', ROW, { token: 'down', rows: 1 })).rejects.toMatchObject({
      kind: 'unavailable',
    });
    await bridge().start();
    await facts.insert('events', ROW, { token: 'up', rows: 1 });
    await facts.insert('events', ROW, { token: 'down', rows: 1 });
    expect(await countOf(facts, 'events')).toBe(2);
  });

  test('a server that dies in the middle of an export ends it with an error', async () => {
    const facts = await opened();
    const endless = sql`SELECT number FROM numbers(1000000000000)`;
    const stream = await facts.stream(endless, 'JSONEachRow', { tag: 'test' });
    const reading = (async () => {
      for await (const _ of stream) continue;
    })();
    const ended = expect(reading).rejects.toMatchObject({ name: 'FactsError', kind: 'unavailable' });
    await sleep(200);
    await bridge().kill();
    await ended;
    await bridge().start();
  });

  test('the wrong password is told as what it is', async () => {
    const url = new URL(bridge().url());
    url.password = 'wrong';
    const facts = await openFacts(url.href);
    onTestFinished(() => facts.close());
    await expect(facts.migrate()).rejects.toMatchObject({ kind: 'unavailable', code: 516 });
  });

  test('tables that are not there yet keep the rows waiting', async () => {
    const facts = await opened({ migrated: false });
    await expect(facts.insert('events', ROW, { token: 't', rows: 1 })).rejects.toMatchObject({ kind: 'unavailable' });
    await facts.migrate();
    await facts.insert('events', ROW, { token: 't', rows: 1 });
    expect(await countOf(facts, 'events')).toBe(1);
  });

  test('what comes after close is refused, and close may be called twice', async () => {
    const facts = await opened();
    const running = facts.query(sql`SELECT sleep(0.3)`, one);
    const closing = facts.close();
    await facts.close();
    await closing;
    expect(await running).toEqual([[0]]);
    await expect(facts.query(sql`SELECT 1`, one)).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(facts.insert('events', ROW, { token: 't', rows: 1 })).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
