import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely, sql } from 'kysely';
import { describe, expect, onTestFinished, test } from 'vitest';
import { migrate } from '../../../src/store/records/migrate.ts';
import { openRecords } from '../../../src/store/records/open-records.ts';
import type { RecordsSchema } from '../../../src/store/records/schema/index.ts';
import { DiskFlush, type Disk } from '../../../src/store/records/sqlite/disk-flush.ts';
import { openSqlite } from '../../../src/store/records/sqlite/open-sqlite.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { opened } from './engines.ts';

/** A disk that is done when it is told so. */
class SlowDisk implements Disk {
  /** While true it does not wait to be told. */
  quick = false;
  readonly begun: { readonly done: () => void; readonly fail: () => void }[] = [];

  sync(): Promise<void> {
    if (this.quick) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.begun.push({ done: resolve, fail: () => reject(new Error('EIO: i/o error')) });
    });
  }

  async close(): Promise<void> {}
}

/** Notes the order in which promises resolve. */
function noted(order: string[], name: string, promise: Promise<void>): Promise<void> {
  return promise.then(
    () => void order.push(name),
    (error: unknown) => void order.push(`${name}: ${error instanceof Error ? error.message.slice(0, 21) : ''}`),
  );
}

async function turns(): Promise<void> {
  for (let n = 0; n < 20; n += 1) await Promise.resolve();
}

describe('a flush', () => {
  test('serves the commits made before it began; those made meanwhile share the next', async () => {
    const disk = new SlowDisk();
    const flush = new DiskFlush(disk);
    const order: string[] = [];
    const all = [noted(order, 'a', flush.flushed())];
    all.push(noted(order, 'b', flush.flushed()), noted(order, 'c', flush.flushed()));
    await turns();
    expect(disk.begun).toHaveLength(1);
    disk.begun[0]?.done();
    await turns();
    expect(order).toEqual(['a']);
    expect(disk.begun).toHaveLength(2);
    all.push(noted(order, 'd', flush.flushed()));
    disk.begun[1]?.done();
    await turns();
    expect(order).toEqual(['a', 'b', 'c']);
    disk.begun[2]?.done();
    await Promise.all(all);
    expect(order).toEqual(['a', 'b', 'c', 'd']);
    expect(disk.begun).toHaveLength(3);
  });

  test('that fails fails everything after it, without asking the disk again', async () => {
    const disk = new SlowDisk();
    const flush = new DiskFlush(disk);
    const order: string[] = [];
    const all = [noted(order, 'a', flush.flushed()), noted(order, 'b', flush.flushed())];
    disk.begun[0]?.fail();
    await Promise.all(all);
    await noted(order, 'c', flush.flushed());
    expect(order).toEqual(['a: the disk did not take', 'b: the disk did not take', 'c: the disk did not take']);
    expect(disk.begun).toHaveLength(1);
    expect(() => flush.assertSound()).toThrow('start the server again');
  });
});

/** A store with its tables over a disk of the test's, open until the test ends. */
async function storeOver(file: string, disk: Disk): Promise<Kysely<RecordsSchema>> {
  const engine = await openSqlite(file, { flushBeside: () => disk });
  const db = new Kysely<RecordsSchema>({ dialect: engine.dialect });
  onTestFinished(() => db.destroy());
  await migrate(db, engine);
  return db;
}

async function setting(db: Kysely<RecordsSchema>, key: string): Promise<void> {
  await db.transaction().execute((tx) => tx.insertInto('settings').values({ key, value: 'x' }).execute());
}

