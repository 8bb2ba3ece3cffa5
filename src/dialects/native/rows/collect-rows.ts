import { setImmediate } from 'node:timers/promises';
import type { Problem } from '../../../domain/problem.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import type { StreamName } from '../../../domain/streams/index.ts';
import type { Entry, Refusal } from '../../../ingest/batch.ts';
import { BULK_ROWS, isPlain, PackedRows } from '../../../ingest/packed-rows.ts';
import type { Row, Rows } from '../body/rows-of-body.ts';
import { renderRowProblem } from '../problems.ts';
import type { RejectedRow } from '../wire.ts';
import type { References } from './references.ts';
import { isProblem, type ParsedRow } from './row-parser.ts';

/** Rows of one request; what a request holds in memory is bounded by it, whatever its bytes are. */
const MAX_ROWS = 250_000;
/** Rejected rows that are listed one by one. */
export const MAX_LISTED = 10_000;

/** Others get the thread after this long, looked at every so many rows. */
const SLICE_MS = 8;
const ROWS_BETWEEN_LOOKS = 128;

export interface CollectedRows {
  /** The rows that were understood, one by one; none when they are packed. */
  readonly entries: readonly Entry[];
  /** The same of a request that has a key and so many rows that it may go straight to the facts store. */
  readonly packed: PackedRows | null;
  /** Number of each of them in the body. */
  readonly indexes: readonly number[];
  /** Every row that was not understood, for the ledger. */
  readonly refused: readonly Refusal[];
  /** The first of them, as they are listed to the caller. */
  readonly rejected: readonly RejectedRow[];
}

/**
 * Reads all rows of a body. A mistake in one leaves the others alone; one in the body itself ends it all.
 */
export class RowCollector {
  readonly #rows: Rows;
  readonly #stream: StreamName;
  readonly #parse: (row: unknown, references: References) => ParsedRow;
  readonly #references: References;
  #entries: Entry[] = [];
  /** Instead of the entries, as long as nothing decides about any row. */
  #packed: PackedRows | null;
  readonly #indexes: number[] = [];
  readonly #refused: Refusal[] = [];
  readonly #rejected: RejectedRow[] = [];
  #index = 0;

  /**
   * @param mayBeBulk whether the rows, if they are many, may go straight to the facts store: they are packed from the
   *   first on, because objects kept for a while make the collector of garbage keep those that follow them, too
   */
  constructor(
    rows: Rows,
    stream: StreamName,
    parse: (row: unknown, references: References) => ParsedRow,
    references: References,
    mayBeBulk: boolean,
  ) {
    this.#rows = rows;
    this.#stream = stream;
    this.#parse = parse;
    this.#references = references;
    this.#packed = mayBeBulk ? new PackedRows(stream) : null;
  }

  /** All at once, for bodies whose rows take no time worth mentioning. */
  atOnce(): Result<CollectedRows> {
    const end = this.#read(Infinity);
    if (end === null) throw new Error('reading without end came to none');
    return end;
  }

  /** Others get the thread now and then. */
  async inTurns(): Promise<Result<CollectedRows>> {
    for (;;) {
      const end = this.#read(performance.now() + SLICE_MS);
      if (end !== null) return end;
      await setImmediate();
    }
  }

  /** Reads on until the time given; null when there are more rows. */
  #read(sliceEnd: number): Result<CollectedRows> | null {
    for (;;) {
      const next = this.#rows.next();
      if (next.done === true) return next.value === null ? ok(this.#collected()) : fail(next.value);
      const index = this.#index;
      if (index >= MAX_ROWS) return fail({ kind: 'body_too_large', limitBytes: 0, limitRows: MAX_ROWS });
      this.#index += 1;
      this.#take(next.value, index);
      if (index % ROWS_BETWEEN_LOOKS === ROWS_BETWEEN_LOOKS - 1 && performance.now() > sliceEnd) return null;
    }
  }

  #take(row: Row, index: number): void {
    if ('problem' in row) return this.#refuse(index, row.problem);
    const parsed = this.#parse(row.value, this.#references);
    if (isProblem(parsed)) return this.#refuse(index, parsed);
    this.#keep(parsed);
    this.#indexes.push(index);
  }

  #keep(entry: Entry): void {
    if (this.#packed !== null && isPlain(entry)) return this.#packed.add(entry);
    this.#unpack();
    this.#entries.push(entry);
  }

  #unpack(): void {
    if (this.#packed === null) return;
    this.#entries = this.#packed.entries();
    this.#packed = null;
  }

  #refuse(index: number, problem: Problem): void {
    this.#refused.push({ organization: this.#references.own, stream: this.#stream, problem });
    if (this.#rejected.length < MAX_LISTED) this.#rejected.push({ index, ...renderRowProblem(problem) });
  }

  #collected(): CollectedRows {
    if (this.#packed !== null && this.#packed.rows < BULK_ROWS) this.#unpack();
    return {
      entries: this.#entries,
      packed: this.#packed,
      indexes: this.#indexes,
      refused: this.#refused,
      rejected: this.#rejected,
    };
  }
}
