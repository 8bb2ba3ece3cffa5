import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { assertNotHalfRestored } from '../../src/backup/half-restored.ts';
import { emptyFacts } from '../../src/backup/restore-facts.ts';
import { epochMs } from '../../src/domain/time/instant.ts';
import type { FactsStore } from '../../src/store/facts/facts-store.ts';
import { countRows } from '../../src/store/facts/frozen-tables.ts';
import { column, tupleOf } from '../../src/store/facts/rows.ts';
import { sql } from '../../src/store/facts/sql.ts';
import { openRecords } from '../../src/store/records/open-records.ts';
import type { Records } from '../../src/store/records/records.ts';
import { engines, migrated, opened } from '../store/records/engines.ts';
import { factsEngines, factsOf } from '../support/facts.ts';
import { temporaryDirectory, temporaryDirectoryOfSuite } from '../support/temporary-directory.ts';
import { backedUp, copyOf, NOON, restored } from './support/small-world.ts';

const [embedded] = factsEngines;
const ROWS = 500;

/** Three organizations in which the oldest is the child of the youngest, a row of each numbered table gone. */
async function fill(records: Records): Promise<void> {
  const at = NOON;
  for (const key of ['FIRST', 'SECOND', 'THIRD', 'GONE']) {
    const names = { public_id: `id ${key}`, uid: key, key, name: key, parent_id: null };
    await records.db
      .insertInto('organizations')
      .values({ ...names, created_at: at, updated_at: at })
      .execute();
  }
  await records.db.deleteFrom('organizations').where('key', '=', 'GONE').execute();
  await records.db.updateTable('organizations').set({ parent_id: 3 }).where('key', '=', 'FIRST').execute();
  await records.db
    .insertInto('claims')
    .values([
      { key: 'answered', fingerprint: 'f', answer: '{"accepted":1}', at },
      { key: 'of a row', fingerprint: null, answer: null, at },
    ])
    .execute();
  await records.db
    .insertInto('outbox')
    .values({ stream: 'visits', rows: 1, bytes: 3, payload: 'é\n', batch: 'quarantine', committed_at: at })
    .execute();
  await records.db.insertInto('settings').values({ key: 'directory_version', value: '7' }).execute();
}

async function tablesOf(records: Records): Promise<unknown> {
  const db = records.db;
  return {
    organizations: await db.selectFrom('organizations').selectAll().orderBy('id').execute(),
    claims: await db.selectFrom('claims').selectAll().orderBy('key').execute(),
    outbox: await db.selectFrom('outbox').selectAll().orderBy('seq').execute(),
    settings: await db.selectFrom('settings').selectAll().orderBy('key').execute(),
  };
}

describe.each(engines)('a restore from SQLite to $name', ({ newStore }) => {
  const facts = factsOf(embedded);
  const suite = temporaryDirectoryOfSuite();
  let backup = '';
  let content: unknown;

  beforeAll(async () => {
    await insertVisits(facts());
    const source = await openRecords(`sqlite:${join(suite(), 'records.db')}`);
    await source.migrate();
    await fill(source);
    content = await tablesOf(source);
    backup = await backedUp({ records: source, facts: facts() }, join(suite(), 'backup'));
    await source.close();
  });
  // The engine in this process has one directory: the stores of source and target are the same, emptied.
  beforeEach(() => emptyFacts(facts()));

  test('brings every row back, with rollups that count the same', async () => {
    const records = await migrated(newStore);
    await restored(backup, { records, facts: facts() });
    expect(await tablesOf(records)).toEqual(content);
    expect(await countRows(facts(), 'visits')).toBe(ROWS);
    const read = { tag: 'test', rows: tupleOf(column.integer, column.integer) };
    const query = sql`SELECT sum(rows), sum(count) FROM visits_15m`;
    expect(await facts().query(query, read)).toEqual([[ROWS, 2 * ROWS]]);
  });

  test('never gives a number again that the old store gave, also not that of a row that is gone', async () => {
    const records = await migrated(newStore);
    await restored(backup, { records, facts: facts() });
    const names = { public_id: 'new', uid: 'new', key: 'NEW', name: 'new', parent_id: null };
    const { id } = await records.db
      .insertInto('organizations')
      .values({ ...names, created_at: NOON, updated_at: NOON })
      .returning('id')
      .executeTakeFirstOrThrow();
    expect(id).toBe(5);
  });

  test('makes the tables of stores that have none', async () => {
    const records = await opened(await newStore());
    await restored(backup, { records, facts: facts() });
    expect(await tablesOf(records)).toEqual(content);
  });

  test('refuses records that are not empty, and changes nothing', async () => {
    const records = await migrated(newStore);
    await records.db
      .insertInto('audit')
      .values({ at: epochMs(1), event: 'login.failed', detail: '{}' })
      .execute();
    await expect(restored(backup, { records, facts: facts() })).rejects.toThrow(
      'the records store is not empty (it has audit): restore into empty stores only',
    );
    expect(await countRows(facts(), 'visits')).toBe(0);
  });

  test('refuses facts that are not empty, and changes nothing', async () => {
    await insertVisits(facts());
    const records = await migrated(newStore);
    await expect(restored(backup, { records, facts: facts() })).rejects.toThrow(
      'the facts store is not empty (it has visits): restore into empty stores only',
    );
    expect(await tablesOf(records)).toMatchObject({ organizations: [], settings: [] });
  });

  test('keeps servers away after an interruption, and starts over when it is run again', async () => {
    const records = await migrated(newStore);
    const failing = new Proxy(facts(), {
      get: (store, name) => {
        if (name === 'restore') {
          return async (table: string, file: string) => {
            await store.restore(table, file);
            throw new Error('the test breaks off');
          };
        }
        const value = Reflect.get(store, name) as unknown;
        return typeof value === 'function' ? (value.bind(store) as unknown) : value;
      },
    });
    await expect(restored(backup, { records, facts: failing })).rejects.toThrow('the test breaks off');
    expect(await countRows(facts(), 'visits')).toBe(ROWS);
    await expect(assertNotHalfRestored(records)).rejects.toThrow('was interrupted: run tallyhouse restore again');
    await restored(backup, { records, facts: facts() });
    await assertNotHalfRestored(records);
    expect(await countRows(facts(), 'visits')).toBe(ROWS);
    expect(await tablesOf(records)).toEqual(content);
  });

  test('leaves the records empty when one of their files turns out to be wrong', async () => {
    const records = await migrated(newStore);
    const wrong = copyOf(backup);
    // A row that no table takes, under digests that fit.
    rewrite(wrong, 'records/organizations.ndjson', (text) => text.replace('"uid":"SECOND"', '"uid":"FIRST"'));
    await expect(restored(wrong, { records, facts: facts() })).rejects.toMatchObject({ kind: 'unique' });
    expect(await tablesOf(records)).toMatchObject({ organizations: [], claims: [] });
    await expect(assertNotHalfRestored(records)).rejects.toThrow('was interrupted');
  });

  test('refuses a backup of tables that this version does not have', async () => {
    const records = await migrated(newStore);
    const other = copyOf(backup);
    rewrite(other, null, (text) => text.replace('"0001-core"', '"0000-ancient"'));
    await expect(restored(other, { records, facts: facts() })).rejects.toThrow(
      'the backup was taken by version 0.0.0-test, whose records tables differ: restore it with that version',
    );
  });
});

