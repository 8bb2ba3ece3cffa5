import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { readAnswer } from './answer.ts';
import { chunkStream } from './chunk-stream.ts';
import { factsError } from './driver-error.ts';
import type { Engine, Lane, Statement } from './engine.ts';
import { FactsError } from './facts-error.ts';
import type {
  FactsCapabilities,
  FactsStats,
  FactsStore,
  InsertOptions,
  MigrationReport,
  QueryOptions,
  ReadLimits,
  RowsPayload,
  StreamFormat,
  StreamOptions,
} from './facts-store.ts';
import { Lanes } from './lanes.ts';
import { migrate } from './migrate.ts';
import type { Topology } from './migrations/index.ts';
import { payloadBuffer } from './payload.ts';
import { renderBound, renderLiterals } from './render.ts';
import { rowPieces } from './row-pieces.ts';
import { column, tupleOf } from './rows.ts';
import { RunningStatements } from './running-statements.ts';
import {
  insertSettings,
  readSettings,
  restoreSettings,
  settingsText,
  streamSettings,
  type LimitSettings,
} from './settings.ts';
import { ident, sql, type Sql } from './sql.ts';
import { GRACE_MS, reasonOf, supervise, tooLate } from './supervise.ts';

const QUERY_MS = 30_000;
const STREAM_MS = 60 * 60 * 1000;
const INSERT_MS = 120_000;
const COMMAND_MS = 10 * 60 * 1000;
const RESTORE_MS = 6 * 60 * 60 * 1000;
const PING_MS = 2_000;
const MEMORY_BYTES = 1024 ** 3;
const MAX_INSERT_ROWS = 100_000;
/** What runs may finish for this long when the store closes. */
const CLOSE_MS = 5_000;

export interface FactsParts {
  readonly engine: Engine;
  readonly topology: Topology;
  readonly limits: { readonly reads: number; readonly streams: number; readonly maxWaiting: number };
  readonly log: { warn(data: object, message: string): void };
}

/** The facts store over either engine; see `FactsStore` for what each method promises. */
export class ClickHouseFacts implements FactsStore {
  readonly capabilities: FactsCapabilities;
  readonly #engine: Engine;
  readonly #topology: Topology;
  readonly #reads: Lanes;
  readonly #streams: Lanes;
  readonly #inserts: Lanes;
  readonly #control: Lanes;
  /** Pings, and stopping what runs elsewhere: never behind something long. */
  readonly #service: Lanes;
  readonly #running: RunningStatements;
  #closed: Promise<void> | undefined;

  constructor({ engine, topology, limits, log }: FactsParts) {
    this.capabilities = {
      embedded: engine.embedded,
      concurrentReads: limits.reads,
      concurrentStreams: limits.streams,
      maxInsertRows: MAX_INSERT_ROWS,
      cluster: topology.cluster,
    };
    this.#engine = engine;
    this.#topology = topology;
    const lanes = (name: string, size: number, maxWaiting: number): Lanes =>
      new Lanes({ name, size, maxWaiting, open: () => engine.openLane() });
    this.#reads = lanes('queries', limits.reads, limits.maxWaiting);
    this.#streams = lanes('exports', limits.streams, limits.maxWaiting);
    this.#inserts = lanes('inserts', 1, limits.maxWaiting);
    this.#control = lanes('commands', 1, limits.maxWaiting);
    this.#service = lanes('pings', 1, limits.maxWaiting);
    this.#running = new RunningStatements(this.#service, log);
  }

