import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { epochMs } from '../../../src/domain/time/instant.ts';
import { migrations } from '../../../src/store/records/migrations/index.ts';
import type { Records, RecordsDatabase } from '../../../src/store/records/records.ts';
import { recordsTables, tableNames } from '../../../src/store/records/tables.ts';
import { engines, migrated, opened } from './engines.ts';

const put = (records: Records, key: string): Promise<unknown> =>
  records.db.insertInto('settings').values({ key, value: '' }).execute();

const keys = async (db: RecordsDatabase): Promise<string[]> =>
  (await db.selectFrom('settings').select('key').orderBy('key').execute()).map(({ key }) => key);

describe.each(engines)('a snapshot on $name', ({ newStore }) => {
  test('shows the store as it was when it began, while others write', async () => {
    const records = await migrated(newStore);
    await put(records, 'before');
    const seen = await records.snapshot(async (at) => {
      await put(records, 'during');
      await records.transaction((tx) => tx.deleteFrom('settings').where('key', '=', 'before').execute());
      return keys(at);
    });
    expect(seen).toEqual(['before']);
    expect(await keys(records.db)).toEqual(['during']);
  });

  test('the moment is the beginning of the call, not the first read of the caller', async () => {
    const records = await migrated(newStore);
    const seen = await records.snapshot(async (at) => {
      await put(records, 'late');
      return keys(at);
    });
    expect(seen).toEqual([]);
  });

  test('refuses to write', async () => {
    const records = await migrated(newStore);
    const attempt = records.snapshot((at) => at.insertInto('settings').values({ key: 'a', value: '' }).execute());
    await expect(attempt).rejects.toMatchObject({ name: 'RecordsError' });
    expect(await keys(records.db)).toEqual([]);
  });

  test('what is thrown inside comes out unchanged, and the next snapshot works', async () => {
    const records = await migrated(newStore);
    const thrown = new Error('mine');
    await expect(records.snapshot(() => Promise.reject(thrown))).rejects.toBe(thrown);
    expect(await records.snapshot(keys)).toEqual([]);
  });
});

describe.each(engines)('numbers on $name', ({ newStore }) => {
  const failure = (records: Records): Promise<{ id: number }> =>
    records.db
      .insertInto('audit')
      .values({ at: epochMs(1), event: 'login.failed', detail: '{}' })
      .returning('id')
      .executeTakeFirstOrThrow();

  test('the last number counts rows that are gone', async () => {
    const records = await migrated(newStore);
    expect(await records.lastNumber(records.db, 'audit')).toBe(0);
    await failure(records);
    const { id } = await failure(records);
    await records.db.deleteFrom('audit').execute();
    expect(await records.lastNumber(records.db, 'audit')).toBe(id);
  });

  test('after raising, the next number is higher; raising to a lower number does nothing', async () => {
    const records = await migrated(newStore);
    await records.transaction((tx) => records.raiseNumber(tx, 'audit', 41));
    expect(await failure(records)).toEqual({ id: 42 });
    await records.transaction((tx) => records.raiseNumber(tx, 'audit', 7));
    expect(await failure(records)).toEqual({ id: 43 });
  });
});

describe.each(engines)('what is known of the tables on $name', ({ newStore }) => {
  test('no table of the store is missing in the list', async () => {
    const records = await migrated(newStore);
    const tables = (await records.db.introspection.getTables()).map((table) => table.name);
    expect([...tableNames].toSorted()).toEqual(tables.toSorted());
  });

  test('the keys are those of the store', async () => {
    const records = await migrated(newStore);
    for (const name of tableNames) {
      expect({ name, key: await primaryKey(records, name) }).toEqual({ name, key: recordsTables[name].key });
    }
  });

  test('migrations are named: all missing before, all applied after', async () => {
    const records = await opened(await newStore());
    const all = Object.keys(migrations);
    expect(await records.migrations()).toEqual({ applied: [], missing: all });
    await records.migrate();
    expect(await records.migrations()).toEqual({ applied: all, missing: [] });
  });
});

async function primaryKey(records: Records, table: string): Promise<string[]> {
  const query = records.capabilities.rowLocks
    ? sql<{ name: string }>`
        select a.attname as name from pg_index i, unnest(i.indkey) with ordinality as k(number, position), pg_attribute a
        where i.indrelid = ${table}::regclass and i.indisprimary and a.attrelid = i.indrelid and a.attnum = k.number
        order by k.position`
    : sql<{ name: string }>`select name from pragma_table_info(${table}) where pk > 0 order by pk`;
  return (await query.execute(records.db)).rows.map(({ name }) => name);
}
