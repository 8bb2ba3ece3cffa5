import { chmodSync, copyFileSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openRecords } from '../../../src/store/records/open-records.ts';
import { Turn } from '../../../src/store/records/sqlite/turn.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { opened } from './engines.ts';

test('the file and its directory are made, for their owner only', async () => {
  const directory = temporaryDirectory();
  const records = await opened(`sqlite:${directory}/deep/er/records.db`);
  await records.migrate();
  const files = readdirSync(join(directory, 'deep/er'));
  expect(files.toSorted()).toEqual(['records.db', 'records.db-shm', 'records.db-wal']);
  for (const file of files) expect(statSync(join(directory, 'deep/er', file)).mode & 0o777).toBe(0o600);
});

test('sqlite:///path names the absolute path, spaces and question marks included', async () => {
  const directory = temporaryDirectory();
  await opened(`sqlite://${directory}/my records?.db`);
  expect(readdirSync(directory)).toContain('my records?.db');
});

test('a commit is on disk before it is told: the log is synced at every commit', async () => {
  const records = await opened(`sqlite:${temporaryDirectory()}/records.db`);
  const pragma = async (name: string): Promise<unknown> =>
    Object.values((await sql<Record<string, unknown>>`pragma ${sql.raw(name)}`.execute(records.db)).rows[0] ?? {})[0];
  expect(await pragma('journal_mode')).toBe('wal');
  expect(await pragma('synchronous')).toBe(2);
  expect(await pragma('foreign_keys')).toBe(1);
});

test('when closed, the file alone holds everything', async () => {
  const directory = temporaryDirectory();
  const records = await openRecords(`sqlite:${directory}/records.db`);
  await records.migrate();
  await records.db.insertInto('settings').values({ key: 'a', value: 'b' }).execute();
  await records.close();
  copyFileSync(join(directory, 'records.db'), join(directory, 'copy.db'));
  const copy = await opened(`sqlite:${directory}/copy.db`);
  expect(await copy.db.selectFrom('settings').selectAll().execute()).toEqual([{ key: 'a', value: 'b' }]);
});

test('a file that is no database is refused with its path', async () => {
  const file = join(temporaryDirectory(), 'records.db');
  writeFileSync(file, 'this is a letter, not a database; '.repeat(1000));
  await expect(openRecords(`sqlite:${file}`)).rejects.toMatchObject({
    kind: 'corrupt',
    message: `cannot open the records store ${file}: file is not a database`,
  });
});

test('a path that is a directory, and one below a file, are refused with the path', async () => {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, 'folder'));
  writeFileSync(join(directory, 'file'), '');
  for (const path of ['folder', 'file/records.db']) {
    await expect(openRecords(`sqlite:${directory}/${path}`)).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining(join(directory, path)) as string,
    });
  }
});

test('a full disk is `full`, undoes the transaction, and the store works again when there is space', async () => {
  const records = await opened(`sqlite:${temporaryDirectory()}/records.db`);
  await records.migrate();
  await sql`pragma max_page_count = 200`.execute(records.db);
  const fill = records.transaction(async (tx) => {
    for (let n = 0; n < 200; n += 1) {
      await tx
        .insertInto('settings')
        .values({ key: `k${n}`, value: 'x'.repeat(10_000) })
        .execute();
    }
  });
  await expect(fill).rejects.toMatchObject({ kind: 'full' });
  expect(await records.db.selectFrom('settings').selectAll().execute()).toEqual([]);
  await sql`pragma max_page_count = 1000000`.execute(records.db);
  await records.db.insertInto('settings').values({ key: 'a', value: 'b' }).execute();
  expect(await records.db.selectFrom('settings').select('key').execute()).toEqual([{ key: 'a' }]);
});

test('a file that may only be read is refused, or its writes are `unavailable`', async () => {
  if (process.getuid?.() === 0) {
    // Root may write to everything, so the file itself says no.
    const records = await opened(`sqlite:${temporaryDirectory()}/records.db`);
    await records.migrate();
    await sql`pragma query_only = on`.execute(records.db);
    const write = records.db.insertInto('settings').values({ key: 'a', value: 'b' }).execute();
    await expect(write).rejects.toMatchObject({ kind: 'unavailable' });
    return;
  }
  const file = join(temporaryDirectory(), 'records.db');
  writeFileSync(file, '');
  chmodSync(file, 0o400);
  await expect(openRecords(`sqlite:${file}`)).rejects.toMatchObject({ kind: 'unavailable' });
});

test('reads cannot write, whatever their text says', async () => {
  const records = await opened(`sqlite:${temporaryDirectory()}/records.db`);
  await records.migrate();
  const { rows } = await sql<{ query_only: number }>`select * from pragma_query_only`.execute(records.db);
  expect(rows).toEqual([{ query_only: 1 }]);
});

test('a write that waits for its own transaction fails after the limit and leaves the queue in order', async () => {
  const turn = new Turn(50);
  const order: string[] = [];
  await turn.take();
  await expect(turn.take()).rejects.toMatchObject({ kind: 'busy' });
  const second = turn.take().then(() => order.push('second'));
  const third = turn.take().then(() => order.push('third'));
  turn.give();
  await second;
  await sleep(5);
  expect(order).toEqual(['second']);
  turn.give();
  await third;
  expect(order).toEqual(['second', 'third']);
});