  async query<T>(statement: Sql, options: QueryOptions<T>): Promise<T[]> {
    const limits = limitsOf(options, QUERY_MS);
    const { text, params } = this.#render(statement);
    const body = await this.#supervised(
      this.#reads,
      'read',
      limits,
      (lane, signal) =>
        lane.answer({ text: `${text} FORMAT JSONCompact${settingsText(readSettings(limits))}`, params, signal }),
      options.signal,
    );
    const rows = readAnswer(body, options.rows);
    // The engine does not hold a UNION ALL at the top to its limit.
    if (options.maxRows !== undefined && rows.length > options.maxRows) {
      throw new FactsError('too_many_rows', `the answer has ${rows.length} rows, the limit is ${options.maxRows}`);
    }
    return rows;
  }

  async *rows<T>(statement: Sql, options: QueryOptions<T>): AsyncGenerator<readonly T[]> {
    const stream = await this.stream(statement, 'JSONCompactEachRowWithNames', options);
    yield* rowPieces(stream, options.rows);
  }

  async stream(statement: Sql, format: StreamFormat, options: StreamOptions): Promise<Readable> {
    const limits = limitsOf(options, STREAM_MS);
    const { text, params } = this.#render(statement);
    const loan = await this.#streams.borrow(options.signal);
    const run = this.#running.begin(limits.id, options.signal);
    // The engine's own limit comes first, if the engine is still there.
    const timer = setTimeout(() => run.giveUp(tooLate(limits.timeoutMs)), limits.timeoutMs + GRACE_MS);
    const stop = (): void => this.#running.stop(limits.id);
    const ended = (complete: boolean): void => {
      clearTimeout(timer);
      run.end();
      if (complete) loan.giveBack();
      else loan.discard();
    };
    run.signal.addEventListener('abort', stop, { once: true });
    try {
      const request = { text, params, signal: run.signal };
      const chunks = await loan.lane.stream(request, format, streamSettings(limits, format, options.inMemory === true));
      const stream = chunkStream(chunks, { mapError: (error) => factsError(error, 'read'), stop, ended });
      const leave = (): void => void stream.destroy(reasonOf(run.signal));
      run.signal.addEventListener('abort', leave, { once: true });
      if (run.signal.aborted) leave();
      return stream;
    } catch (error) {
      ended(false);
      throw run.signal.aborted ? reasonOf(run.signal) : factsError(error, 'read');
    }
  }

  async insert(table: string, payload: RowsPayload, { token, rows, timeoutMs }: InsertOptions): Promise<void> {
    if (rows === 0) return;
    if (rows > MAX_INSERT_ROWS) throw new RangeError(`${rows} rows are more than one insert takes`);
    checkName(table);
    const settings = insertSettings(token, this.#topology.cluster);
    const buffer = await payloadBuffer(payload);
    await this.#supervised(
      this.#inserts,
      'insert',
      { id: randomUUID(), timeoutMs: timeoutMs ?? INSERT_MS },
      (lane, signal) => lane.insert({ table, payload: buffer, settings, signal }),
    );
  }

  async restore(table: string, file: string, options: { readonly timeoutMs?: number } = {}): Promise<void> {
    const [count] = await this.query(sql`SELECT count() FROM ${ident(table)}`, {
      tag: 'restore',
      rows: tupleOf(column.count),
    });
    if (count === undefined || count[0] !== 0) {
      throw new FactsError('rejected', `the table ${table} holds rows already; restore fills empty tables only`);
    }
    const limits = { id: randomUUID(), timeoutMs: options.timeoutMs ?? RESTORE_MS };
    await this.#supervised(this.#control, 'read', limits, (lane) =>
      lane.load(table, file, restoreSettings(this.#topology.cluster)),
    );
  }

  async command(statement: Sql, options: { timeoutMs?: number; signal?: AbortSignal } = {}): Promise<void> {
    // DDL takes no parameters.
    const text = renderLiterals(statement);
    const limits = { id: randomUUID(), timeoutMs: options.timeoutMs ?? COMMAND_MS };
    await this.#supervised(
      this.#control,
      'read',
      limits,
      (lane, signal) => lane.answer({ text, params: {}, signal }),
      options.signal,
    );
  }

  async ping(timeoutMs = PING_MS): Promise<void> {
    const deadline = AbortSignal.timeout(timeoutMs);
    const limits = { id: randomUUID(), timeoutMs };
    try {
      const ask = (lane: Lane, signal: AbortSignal) => lane.answer({ text: 'SELECT 1', params: {}, signal });
      await this.#supervised(this.#service, 'read', limits, ask, deadline);
    } catch (error) {
      if (!deadline.aborted) throw error;
      throw new FactsError('timeout', `the facts store gave no answer within ${timeoutMs} ms`, { cause: error });
    }
  }

  async migrate(): Promise<MigrationReport> {
    try {
      await this.#engine.createDatabase(this.#topology.cluster);
    } catch (error) {
      throw factsError(error, 'read');
    }
    return migrate(this, this.#topology);
  }

  stats(): FactsStats {
    return { reads: this.#reads.stats, streams: this.#streams.stats, inserts: this.#inserts.stats };
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  async #close(): Promise<void> {
    const reason = new FactsError('unavailable', 'the facts store was closed');
    const hurry = setTimeout(() => this.#running.giveUpAll(reason), CLOSE_MS);
    await Promise.all([this.#reads.close(), this.#streams.close(), this.#inserts.close(), this.#control.close()]);
    clearTimeout(hurry);
    await this.#service.close();
    await this.#engine.close();
  }

  #render(statement: Sql): Pick<Statement, 'text' | 'params'> {
    return this.#engine.bindsParameters ? renderBound(statement) : { text: renderLiterals(statement), params: {} };
  }

  /** Runs `work` on a lane of the pool, in time or not at all; the lane is kept only if all went well. */
  async #supervised<T>(
    lanes: Lanes,
    doing: 'read' | 'insert',
    { id, timeoutMs }: Pick<LimitSettings, 'id' | 'timeoutMs'>,
    work: (lane: Lane, signal: AbortSignal) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const loan = await lanes.borrow(signal);
    const run = this.#running.begin(id, signal);
    try {
      return await supervise({
        work: (workSignal) => work(loan.lane, workSignal),
        timeoutMs,
        signal: run.signal,
        // Only reads carry their id in the text. A write that takes long is left to finish.
        stop: () => (lanes === this.#reads ? this.#running.stop(id) : undefined),
        // The lane is busy until the engine is done, however early the caller is told.
        settled: (complete) => {
          run.end();
          if (complete) loan.giveBack();
          else loan.discard();
        },
      });
    } catch (error) {
      throw factsError(error, doing);
    }
  }
}

function limitsOf(options: ReadLimits, timeoutMs: number): LimitSettings {
  return {
    id: `${options.tag} ${randomUUID()}`,
    timeoutMs: options.timeoutMs ?? timeoutMs,
    maxMemoryBytes: options.maxMemoryBytes ?? MEMORY_BYTES,
    maxRows: options.maxRows,
  };
}

/** Names of tables come from the declarations; this only makes sure. */
function checkName(table: string): void {
  ident(table);
}
