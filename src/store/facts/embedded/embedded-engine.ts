import { createClient, ClickHouseLogLevel, type ClickHouseClient } from '@clickhouse/client';
import type { ChdbConnection } from 'chdb/connection';
import { createReadStream, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type { Chunks, Engine, Insert, Lane, Statement } from '../engine.ts';
import { FactsError } from '../facts-error.ts';
import type { StreamFormat } from '../facts-store.ts';
import { DEFAULT_DATABASE } from '../facts-url.ts';
import { quote } from '../render.ts';
import { settingsText, type Settings } from '../settings.ts';
import { clientConnection } from './chdb-connection.ts';
import { fileChunks } from './file-chunks.ts';
import { sessionChunks } from './session-chunks.ts';

/** Caches of the engine are made for machines that do nothing else; ours shares its process with the server. */
const MARK_CACHE_BYTES = 128 * 1024 * 1024;
const MAX_QUERY_BYTES = 32 * 1024 * 1024;

/**
 * chDB: ClickHouse inside this process, on a directory nobody else may have open. Loaded only when asked for. Must run in
 * the main thread of a process: in a worker thread it crashes at exit.
 */
export async function openEmbedded(path: string): Promise<Engine> {
  const directory = resolve(path);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const { Session, drainPending } = await loadChdb();
  const { createChdbConnection } = await import('chdb/connection');
  // The first session starts the engine and fixes its configuration; the engine lives until the last one is closed.
  const keeper = openOrExplain(directory, () => {
    return new Session(directory, { connectionArgs: [`--mark_cache_size=${MARK_CACHE_BYTES}`] });
  });
  const files = join(directory, 'tallyhouse-exports');
  rmSync(files, { recursive: true, force: true });
  mkdirSync(files, { mode: 0o700 });
  return {
    embedded: true,
    bindsParameters: false,
    // Every lane does it for itself before its first statement.
    createDatabase: async () => {},
    openLane: () =>
      new EmbeddedLane(
        openOrExplain(directory, () => createChdbConnection({ path: directory })),
        files,
      ),
    async close() {
      await drainPending();
      keeper.close();
      await drainPending();
    },
  };
}

async function loadChdb(): Promise<typeof import('chdb')> {
  try {
    return await import('chdb');
  } catch (cause) {
    throw new FactsError(
      'unavailable',
      'the embedded facts store needs the package chdb (Linux with glibc or macOS): install it, or give a ClickHouse URL',
      { cause },
    );
  }
}

function openOrExplain<T>(directory: string, open: () => T): T {
  try {
    return open();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const holder = processWith(directory);
    const why = message.includes('one active data directory')
      ? 'this process has another one open'
      : holder === null
        ? message
        : `process ${holder} has it open`;
    const inUse = holder !== null || message.includes('Cannot lock file');
    throw new FactsError('unavailable', `cannot open the facts store ${directory}: ${why}`, { inUse, cause });
  }
}

/** The engine leaves its process number in the file it locks; the number of one that is gone says nothing. */
function processWith(directory: string): number | null {
  let holder: number;
  try {
    holder = Number(/^PID: (\d+)$/m.exec(readFileSync(join(directory, 'status'), 'utf8'))?.[1]);
  } catch {
    return null;
  }
  return holder > 0 && holder !== process.pid && isAlive(holder) ? holder : null;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Of another user, but there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** One session of the engine behind a client of its own. */
class EmbeddedLane implements Lane {
  readonly #connection: ChdbConnection;
  readonly #client: ClickHouseClient;
  readonly #files: string;
  #ready: Promise<void> | undefined;

  constructor(connection: ChdbConnection, files: string) {
    this.#connection = connection;
    this.#client = createClient({ connection: clientConnection(connection), log: { level: ClickHouseLogLevel.OFF } });
    this.#files = files;
  }

  async answer({ text }: Statement): Promise<Buffer> {
    await this.#prepared();
    const { stream } = await this.#client.exec({ query: text });
    return buffer(stream);
  }

  async stream({ text }: Statement, format: StreamFormat, settings: Settings): Promise<Chunks> {
    await this.#prepared();
    // The engine closes a Parquet file after every piece it hands out, so it writes one to disk instead.
    if (format === 'Parquet') return this.#throughFile(text, format, settings);
    return sessionChunks(this.#connection.chdb, `${text}${settingsText(settings)}`, format);
  }

  async insert({ table, payload, settings }: Insert): Promise<void> {
    await this.#prepared();
    // The client would make a string of the bytes, on the main thread; this hands them over as they are.
    await this.#connection.chdb.rawInsert({ table, values: payload, format: 'JSONEachRow', settings: { ...settings } });
  }

  async load(table: string, file: string, settings: Settings): Promise<void> {
    await this.#prepared();
    const source = `file(${quote(resolve(file))}, 'Native')`;
    await this.#client.command({ query: `INSERT INTO \`${table}\`${settingsText(settings)} SELECT * FROM ${source}` });
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  #prepared(): Promise<void> {
    return (this.#ready ??= this.#prepare());
  }

  async #prepare(): Promise<void> {
    const statements = [
      `CREATE DATABASE IF NOT EXISTS ${DEFAULT_DATABASE}`,
      `USE ${DEFAULT_DATABASE}`,
      `SET session_timezone='UTC'`,
      `SET max_query_size=${MAX_QUERY_BYTES}`,
    ];
    for (const query of statements) await this.#client.command({ query });
  }

  async #throughFile(text: string, format: string, settings: Settings): Promise<Chunks> {
    const file = join(this.#files, randomUUID());
    try {
      const target = `INSERT INTO FUNCTION file(${quote(file)}, '${format}')`;
      await this.#client.command({ query: `${target}${settingsText(settings)} ${text}` });
      const stream = createReadStream(file);
      const chunks = await fileChunks(stream);
      return chunks;
    } finally {
      // The open file stays readable without its name, and no crash can leave it behind.
      await unlink(file).catch(() => {});
    }
  }
}
