import { describe, expect, test } from 'vitest';
import { epochMs } from '../../../src/domain/time/instant.ts';
import type { Records } from '../../../src/store/records/records.ts';
import { engines, migrated, untyped } from './engines.ts';

const NOON = epochMs(1_763_726_400_000);

async function count(records: Records, outcome: string, n: number): Promise<void> {
  await records.db
    .insertInto('ledger')
    .values({ minute: NOON, organization: 1, source: 'native', stream: 'requests', outcome, count: n })
    .onConflict((conflict) =>
      conflict
        .columns(['minute', 'organization', 'source', 'stream', 'outcome'])
        .doUpdateSet((row) => ({ count: row('ledger.count', '+', row.ref('excluded.count')) })),
    )
    .execute();
}

function setting(records: Records, key: string, value: unknown): Promise<unknown> {
  return untyped(records).insertInto('settings').values({ key, value }).execute();
}

const valueOf = async (records: Records, key: string): Promise<unknown> =>
  (await records.db.selectFrom('settings').select('value').where('key', '=', key).executeTakeFirst())?.value;

describe.each(engines)('statements on $name', ({ newStore }) => {
  test('counts add up beyond 32 bits and are numbers when read', async () => {
    const records = await migrated(newStore);
    await count(records, 'accepted', 2_147_483_647);
    await count(records, 'accepted', 2_147_483_647);
    await count(records, 'received', 9_007_199_254_740_990);
    await count(records, 'received', 1);
    const rows = await records.db.selectFrom('ledger').select(['outcome', 'count']).orderBy('outcome').execute();
    expect(rows).toEqual([
      { outcome: 'accepted', count: 4_294_967_294 },
      { outcome: 'received', count: 9_007_199_254_740_991 },
    ]);
  });

  test('sums and row counts are numbers', async () => {
    const records = await migrated(newStore);
    await count(records, 'accepted', 3_000_000_000);
    await count(records, 'duplicate', 4);
    const row = await records.db
      .selectFrom('ledger')
      .select((select) => [select.fn.sum('count').as('sum'), select.fn.countAll().as('rows')])
      .executeTakeFirstOrThrow();
    expect(row).toEqual({ sum: 3_000_000_004, rows: 2 });
  });

  test('an integer that no number can hold exactly is refused when read, not rounded', async () => {
    const records = await migrated(newStore);
    await records.db.insertInto('states').values({ kind: 'k', key: 'x', value: '{}', updated_at: NOON }).execute();
    await untyped(records)
      .updateTable('states')
      .set({ updated_at: 2n ** 60n })
      .execute();
    const read = records.db.selectFrom('states').select('updated_at').execute();
    await expect(read).rejects.toMatchObject({ name: 'RecordsError', kind: 'invalid_value' });
  });

  test.each([
    ['several scripts', 'Ünïcödé — Ελληνικά, עברית, 日本語, ไทย'],
    ['outside the basic plane', '𝄞 👩‍👩‍👧‍👦 \u{10FFFD}'],
    ['combining marks, not normalized', 'e\u0301 \u00E9'],
    ['line separators', 'a\u2028b\u2029c\r\n\td'],
    ['quotes and comments', `'; drop table settings; -- " \\ $1 ? :x @y /* */`],
    ['a tautology', "' or '1'='1"],
    ['a template', '${process.exit(1)} {{7*7}} %s %n'],
  ])('text comes back as it went in: %s', async (_, text) => {
    const records = await migrated(newStore);
    await setting(records, text, text);
    expect(await valueOf(records, text)).toBe(text);
    expect(await valueOf(records, `${text}x`)).toBeUndefined();
    const all = await records.db.selectFrom('settings').selectAll().execute();
    expect(all).toEqual([{ key: text, value: text }]);
  });

  test('five megabytes of text come back as they went in', async () => {
    const records = await migrated(newStore);
    const text = 'zwölf Zeichen'.repeat(400_000);
    await setting(records, 'long', text);
    expect(await valueOf(records, 'long')).toBe(text);
  });

  test('text is ordered by its bytes', async () => {
    const records = await migrated(newStore);
    for (const key of ['a', 'B', 'é', 'z', 'Z', '_', 'ß', '10', '9']) await setting(records, key, '');
    const rows = await records.db.selectFrom('settings').select('key').orderBy('key').execute();
    expect(rows.map(({ key }) => key)).toEqual(['10', '9', 'B', 'Z', '_', 'a', 'z', 'ß', 'é']);
  });

  test.each([
    ['U+0000, which one engine refuses and the other cuts at', 'a\0b'],
    ['a number that is none', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['an object', { a: 1 }],
    ['an array', ['a']],
    ['a date', new Date(0)],
  ])('a value that the engines would store differently is refused: %s', async (_, value) => {
    const records = await migrated(newStore);
    await expect(setting(records, 'key', value)).rejects.toMatchObject({ kind: 'invalid_value' });
    expect(await valueOf(records, 'key')).toBeUndefined();
  });

  test('a number does not become text and text does not become a number', async () => {
    const records = await migrated(newStore);
    const insert = untyped(records)
      .insertInto('states')
      .values({ kind: 'k', key: 'x', value: '{}', updated_at: 'soon' });
    await expect(insert.execute()).rejects.toMatchObject({ kind: 'invalid_value' });
  });

  test('truth is stored as 1 and 0', async () => {
    const records = await migrated(newStore);
    await untyped(records)
      .insertInto('organizations')
      .values({
        public_id: 'p',
        uid: 'u',
        key: 'K',
        name: 'n',
        sso: true,
        suspended: false,
        created_at: 1,
        updated_at: 1,
        timezone: undefined,
      })
      .execute();
    const row = await records.db
      .selectFrom('organizations')
      .select(['sso', 'suspended', 'analytics_enabled', 'timezone'])
      .executeTakeFirstOrThrow();
    expect(row).toEqual({ sso: 1, suspended: 0, analytics_enabled: 1, timezone: null });
  });

  test('an insert that skips what exists returns the rows it added and no others', async () => {
    const records = await migrated(newStore);
    const insert = (keys: readonly string[]): Promise<{ key: string }[]> =>
      records.db
        .insertInto('claims')
        .values(keys.map((key) => ({ key, fingerprint: null, answer: null, at: NOON })))
        .onConflict((conflict) => conflict.column('key').doNothing())
        .returning('key')
        .execute();
    expect(await insert(['a', 'b'])).toEqual([{ key: 'a' }, { key: 'b' }]);
    expect(await insert(['b', 'c', 'a'])).toEqual([{ key: 'c' }]);
  });

  test('a statement carries as many values as promised', async () => {
    const records = await migrated(newStore);
    const rows = Array.from({ length: records.capabilities.maxParameters / 2 }, (_, n) => ({
      key: `k${n}`,
      value: 'v',
    }));
    await records.db.insertInto('settings').values(rows).execute();
    const { n } = await records.db
      .selectFrom('settings')
      .select((select) => select.fn.countAll().as('n'))
      .executeTakeFirstOrThrow();
    expect(n).toBe(rows.length);
    expect(n).toBeGreaterThanOrEqual(16_000);
  });

  test('the number of an outbox record is never given twice', async () => {
    const records = await migrated(newStore);
    const append = async (): Promise<number> => {
      const { seq } = await records.db
        .insertInto('outbox')
        .values({ stream: 'requests', rows: 1, bytes: 3, payload: '{}\n', batch: null, committed_at: NOON })
        .returning('seq')
        .executeTakeFirstOrThrow();
      return seq;
    };
    const first = await append();
    const second = await append();
    await records.db.deleteFrom('outbox').execute();
    expect(second).toBeGreaterThan(first);
    expect(await append()).toBeGreaterThan(second);
  });

  test('affected rows are counted', async () => {
    const records = await migrated(newStore);
    for (const key of ['a', 'b', 'c']) await setting(records, key, 'old');
    const updated = await records.db.updateTable('settings').set({ value: 'new' }).where('key', '>', 'a').execute();
    expect(updated[0]?.numUpdatedRows).toBe(2n);
    const deleted = await records.db.deleteFrom('settings').where('value', '=', 'new').execute();
    expect(deleted[0]?.numDeletedRows).toBe(2n);
  });

  test('the store grows when rows are added', async () => {
    const records = await migrated(newStore);
    const before = await records.size();
    await setting(
      records,
      'long',
      'x'.repeat(3_000_000).replace(/x/g, () => String.fromCharCode(33 + Math.random() * 90)),
    );
    const after = await records.size();
    expect(before.bytes).toBeGreaterThan(100_000);
    expect(after.bytes - before.bytes).toBeGreaterThan(1_000_000);
  });
});
