import { setImmediate } from 'node:timers/promises';
import type { Problem } from '../../../domain/problem.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import type { StreamName } from '../../../domain/streams/index.ts';
import type { Entry, Refusal } from '../../../ingest/batch.ts';
import type { Rows } from '../body/rows-of-body.ts';
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

/** Reads all rows of a body. A mistake in one leaves the others alone; one in the body itself ends it all. */
export async function collectRows(
  rows: Rows,
  stream: StreamName,
  parse: (row: unknown, references: References) => ParsedRow,
  references: References,
): Promise<Result<CollectedRows>> {
  const entries: Entry[] = [];
  const indexes: number[] = [];
  const refused: Refusal[] = [];
  const rejected: RejectedRow[] = [];
  const refuse = (index: number, problem: Problem): void => {
    refused.push({ organization: references.own, stream, problem });
    if (rejected.length < MAX_LISTED) rejected.push({ index, ...renderRowProblem(problem) });
  };

  let sliceEnd = performance.now() + SLICE_MS;
  for (let index = 0; ; index += 1) {
    const next = rows.next();
    if (next.done === true) return next.value === null ? ok({ entries, indexes, refused, rejected }) : fail(next.value);
    if (index >= MAX_ROWS) return fail({ kind: 'body_too_large', limitBytes: 0, limitRows: MAX_ROWS });
    if ('problem' in next.value) refuse(index, next.value.problem);
    else {
      const row = parse(next.value.value, references);
      if (isProblem(row)) refuse(index, row);
      else {
        entries.push(row);
        indexes.push(index);
      }
    }
    if (index % ROWS_BETWEEN_LOOKS === ROWS_BETWEEN_LOOKS - 1 && performance.now() > sliceEnd) {
      await setImmediate();
      sliceEnd = performance.now() + SLICE_MS;
    }
  }
}
