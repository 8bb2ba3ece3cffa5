import { setImmediate } from 'node:timers/promises';
import type { Problem } from '../../../domain/problem.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import type { StreamName } from '../../../domain/streams/index.ts';
import type { Entry, Refusal } from '../../../ingest/batch.ts';
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
  readonly entries: readonly Entry[];
  /** Number of the row that each entry was made of. */
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
  readonly #collected = {
    entries: [] as Entry[],
    indexes: [] as number[],
    refused: [] as Refusal[],
    rejected: [] as RejectedRow[],
  };
  #index = 0;

  constructor(
    rows: Rows,
    stream: StreamName,
    parse: (row: unknown, references: References) => ParsedRow,
    references: References,
  ) {
    this.#rows = rows;
    this.#stream = stream;
    this.#parse = parse;
    this.#references = references;
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
      if (next.done === true) return next.value === null ? ok(this.#collected) : fail(next.value);
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
    this.#collected.entries.push(parsed);
    this.#collected.indexes.push(index);
  }

  #refuse(index: number, problem: Problem): void {
    const { refused, rejected } = this.#collected;
    refused.push({ organization: this.#references.own, stream: this.#stream, problem });
    if (rejected.length < MAX_LISTED) rejected.push({ index, ...renderRowProblem(problem) });
  }
}
