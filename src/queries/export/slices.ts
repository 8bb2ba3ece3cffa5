import { Readable } from 'node:stream';
import { epochMs, type EpochMs, type TimeRange } from '../../domain/time/instant.ts';
import type { FactsStore, ReadLimits } from '../../store/facts/facts-store.ts';
import { column, tupleOf } from '../../store/facts/rows.ts';
import { slicesSql } from './export.sql.ts';
import type { ExportQuestion } from './export-question.ts';

/**
 * Cuts the range where the rows before fill a slice of `rows` rows. A slice is longer only where a quarter of an hour has more rows.
 * Rows that arrive afterwards are in one slice or another, so none comes twice.
 *
 * @returns adjoining ranges in order of time, one at least
 */
export async function slicesOf(
  facts: FactsStore,
  question: ExportQuestion,
  rows: number,
  read: ReadLimits,
): Promise<TimeRange[]> {
  const begins = await facts.query(slicesSql(question, rows), { ...read, rows: tupleOf(column.integer) });
  const cuts = begins.slice(1).map(([at]) => epochMs(at));
  const edges: EpochMs[] = [question.range.from, ...cuts, question.range.to];
  return edges.slice(1).map((to, index) => ({ from: edges[index] ?? question.range.from, to }));
}

/** One stream after the other, each opened when the one before has ended. Ending the result early ends the current. */
export function concatenated(
  first: Readable,
  following: readonly (() => Promise<Readable>)[],
  { headers }: { readonly headers: boolean },
): Readable {
  let current = first;
  async function* pieces(): AsyncGenerator<Buffer> {
    for await (const piece of current as AsyncIterable<Buffer>) yield piece;
    for (const open of following) {
      current = await open();
      let beforeData = headers;
      for await (const piece of current as AsyncIterable<Buffer>) {
        // No name of a column holds a line feed.
        const start = beforeData ? piece.indexOf('\n') + 1 : 0;
        if (beforeData && start === 0) continue;
        beforeData = false;
        if (start < piece.length) yield piece.subarray(start);
      }
    }
  }
  const all = Readable.from(pieces(), { objectMode: false });
  // A reader that leaves before the first piece never starts the generator, which therefore cannot clean up.
  all.once('close', () => current.destroy());
  return all;
}
