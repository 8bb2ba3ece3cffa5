import type { Answer, AnswerBucket, Question } from '../../domain/question.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { bucketEdges } from '../../domain/time/buckets.ts';
import type { Clock } from '../../domain/time/clock.ts';
import { epochMs, type EpochMs } from '../../domain/time/instant.ts';
import type { FactsStore, ReadLimits } from '../../store/facts/facts-store.ts';
import { storeProblem } from '../store-problem.ts';
import { checkQuestion, MAX_ROWS } from './check.ts';
import { find } from './find.ts';

export interface AskContext {
  /** Dialect and question, e.g. `tr50:usage.api.history`; appears in the engine's query log. */
  readonly tag: string;
  /** Gives up waiting and stops the engine; `ask` then rejects with the store's error of kind `aborted`. */
  readonly signal?: AbortSignal;
  /** False answers at once with what is loaded, without waiting for rows on their way. Default true. */
  readonly fresh?: boolean;
}

export interface Questions {
  /**
   * Answers a question (design 5). A question with neither dimensions nor bucket has exactly one row, whatever there
   * is to count.
   *
   * @returns the answer, or a problem: `missing_field` or `invalid_field` with a path into the question
   *   (`measures[1]`), `too_many_buckets`, `query_limit` (time, memory, or more than 100,000 rows), `overloaded`,
   *   `facts_unavailable`, `records_unavailable`
   */
  ask(question: Question, context: AskContext): Promise<Result<Answer>>;
}

export interface QuestionsParts {
  readonly facts: FactsStore;
  readonly clock: Clock;
  /** Waits, within its bound, for the rows acknowledged so far; resolves with the instant before which all are there. */
  readonly barrier: () => Promise<EpochMs>;
  /** What the engine may spend on one question; the store's defaults when absent. */
  readonly limits?: Pick<ReadLimits, 'timeoutMs' | 'maxMemoryBytes'>;
}

export function createQuestions({ facts, clock, barrier, limits = {} }: QuestionsParts): Questions {
  // What was loaded stays loaded, so the last barrier's word is true for the questions that do not wait, too.
  let lastWatermark = epochMs(0);

  return {
    async ask(question, { tag, signal, fresh = true }) {
      const problem = checkQuestion(question);
      if (problem !== null) return fail(problem);
      const edges = edgesOf(question);
      if (!edges.ok) return edges;
      const read = { ...limits, tag, maxRows: MAX_ROWS, ...(signal === undefined ? {} : { signal }) };
      try {
        const watermark = fresh ? await barrier() : lastWatermark;
        lastWatermark = watermark;
        const found = await find(facts, question, edges.value, read);
        if (found === 'too_many_rows') return fail({ kind: 'query_limit', limit: 'rows' });
        const { rows, totalRows } = found;
        const buckets = bucketsOf(edges.value, clock.now());
        return ok({
          rows,
          range: question.range,
          buckets,
          watermark,
          ...(totalRows === null ? {} : { totalRows }),
        });
      } catch (error) {
        const refusal = storeProblem(error);
        if (refusal === null) throw error;
        return fail(refusal);
      }
    },
  };
}

function edgesOf({ range, bucket }: Question): Result<readonly EpochMs[]> {
  if (bucket === null) return ok([]);
  if ('edges' in bucket) {
    if (range.from >= range.to) return ok([]);
    return bucket.edges.length - 1 <= MAX_ROWS
      ? ok(bucket.edges)
      : fail({ kind: 'too_many_buckets', field: 'bucket', limit: MAX_ROWS });
  }
  const found = bucketEdges(range, bucket, MAX_ROWS);
  return found.ok ? ok(found.edges) : fail({ kind: 'too_many_buckets', field: 'bucket', limit: found.limit });
}

function bucketsOf(edges: readonly EpochMs[], now: EpochMs): AnswerBucket[] {
  const buckets: AnswerBucket[] = [];
  let from: EpochMs | null = null;
  for (const to of edges) {
    if (from !== null) buckets.push({ from, to, complete: to <= now });
    from = to;
  }
  return buckets;
}
