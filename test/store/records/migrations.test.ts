import { describe, expect, test } from 'vitest';
import { migrations } from '../../../src/store/records/migrations/index.ts';
import { engines, migrated, opened } from './engines.ts';
import { inProcess } from './in-process.ts';

describe.each(engines)('migrations on $name', ({ newStore }) => {
  test('an empty store gets every migration, in the order of their names', async () => {
    const records = await opened(await newStore());
    const { applied } = await records.migrate();
    expect(applied).toEqual(Object.keys(migrations).toSorted());
    expect(applied.slice(0, 2)).toEqual(['0001-core', '0002-directory']);
  });

  test('a second run applies nothing and keeps what is stored', async () => {
    const records = await migrated(newStore);
    await records.db.insertInto('settings').values({ key: 'kept', value: 'yes' }).execute();
    expect(await records.migrate()).toEqual({ applied: [] });
    expect(await records.db.selectFrom('settings').selectAll().execute()).toEqual([{ key: 'kept', value: 'yes' }]);
  });

  test('two connections of one process that migrate at once apply each migration once', async () => {
    const url = await newStore();
    const stores = [await opened(url), await opened(url)];
    const results = await Promise.all(stores.map((records) => records.migrate()));
    expect(results.flatMap(({ applied }) => applied).toSorted()).toEqual(Object.keys(migrations).toSorted());
  });

  test('three processes that start at once apply each migration once', async () => {
    const url = await newStore();
    const applied = await Promise.all([1, 2, 3].map(() => inProcess<string[]>('migrate', url)));
    expect(applied.flat().toSorted()).toEqual(Object.keys(migrations).toSorted());
  });

  test('a store that a newer version has migrated is refused by name and left alone', async () => {
    const records = await migrated(newStore);
    const meta = records.db.withTables<{ kysely_migration: { name: string; timestamp: string } }>();
    await meta.insertInto('kysely_migration').values({ name: '9999-later', timestamp: '2030-01-01' }).execute();
    await expect(records.migrate()).rejects.toThrow(/was made by a newer version \(it has "9999-later"\): upgrade/);
  });
});

test('both engines have the same tables with the same columns, null in the same places', async () => {
  const [first, second] = await Promise.all(
    engines.map(async ({ newStore }) => {
      const records = await migrated(newStore);
      const tables = await records.db.introspection.getTables();
      return tables
        .flatMap((table) =>
          table.columns.map((column) => `${table.name}.${column.name}${column.isNullable ? ' null' : ''}`),
        )
        .toSorted();
    }),
  );
  expect(first).toContain('outbox.payload');
  expect(first?.length).toBeGreaterThan(200);
  expect(second).toEqual(first);
});
