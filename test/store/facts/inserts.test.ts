import { describe, expect, test } from 'vitest';
import { column, tupleOf } from '../../../src/store/facts/rows.ts';
import { param, sql } from '../../../src/store/facts/sql.ts';
import { factsEngines, factsOf } from '../../support/facts.ts';
import { ask, countOf, linesOf } from './rows-of-requests.ts';

describe.each(factsEngines)('insert into $name', (engine) => {
  const facts = factsOf(engine);

  test('what was written is read', async () => {
    await facts().insert(
      'requests',
      linesOf([
        { organization: 7, id: 'a-1', time: 1_700_000_000_123, service: 'api', status: 200, bytes: 9, duration_ms: 12 },
        { organization: 7, time: 1_700_000_000_124, service: 'api', url: null, duration_ms: null },
      ]),
      { token: 'read', rows: 2 },
    );
    const rows = tupleOf(
      column.text,
      column.integer,
      column.integer,
      column.count,
      column.nullable(column.count),
      column.text,
      column.count,
    );
    const query = sql`SELECT id, toUnixTimestamp64Milli(time), status, bytes, duration_ms, url, count FROM requests
      WHERE organization = 7 ORDER BY time`;
    expect(await facts().query(query, { tag: 'test', rows })).toEqual([
      ['a-1', 1_700_000_000_123, 200, 9, 12, '', 1],
      ['', 1_700_000_000_124, 0, 0, null, '', 1],
    ]);
  });

  test('a token stores its block once, in the rollups too', async () => {
    const rows = [{ organization: 1, time: 0, array: 'A', device: 'D', count: 5, dwell_ms: 100 }];
    for (const token of ['first', 'first', 'second', 'first', 'second']) {
      await facts().insert('visits', linesOf(rows), { token, rows: 1 });
    }
    expect(await countOf(facts(), 'visits')).toBe(2);
    expect(await ask(facts(), sql`SELECT sum(count) FROM visits_15m`)).toBe(10);
    expect(await ask(facts(), sql`SELECT sum(dwell_ms_sum) FROM visits_15m`)).toBe(200);
  });

  test('the same rows under another token are other rows', async () => {
    const rows = linesOf([{ organization: 2, time: 0, kind: 'domain', uid: 'same' }]);
    await facts().insert('inventory', rows, { token: 'one', rows: 1 });
    await facts().insert('inventory', rows, { token: 'two', rows: 1 });
    expect(await ask(facts(), sql`SELECT count() FROM inventory WHERE organization = 2`)).toBe(2);
  });

  test('the same token in another table is another block', async () => {
    await facts().insert('inventory', linesOf([{ organization: 3, time: 0 }]), { token: 'shared', rows: 1 });
    await facts().insert('usage', linesOf([{ organization: 3, time: 0 }]), { token: 'shared', rows: 1 });
    expect(await ask(facts(), sql`SELECT count() FROM inventory WHERE organization = 3`)).toBe(1);
    expect(await ask(facts(), sql`SELECT count() FROM usage WHERE organization = 3`)).toBe(1);
  });

  test('pieces are put together', async () => {
    const line = (uid: string): string => linesOf([{ organization: 4, time: 0, kind: 'domain', uid }]);
    await facts().insert('inventory', [line('a'), Buffer.from(line('é')), line('c')], { token: 'pieces', rows: 3 });
    const query = sql`SELECT uid FROM inventory WHERE organization = 4 ORDER BY uid`;
    expect(await facts().query(query, { tag: 'test', rows: tupleOf(column.text) })).toEqual([['a'], ['c'], ['é']]);
  });

  test('no rows are no insert', async () => {
    await facts().insert('inventory', '', { token: 'nothing', rows: 0 });
    await facts().insert('inventory', [], { token: 'nothing', rows: 0 });
  });

  test.each([
    ['a time that is none', { time: 'yesterday' }],
    ['a column nobody knows', { time: 0, colour: 'red' }],
    ['a negative count', { time: 0, count: -1 }],
    ['a fraction for an integer', { time: 0, count: 1.5 }],
  ])('one bad row refuses all: %s', async (name, bad) => {
    const before = [await countOf(facts(), 'events'), await countOf(facts(), 'events_15m')];
    const good = Array.from({ length: 1_000 }, (_, n) => ({ organization: 5, time: n, app: 'a', key: 'k' }));
    const insert = facts().insert('events', linesOf([...good, { organization: 5, ...bad }, ...good]), {
      token: `bad ${name}`,
      rows: 2_001,
    });
    await expect(insert).rejects.toMatchObject({ name: 'FactsError', kind: 'rejected' });
    expect([await countOf(facts(), 'events'), await countOf(facts(), 'events_15m')]).toEqual(before);
  });

  test('bytes that are no JSON refuse', async () => {
    const insert = facts().insert('events', Buffer.from([0x7b, 0xff, 0x00]), { token: 'noise', rows: 1 });
    await expect(insert).rejects.toMatchObject({ kind: 'rejected' });
  });

  test('a token that was refused is not used up', async () => {
    const bad = facts().insert('inventory', linesOf([{ organization: 6, time: {} }]), { token: 'again', rows: 1 });
    await expect(bad).rejects.toMatchObject({ kind: 'rejected' });
    await facts().insert('inventory', linesOf([{ organization: 6, time: 0 }]), { token: 'again', rows: 1 });
    expect(await ask(facts(), sql`SELECT count() FROM inventory WHERE organization = 6`)).toBe(1);
  });

  test('every instant is exact, however far', async () => {
    const times = [
      0,
      1,
      -1,
      999,
      -999,
      -1_000,
      -1_001,
      1_970,
      9_999,
      10_000,
      1_700_000_000_123,
      -62_135_596_800_000,
      253_402_300_799_999,
      -2_208_988_800_001,
      4_294_967_296_000,
      10_413_792_000_000,
      8_640_000_000_000_000,
      -8_640_000_000_000_000,
      Number.MAX_SAFE_INTEGER,
      Number.MIN_SAFE_INTEGER,
    ];
    await facts().insert('inventory', linesOf(times.map((time) => ({ organization: 8, time }))), {
      token: 'times',
      rows: times.length,
    });
    const ordered = sql`SELECT toUnixTimestamp64Milli(time) FROM inventory WHERE organization = 8 ORDER BY time`;
    const expected = [...times].sort((a, b) => a - b).map((time) => [time]);
    expect(await facts().query(ordered, { tag: 'test', rows: tupleOf(column.integer) })).toEqual(expected);
    for (const time of times.filter((at) => Math.abs(at) < Number.MAX_SAFE_INTEGER)) {
      const at = sql`SELECT count() FROM inventory WHERE organization = 8
        AND time >= ${param.instant(time)} AND time < ${param.instant(time + 1)}`;
      expect([time, await ask(facts(), at)]).toEqual([time, 1]);
    }
  });

  test('the largest integers of the fields are exact', async () => {
    const most = Number.MAX_SAFE_INTEGER;
    const row = { organization: 9, time: 0, application: most, bytes: most, count: most, duration_ms: most };
    await facts().insert('requests', linesOf([row, row]), { token: 'most', rows: 2 });
    const rows = tupleOf(column.count, column.count, column.count, column.count);
    const raw = sql`SELECT max(application), sum(bytes), sum(count), sum(duration_ms) FROM requests
      WHERE organization = 9`;
    const twice = 2n * BigInt(most);
    expect(await facts().query(raw, { tag: 'test', rows })).toEqual([[most, twice, twice, twice]]);
    const rollup = sql`SELECT 0, sum(bytes), sum(count), sum(duration_ms_sum) FROM requests_15m WHERE organization = 9`;
    expect(await facts().query(rollup, { tag: 'test', rows })).toEqual([[0, twice, twice, twice]]);
  });

  test('100,000 rows over 30 years in as many keys are one block, and their replay is dropped', async () => {
    const YEAR_MS = 31_557_600_000;
    const lines = Array.from({ length: 100_000 }, (_, n) => {
      const time = 700_000_000_000 + (n % 30) * YEAR_MS + n;
      return `{"organization":10,"time":${time},"device":"D${n}","array":"A${n % 7}","count":2,"dwell_ms":${n}}\n`;
    });
    const payload = Buffer.from(lines.join(''));
    for (let turn = 0; turn < 2; turn += 1) {
      await facts().insert('visits', payload, { token: 'large', rows: lines.length });
      expect(await ask(facts(), sql`SELECT count() FROM visits WHERE organization = 10`)).toBe(100_000);
      expect(await ask(facts(), sql`SELECT sum(rows) FROM visits_15m WHERE organization = 10`)).toBe(100_000);
      expect(await ask(facts(), sql`SELECT sum(dwell_ms_sum) FROM visits_15m WHERE organization = 10`)).toBe(
        4_999_950_000,
      );
    }
  }, 120_000);

  test('more rows than one block takes are a bug', async () => {
    await expect(facts().insert('visits', '', { token: 'x', rows: 100_001 })).rejects.toThrow(RangeError);
  });

  test('inserts at the same time wait for each other and all arrive', async () => {
    const jobs = Array.from({ length: 20 }, (_, n) => {
      return facts().insert('inventory', linesOf([{ organization: 11, time: n }]), { token: `job ${n}`, rows: 1 });
    });
    await Promise.all(jobs);
    expect(await ask(facts(), sql`SELECT count() FROM inventory WHERE organization = 11`)).toBe(20);
  });
});
