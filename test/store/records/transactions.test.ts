import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { bumpDirectoryVersion, directoryVersion } from '../../../src/store/records/directory-version.ts';
import type { Records, RecordsTransaction } from '../../../src/store/records/records.ts';
import { engines, migrated, opened } from './engines.ts';

const put = (tx: RecordsTransaction, key: string, value = ''): Promise<unknown> =>
  tx.insertInto('settings').values({ key, value }).execute();

const keys = async (records: Records): Promise<string[]> =>
  (await records.db.selectFrom('settings').select('key').orderBy('key').execute()).map(({ key }) => key);

async function addTo(tx: RecordsTransaction, key: string, amount: number): Promise<void> {
  const row = await tx
    .selectFrom('settings')
    .select('value')
    .where('key', '=', key)
    .$if(tx.capabilities.rowLocks, (query) => query.forUpdate())
    .executeTakeFirstOrThrow();
  await tx
    .updateTable('settings')
    .set({ value: String(Number(row.value) + amount) })
    .where('key', '=', key)
    .execute();
}

describe.each(engines)('transactions on $name', ({ newStore }) => {
  test('what a transaction returns is returned, and what it wrote is seen by others', async () => {
    const url = await newStore();
    const [records, other] = [await opened(url), await opened(url)];
    await records.migrate();
    const result = await records.transaction(async (tx) => {
      await put(tx, 'a');
      await put(tx, 'b');
      return 'both';
    });
    expect(result).toBe('both');
    expect(await keys(other)).toEqual(['a', 'b']);
  });

  test('an error thrown inside undoes everything and comes out unchanged', async () => {
    const records = await migrated(newStore);
    const thrown = new Error('mine');
    const transaction = records.transaction(async (tx) => {
      await put(tx, 'a');
      throw thrown;
    });
    await expect(transaction).rejects.toBe(thrown);
    expect(await keys(records)).toEqual([]);
  });

  test('after a failed statement nothing more is done, even if the error is swallowed', async () => {
    const records = await migrated(newStore);
    await put(records.db, 'taken');
    const transaction = records.transaction(async (tx) => {
      await put(tx, 'before');
      await put(tx, 'taken').catch(() => {});
      await put(tx, 'after');
    });
    await expect(transaction).rejects.toMatchObject({ name: 'RecordsError' });
    expect(await keys(records)).toEqual(['taken']);
  });

  test('a failed statement cannot be committed by ending well', async () => {
    const records = await migrated(newStore);
    await put(records.db, 'taken');
    const transaction = records.transaction(async (tx) => {
      await put(tx, 'before');
      await put(tx, 'taken').catch(() => {});
    });
    await expect(transaction).rejects.toThrow('a statement of this transaction has failed');
    expect(await keys(records)).toEqual(['taken']);
  });

  test('the store works on after a transaction that failed', async () => {
    const records = await migrated(newStore);
    await records.transaction((tx) => put(tx, 'a').then(() => put(tx, 'a'))).catch(() => {});
    await records.transaction((tx) => put(tx, 'a'));
    expect(await keys(records)).toEqual(['a']);
  });

  test('forty transactions at once that read and write one row lose no step', async () => {
    const records = await migrated(newStore);
    await put(records.db, 'counter', '0');
    await Promise.all(Array.from({ length: 40 }, () => records.transaction((tx) => addTo(tx, 'counter', 1))));
    expect(await records.db.selectFrom('settings').selectAll().execute()).toEqual([{ key: 'counter', value: '40' }]);
  });

  test('two transactions that want two rows in opposite order both succeed', async () => {
    const records = await migrated(newStore);
    await put(records.db, 'a', '0');
    await put(records.db, 'b', '0');
    const both = (first: string, second: string): Promise<void> =>
      records.transaction(async (tx) => {
        await addTo(tx, first, 1);
        await sleep(150);
        await addTo(tx, second, 1);
      });
    await Promise.all([both('a', 'b'), both('b', 'a')]);
    const rows = await records.db.selectFrom('settings').selectAll().orderBy('key').execute();
    expect(rows).toEqual([
      { key: 'a', value: '2' },
      { key: 'b', value: '2' },
    ]);
  });

  test('a read beside an open transaction does not wait and sees what was committed before', async () => {
    const records = await migrated(newStore);
    let seen: string[] | undefined;
    await records.transaction(async (tx) => {
      await put(tx, 'open');
      seen = await keys(records);
    });
    expect(seen).toEqual([]);
    expect(await keys(records)).toEqual(['open']);
  });

  test('closing waits for a running transaction, which is kept', async () => {
    const url = await newStore();
    const records = await opened(url);
    await records.migrate();
    const running = records.transaction(async (tx) => {
      await put(tx, 'late');
      await sleep(100);
    });
    await sleep(20);
    await Promise.all([records.close(), running]);
    expect(await keys(await opened(url))).toEqual(['late']);
  });

  test('the directory version grows with each change that is kept, for every connection', async () => {
    const url = await newStore();
    const [records, other] = [await opened(url), await opened(url)];
    await records.migrate();
    expect(await directoryVersion(other.db)).toBe(0);
    await records.transaction((tx) => bumpDirectoryVersion(tx));
    await records
      .transaction((tx) => bumpDirectoryVersion(tx).then(() => Promise.reject(new Error('no'))))
      .catch(() => {});
    expect(await directoryVersion(other.db)).toBe(1);
    await Promise.all([records, other, records].map((store) => store.transaction((tx) => bumpDirectoryVersion(tx))));
    expect(await directoryVersion(other.db)).toBe(4);
  });
});