describe('a store that is flushed beside', () => {
  test('tells of a commit when a flush that began after it has ended: a power cut takes nothing that was told', async () => {
    const directory = temporaryDirectory();
    const file = join(directory, 'records.db');
    let flushes = 0;
    // What the disk surely holds: the files as they were when the last flush that has ended began.
    const disk: Disk = {
      async sync() {
        flushes += 1;
        const copy = join(directory, `copy-${flushes}`);
        mkdirSync(copy);
        for (const name of ['records.db', 'records.db-wal']) {
          if (existsSync(join(directory, name))) copyFileSync(join(directory, name), join(copy, name));
        }
        await new Promise((resolve) => setTimeout(resolve, 2));
      },
      async close() {},
    };
    const db = await storeOver(file, disk);
    const lost: string[] = [];
    await Promise.all(
      Array.from({ length: 12 }, async (_, writer) => {
        for (let n = 0; n < 5; n += 1) {
          const key = `${writer}-${n}`;
          await setting(db, key);
          const kept = await openRecords(`sqlite:${join(directory, `copy-${flushes - 1}`, 'records.db')}`);
          const newest = await openRecords(`sqlite:${join(directory, `copy-${flushes}`, 'records.db')}`);
          // The newest flush may not have ended; one of the last two is the one that this commit waited for.
          const found = await Promise.all(
            [kept, newest].map(({ db: at }) =>
              at.selectFrom('settings').select('key').where('key', '=', key).execute(),
            ),
          );
          if (found.flat().length === 0) lost.push(key);
          await Promise.all([kept.close(), newest.close()]);
        }
      }),
    );
    expect(lost).toEqual([]);
    // Commits shared flushes.
    expect(flushes).toBeLessThan(60);
  });

  test('goes on with the next transaction while the disk works on the last', async () => {
    const disk = new SlowDisk();
    disk.quick = true;
    const db = await storeOver(join(temporaryDirectory(), 'records.db'), disk);
    disk.quick = false;
    const order: string[] = [];
    const first = noted(order, 'first', setting(db, 'a'));
    await turns();
    const second = noted(order, 'second', setting(db, 'b'));
    await expect
      .poll(() => db.selectFrom('settings').select('key').where('key', 'in', ['a', 'b']).execute())
      .toEqual([{ key: 'a' }, { key: 'b' }]);
    expect(order).toEqual([]);
    while (order.length < 2) {
      disk.begun.at(-1)?.done();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await Promise.all([first, second]);
    expect(order).toEqual(['first', 'second']);
  });

  test('whose disk fails refuses reads and writes until it is opened anew', async () => {
    const file = join(temporaryDirectory(), 'records.db');
    let failing = false;
    const disk: Disk = {
      sync: () => (failing ? Promise.reject(new Error('EIO: i/o error, fdatasync')) : Promise.resolve()),
      close: () => Promise.resolve(),
    };
    const db = await storeOver(file, disk);
    await setting(db, 'before');
    failing = true;
    const problem = { kind: 'unavailable', message: expect.stringContaining('EIO: i/o error, fdatasync') as string };
    await expect(setting(db, 'lost')).rejects.toMatchObject(problem);
    failing = false;
    await expect(setting(db, 'after')).rejects.toMatchObject(problem);
    await expect(db.insertInto('settings').values({ key: 'c', value: 'x' }).execute()).rejects.toMatchObject(problem);
    await expect(db.selectFrom('settings').selectAll().execute()).rejects.toMatchObject(problem);
    await db.destroy();
    const again = await opened(`sqlite:${file}`);
    const { rows } = await sql<{ key: string }>`select key from settings where key = 'before'`.execute(again.db);
    expect(rows).toEqual([{ key: 'before' }]);
    await again.db.insertInto('settings').values({ key: 'after', value: 'x' }).execute();
  });

  test('by its own thread commits, reads its writes and closes', async () => {
    const url = `sqlite:${join(temporaryDirectory(), 'records.db')}`;
    const records = await openRecords(url, { flushBeside: true });
    await records.migrate();
    const { rows } = await sql<{ synchronous: number }>`pragma synchronous`.execute(records.db);
    expect(rows).toEqual([{ synchronous: 1 }]);
    await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        records.transaction((tx) =>
          tx
            .insertInto('settings')
            .values({ key: `k${n}`, value: 'x' })
            .execute(),
        ),
      ),
    );
    await records.close();
    const again = await opened(url);
    expect(await again.db.selectFrom('settings').selectAll().execute()).toHaveLength(50);
  });
});
