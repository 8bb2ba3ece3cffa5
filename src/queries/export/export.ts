import type { Readable } from 'node:stream';
import { fail, ok, type Result } from '../../domain/result.ts';
import { dimensionsOf } from '../../domain/streams/dimensions.ts';
import { streams } from '../../domain/streams/index.ts';
import type { EpochMs, TimeRange } from '../../domain/time/instant.ts';
import type { FactsStore, StreamFormat } from '../../store/facts/facts-store.ts';
import { checkScope } from '../ask/check.ts';
import { storeProblem } from '../store-problem.ts';
import type { ExportFormat, ExportQuestion } from './export-question.ts';
import { exportSql } from './export.sql.ts';
import { concatenated, slicesOf } from './slices.ts';

export interface Exports {
  /**
   * The rows as they are taken by `POST /api/v1/facts/{stream}`: same fields, same values, `id` and `organization`
   * included, so that importing what was exported gives the same facts. Fields the server derives are left out. In
   * order of time (equal times in no order), but for Parquet files of more than about 500,000 rows, which are one piece
   * and too large to be sorted. Waits for rows acknowledged before; of those that arrive while it runs some are in it.
   *
   * @returns the bytes, a problem (`invalid_field`, `query_limit`, `overloaded`, an outage), or later an error of the stream
   */
  open(
    question: ExportQuestion,
    context: { readonly tag: string; readonly signal?: AbortSignal },
  ): Promise<Result<Readable>>;
}

const FORMATS = { csv: 'CSVWithNames', ndjson: 'LineAsString', parquet: 'Parquet' } as const satisfies Record<
  ExportFormat,
  StreamFormat
>;

/** An export of a large stream over a slow line takes its time. */
const TIMEOUT_MS = 6 * 60 * 60 * 1_000;

/**
 * Rows are stored by organization and name before time, so time order means sorting. Sorting 10 million rows in 1 GiB
 * took the engine over a minute or failed; sorted in slices of this many rows they come out as fast as they are
 * formatted.
 */
const SLICE_ROWS = 500_000;

export interface ExportsParts {
  readonly facts: FactsStore;
  /** See `QuestionsParts`. */
  readonly barrier: () => Promise<EpochMs>;
  /** Rows sorted at a time; for tests. */
  readonly sliceRows?: number;
}

export function createExports({ facts, barrier, sliceRows = SLICE_ROWS }: ExportsParts): Exports {
  return {
    async open(question, { tag, signal }) {
      const problem = checkScope(question.scope, dimensionsOf(streams[question.stream]));
      if (problem !== null) return fail(problem);
      const limits = { tag, ...(signal === undefined ? {} : { signal }) };
      const stream = (range: TimeRange, sorted: boolean): Promise<Readable> =>
        facts.stream(exportSql({ ...question, range }, { sorted }), FORMATS[question.format], {
          ...limits,
          timeoutMs: TIMEOUT_MS,
        });
      try {
        await barrier();
        const [first = question.range, ...following] = await slicesOf(facts, question, sliceRows, limits);
        if (following.length === 0) return ok(await stream(question.range, true));
        if (question.format === 'parquet') return ok(await stream(question.range, false));
        const slices = following.map((range) => () => stream(range, true));
        return ok(concatenated(await stream(first, true), slices, { headers: question.format === 'csv' }));
      } catch (error) {
        const refusal = storeProblem(error);
        if (refusal === null) throw error;
        return fail(refusal);
      }
    },
  };
}
