import type { Question } from '../../domain/question.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { streams } from '../../domain/streams/index.ts';
import { bucketEdges, type Bucketing } from '../../domain/time/buckets.ts';
import type { EpochMs } from '../../domain/time/instant.ts';
import type { FactsStore, ReadLimits } from '../../store/facts/facts-store.ts';
import { column, type Rows } from '../../store/facts/rows.ts';
import { bucketIndex } from '../ask/bucket.sql.ts';
import { checkQuestion } from '../ask/check.ts';
import { groupingOf } from '../ask/grouping.ts';
import type { AskContext } from '../ask/questions.ts';
import { dimensionReader } from '../ask/rows.ts';
import { readsNothing } from '../scope.sql.ts';
import { storeProblem } from '../store-problem.ts';
import { seriesSql } from './series.sql.ts';

/** One measure over all buckets, for every combination of the dimensions that occurs. */
export type SeriesQuestion = Pick<Question, 'stream' | 'scope' | 'range' | 'dimensions' | 'filters' | 'rollups'> & {
  readonly bucket: Bucketing;
  /** A sum or a count. Beyond 2^53 it is the nearest number. */
  readonly measure: string;
};

export interface Series {
  /** In the order of the question's dimensions; null where the rows have no value. */
  readonly dimensions: readonly (string | number | null)[];
  /** One for each bucket of the range, 0 where there are no rows. */
  readonly values: readonly number[];
}

export interface SeriesReads {
  /**
   * Answers for any number of things at once, where a question may have 100,000 rows: one query, one row for each
   * combination of dimensions, in no order. Combinations without rows are not in the answer. `scope.only` takes tens of
   * thousands of values.
   *
   * @returns the series, or a problem as `Questions.ask` does; `too_many_buckets` beyond 10,000
   */
  read(question: SeriesQuestion, context: AskContext): Promise<Result<readonly Series[]>>;
}

export interface SeriesParts {
  readonly facts: FactsStore;
  /** See `QuestionsParts`. */
  readonly barrier: () => Promise<EpochMs>;
  readonly limits?: Pick<ReadLimits, 'timeoutMs' | 'maxMemoryBytes'>;
}

const MAX_BUCKETS = 10_000;

export function createSeriesReads({ facts, barrier, limits = {} }: SeriesParts): SeriesReads {
  return {
    async read({ measure, ...asked }, { tag, signal, fresh = true }) {
      const question: Question = { ...asked, measures: [measure] };
      const problem = checkQuestion(question);
      if (problem !== null) return fail(problem);
      const found = bucketEdges(asked.range, asked.bucket, MAX_BUCKETS);
      if (!found.ok) return fail({ kind: 'too_many_buckets', field: 'bucket', limit: found.limit });
      if (readsNothing(question.scope) || found.edges.length < 2) return ok([]);
      try {
        if (fresh) await barrier();
        const series = await facts.query(seriesSql(streams[question.stream], question, found.edges), {
          ...limits,
          tag,
          rows: seriesRows(question, found.edges),
          ...(signal === undefined ? {} : { signal }),
        });
        return ok(series);
      } catch (error) {
        const refusal = storeProblem(error);
        if (refusal === null) throw error;
        return fail(refusal);
      }
    },
  };
}

function seriesRows({ stream, dimensions }: Question, edges: readonly EpochMs[]): Rows<Series> {
  const readers = dimensions.map((name) => dimensionReader(streams[stream], name));
  const indexOf = bucketIndex(groupingOf(edges));
  const buckets = column.list(column.integer);
  const amounts = column.list(column.count);
  return {
    reader: () => (row) => {
      const values = Array.from<number>({ length: edges.length - 1 }).fill(0);
      const found = amounts(row[readers.length + 1]);
      for (const [position, bucket] of buckets(row[readers.length]).entries()) {
        values[indexOf(bucket)] = Number(found[position]);
      }
      return { dimensions: readers.map((read, index) => read(row[index])), values };
    },
  };
}
