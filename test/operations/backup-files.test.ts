import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { beforeAll, describe, expect, test } from 'vitest';
import { countNativeRows } from '../../src/backup/native-rows.ts';
import { readManifest } from '../../src/backup/read-backup.ts';
import { countLines, linesOfRows, rowsOfLines } from '../../src/backup/row-lines.ts';
import { verifyBackup } from '../../src/backup/verify-backup.ts';
import { streamNames, streams, type Field } from '../../src/domain/streams/index.ts';
import { isPauseWanted } from '../../src/ingest/loading-pause.ts';
import { migrations } from '../../src/store/facts/migrations/index.ts';
import { column, tupleOf } from '../../src/store/facts/rows.ts';
import { ident, sql } from '../../src/store/facts/sql.ts';
import { openRecords } from '../../src/store/records/open-records.ts';
import { factsEngines, factsOf } from '../support/facts.ts';
import { temporaryDirectory, temporaryDirectoryOfSuite } from '../support/temporary-directory.ts';
import { backedUp, copyOf, NOON } from './support/small-world.ts';

const [embedded] = factsEngines;

/** Pieces of a few bytes, so that everything is cut somewhere. */
async function* cut(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

async function check(directory: string): Promise<void> {
  await verifyBackup(directory, await readManifest(directory));
}

describe('the files of a backup', () => {
  const facts = factsOf(embedded);
  const suite = temporaryDirectoryOfSuite();
  let whole = '';

  beforeAll(async () => {
    for (const stream of streamNames) {
      const lines = Array.from({ length: 3000 }, (_, number) => `${rowOf(stream, number)}\n`).join('');
      await facts().insert(stream, lines, { token: `first ${stream}`, rows: 3000 });
    }
    const records = await openRecords(`sqlite:${join(suite(), 'records.db')}`);
    await records.migrate();
    await records.db.insertInto('settings').values({ key: 'odd', value: 'a\u2028b\r"\\ 🜨' }).execute();
    writeFileSync(join(suite(), 'secret.key'), `${'0'.repeat(64)}\n`, { mode: 0o600 });
    whole = await backedUp({ records, facts: facts() }, join(suite(), 'backup'), join(suite(), 'secret.key'));
    await records.close();
  });

  test('can be checked by sha256sum, from the manifest on', () => {
    const output = execFileSync('sha256sum', ['-c', 'manifest.json.sha256'], { cwd: whole, encoding: 'utf8' });
    expect(output).toBe('manifest.json: OK\n');
    const manifest = JSON.parse(readFileSync(join(whole, 'manifest.json'), 'utf8')) as {
      facts: { file: { path: string; sha256: string } }[];
    };
    for (const { file } of manifest.facts) {
      const line = execFileSync('sha256sum', [file.path], { cwd: whole, encoding: 'utf8' });
      expect(line).toBe(`${file.sha256}  ${file.path}\n`);
    }
  });

  test('belong to their owner alone', () => {
    const files = readdirSync(whole, { recursive: true, encoding: 'utf8' });
    expect(files.length).toBeGreaterThan(40);
    for (const file of files) {
      const stat = statSync(join(whole, file));
      expect([file, stat.mode & 0o777]).toEqual([file, stat.isDirectory() ? 0o700 : 0o600]);
    }
  });

  test('tell what is in them', async () => {
    expect(await readManifest(whole)).toMatchObject({
      format: 'tallyhouse-backup',
      format_version: 1,
      product_version: '0.0.0-test',
      created_at: '2026-03-01T12:00:00Z',
      migrations: { facts: migrations.map(({ name }) => name) },
      sealed_with: 'key_file',
      facts: streamNames.map((stream) => ({ stream, rows: 3000 })),
      waiting: {},
    });
    await check(whole);
  });

  test.each(['facts/requests.native', 'facts/visits.native', 'records/settings.ndjson', 'secret.key', 'manifest.json'])(
    'are refused when a byte of %s is another',
    async (file) => {
      const size = statSync(join(whole, file)).size;
      for (const at of [0, Math.floor(size / 2), size - 1]) {
        const copy = copyOf(whole);
        const bytes = readFileSync(join(copy, file));
        bytes[at] = (bytes[at] ?? 0) ^ 0x10;
        writeFileSync(join(copy, file), bytes);
        await expect(check(copy)).rejects.toThrow(file === 'manifest.json' ? /was altered/ : `${file} is damaged`);
      }
    },
  );

  test.each(['facts/usage.native', 'records/claims.ndjson', 'secret.key', 'manifest.json.sha256'])(
    'are refused when %s is missing',
    async (file) => {
      const copy = copyOf(whole);
      rmSync(join(copy, file));
      await expect(check(copy)).rejects.toThrow(`${file} is missing`);
    },
  );

  test('are refused when one is cut off', async () => {
    const copy = copyOf(whole);
    truncateSync(join(copy, 'facts/events.native'), 5000);
    await expect(check(copy)).rejects.toThrow('facts/events.native is damaged');
  });

  test('are refused when the folder holds no backup', async () => {
    await expect(check(temporaryDirectory())).rejects.toThrow('holds no backup: it has no manifest.json');
    await expect(check(join(whole, 'manifest.json'))).rejects.toThrow('holds no backup');
  });

  test('are not written over others, and leave nothing behind when they cannot be written', async () => {
    const place = temporaryDirectory();
    mkdirSync(join(place, 'kept'));
    writeFileSync(join(place, 'kept', 'mine.txt'), '');
    const records = await openRecords(`sqlite:${join(suite(), 'records.db')}`);
    const stores = { records, facts: facts() };
    await expect(backedUp(stores, join(place, 'kept'))).rejects.toThrow('kept is not empty: name a new or empty');
    await expect(backedUp(stores, join(place, 'kept', 'mine.txt'))).rejects.toThrow('mine.txt is a file');
    const failing = new Proxy(facts(), {
      get: (store, name) => {
        if (name === 'stream') return () => Promise.reject(new Error('the test breaks off'));
        const value = Reflect.get(store, name) as unknown;
        return typeof value === 'function' ? (value.bind(store) as unknown) : value;
      },
    });
    await expect(backedUp({ records, facts: failing }, join(place, 'new'))).rejects.toThrow('the test breaks off');
    await records.close();
    expect(readdirSync(place, { recursive: true })).toEqual(['kept', 'kept/mine.txt']);
    const left = await facts().query(sql`SELECT name FROM system.tables WHERE startsWith(name, 'backup_')`, {
      tag: 'test',
      rows: tupleOf(column.text),
    });
    expect(left).toEqual([]);
  });

  test('are not left half written when the command is interrupted', async () => {
    const records = await openRecords(`sqlite:${join(suite(), 'records.db')}`);
    const place = temporaryDirectory();
    const controller = new AbortController();
    const interrupting = new Proxy(facts(), {
      get: (store, name) => {
        if (name === 'stream') controller.abort(new Error('interrupted'));
        const value = Reflect.get(store, name) as unknown;
        return typeof value === 'function' ? (value.bind(store) as unknown) : value;
      },
    });
    const stores = { records, facts: interrupting };
    const attempt = backedUp(stores, join(place, 'backup'), undefined, controller.signal);
    await expect(attempt).rejects.toThrow('interrupted');
    expect(readdirSync(place)).toEqual([]);
    // Loading goes on at once.
    expect(await isPauseWanted(records)).toBe(false);
    await records.close();
  });

  test('are refused for stores whose tables another version made', async () => {
    const records = await openRecords(`sqlite:${join(temporaryDirectory(), 'records.db')}`);
    const attempt = backedUp({ records, facts: facts() }, join(temporaryDirectory(), 'backup'));
    await expect(attempt).rejects.toThrow('the records store has not had the migration 0001-core of this version');
    await records.close();
  });

  test.each(streamNames)('hold the rows of %s in a form that is counted without an engine', async (stream) => {
    const bytes = await buffer(await facts().stream(sql`SELECT * FROM ${ident(stream)}`, 'Native', { tag: 'test' }));
    for (const size of [1, 7, 4096, bytes.length]) expect(await countNativeRows(cut(bytes, size))).toBe(3000);
    for (const end of [1, 100, Math.floor(bytes.length / 2), bytes.length - 1]) {
      await expect(countNativeRows(cut(bytes.subarray(0, end), 1000))).rejects.toThrow('ends in the middle');
    }
  });
});

describe('rows as lines', () => {
  test('come back as they were, whatever their texts hold', async () => {
    const rows = [
      { key: 'line\nfeed \r \u2028 \u0085', value: '🜨 \\" \u0001', number: -1.5e-300, nothing: null },
      { key: '', value: 'x'.repeat(100_000), number: Number.MAX_SAFE_INTEGER, nothing: null },
    ];
    const bytes = Buffer.from(linesOfRows(rows));
    for (const size of [1, 13, 65_536, bytes.length]) {
      const found = [];
      for await (const row of rowsOfLines(cut(bytes, size))) found.push(row);
      expect(found).toEqual(rows);
      expect(await countLines(cut(bytes, size))).toBe(2);
    }
  });

  test('are refused with their number when they are none', async () => {
    const read = (text: string): Promise<number> => countLines(cut(Buffer.from(text), 5));
    await expect(read('{"a":1}\n{"a":}\n')).rejects.toThrow('line 2 is not JSON');
    await expect(read('{"a":1}\n[1]\n{"a":[]}\n')).rejects.toThrow('line 3 is not a row');
    await expect(read('{"a":1}\n{"a":1}')).rejects.toThrow('the last line does not end');
  });
});

/** A row with a value in every field, some of them long, some absent. */
function rowOf(stream: (typeof streamNames)[number], number: number): string {
  const values = streams[stream].fields.map((field) => [field.name, valueOf(field, number)]);
  return JSON.stringify({ organization: 1, id: number % 2 === 0 ? `id ${number}` : '', ...Object.fromEntries(values) });
}

function valueOf({ name, type }: Field, number: number): unknown {
  switch (type.kind) {
    case 'time':
      return NOON + number * 60_000;
    case 'text':
      return number % 5 === 0 ? '' : `${name} ${number % 400} ${'é'.repeat(number % 90)}`;
    case 'integer':
      return type.nullable === true && number % 3 === 0 ? null : (number * 7) % 200;
    case 'number':
      return number / 3;
    case 'json':
      return JSON.stringify({ number });
  }
}