describe('the key of a backup', () => {
  const facts = factsOf(embedded);
  const KEY = `${'5'.repeat(64)}\n`;

  async function withKey(): Promise<{ backup: string; records: Records; place: string }> {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'secret.key'), KEY, { mode: 0o600 });
    const source = await openRecords(`sqlite:${join(directory, 'records.db')}`);
    await source.migrate();
    const stores = { records: source, facts: facts() };
    const backup = await backedUp(stores, join(directory, 'backup'), join(directory, 'secret.key'));
    await source.close();
    const records = await openRecords(`sqlite:${join(temporaryDirectory(), 'records.db')}`);
    onTestFinished(() => records.close());
    return { backup, records, place: join(temporaryDirectory(), 'new', 'secret.key') };
  }

  test('is put beside the new stores, for their owner alone', async () => {
    const { backup, records, place } = await withKey();
    await restored(backup, { records, facts: facts() }, { path: place, secretIsSet: false });
    expect(readFileSync(place, 'utf8')).toBe(KEY);
    expect(statSync(place).mode & 0o777).toBe(0o600);
  });

  test('does not replace another one', async () => {
    const { backup, records, place } = await withKey();
    const other = join(temporaryDirectory(), 'secret.key');
    writeFileSync(other, `${'6'.repeat(64)}\n`, { mode: 0o600 });
    const attempt = restored(backup, { records, facts: facts() }, { path: other, secretIsSet: false });
    await expect(attempt).rejects.toThrow(`${other} is another key than the backup's: move it away`);
    expect(existsSync(place)).toBe(false);
  });

  test('is of no use while TALLYHOUSE_SECRET is set', async () => {
    const { backup, records, place } = await withKey();
    const attempt = restored(backup, { records, facts: facts() }, { path: place, secretIsSet: true });
    await expect(attempt).rejects.toThrow('sealed with its key file: unset TALLYHOUSE_SECRET');
  });
});

async function insertVisits(facts: FactsStore): Promise<void> {
  const lines = Array.from({ length: ROWS }, (_, number) =>
    JSON.stringify({ organization: 1, time: NOON + number * 7_000, array: `array ${number % 3}`, count: 2 }),
  );
  await facts.insert('visits', `${lines.join('\n')}\n`, { token: String(Math.random()), rows: ROWS });
}

/** Changes a file (null: the manifest only) and every digest that would tell. */
function rewrite(directory: string, file: string | null, change: (text: string) => string): void {
  let manifest = readFileSync(join(directory, 'manifest.json'), 'utf8');
  if (file === null) {
    manifest = change(manifest);
  } else {
    const before = readFileSync(join(directory, file), 'utf8');
    const after = change(before);
    if (after === before) throw new Error('nothing was changed');
    writeFileSync(join(directory, file), after);
    manifest = manifest.replace(digestOf(before), digestOf(after));
  }
  writeFileSync(join(directory, 'manifest.json'), manifest);
  rmSync(join(directory, 'manifest.json.sha256'));
  writeFileSync(join(directory, 'manifest.json.sha256'), `${digestOf(manifest)}  manifest.json\n`);
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
