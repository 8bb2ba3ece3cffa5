import { ProblemError, type Problem } from '../../domain/problem.ts';
import type { Answer, AnswerBucket, AnswerRow, Question } from '../../domain/question.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { bucketEdges } from '../../domain/time/buckets.ts';
import type { Clock } from '../../domain/time/clock.ts';
import { epochMs, type EpochMs } from '../../domain/time/instant.ts';
import type { FactsStore, ReadLimits } from '../../store/facts/facts-store.ts';
import { storeProblem } from '../store-problem.ts';
import { checkQuestion, MAX_ROWS } from './check.ts';
import { find, findAll, findTexts } from './find.ts';
import type { RowText, TextRows } from './row-text.ts';

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

  /**
   * The rows of an answer of any length, in the question's order and a few thousand at a time, each with the first
   * instant of its bucket. Nothing is filled. Memory is bounded; a reader that leaves early stops the engine. Throws what
   * `ask` returns, as `ProblemError` or as an error of the store that `storeProblem` explains.
   */
  rows(question: Question, context: ReadContext): AsyncIterable<readonly DatedRow[]>;

  /**
   * The same as texts that the engine writes, at a small part of the cost of rows. At least one measure; a question
   * that reads nothing yields nothing.
   */
  texts(question: Question, form: RowText, context: ReadContext): AsyncIterable<TextRows>;

  /** Null when the facts store answers at this moment, else `facts_unavailable`. */
  trouble(): Promise<Problem | null>;
}

/** A row of an answer that is read to its end, however long it takes. */
export interface DatedRow extends AnswerRow {
  /** First instant of the row's bucket, which may lie before the range; null without buckets. */
  readonly from: EpochMs | null;
}

export interface ReadContext extends Pick<AskContext, 'tag' | 'signal'> {
  readonly timeoutMs: number;
}

export interface QuestionsParts {
  readonly facts: FactsStore;
  readonly clock: Clock;
  /** Waits, within its bound, for the rows acknowledged so far; resolves with the instant before which all are there. */
  readonly barrier: () => Promise<EpochMs>;
  /** What the engine may spend on one question; the store's defaults when absent. */
  readonly limits?: Pick<ReadLimits, 'timeoutMs' | 'maxMemoryBytes'>;
}

/** How long a long read waits for rows on their way while the facts store answers. */
const SETTLE_MS = 30_000;

/** Rows one read may have, and so its largest `limit`. */
const MAX_READ_ROWS = 100_000_000;

export function createQuestions({ facts, clock, barrier, limits = {} }: QuestionsParts): Questions {
  // What was loaded stays loaded, so the last barrier's word is true for the questions that do not wait, too.
  let lastWatermark = epochMs(0);

  /** Waits for the rows acknowledged before now for as long as a long read may; an outage is told at once. */
  const settle = async (signal: AbortSignal | undefined, timeoutMs: number): Promise<void> => {
    const asked = clock.now();
    const deadline = performance.now() + Math.min(timeoutMs, SETTLE_MS);
    do {
      signal?.throwIfAborted();
      await facts.ping();
      lastWatermark = await barrier();
    } while (lastWatermark < asked && performance.now() < deadline);
  };

  /** What a long read needs, or the problem thrown. */
  const begin = async (
    question: Question,
    { tag, signal, timeoutMs }: ReadContext,
  ): Promise<{ readonly edges: readonly EpochMs[]; readonly read: ReadLimits }> => {
    const problem = checkQuestion(question, MAX_READ_ROWS);
    if (problem !== null) throw new ProblemError(problem);
    const edges = edgesOf(question);
    if (!edges.ok) throw new ProblemError(edges.problem);
    await settle(signal, timeoutMs);
    return { edges: edges.value, read: { ...limits, tag, timeoutMs, ...(signal === undefined ? {} : { signal }) } };
  };

  return {
    async *rows(question, context) {
      const { edges, read } = await begin(question, context);
      for await (const rows of findAll(facts, question, edges, read)) {
        yield rows.map((row) => ({ ...row, from: edges[row.bucket] ?? null }));
      }
    },

    async *texts(question, form, context) {
      const { edges, read } = await begin(question, context);
      yield* findTexts(facts, question, form, edges, read);
    },

    async trouble() {
      try {
        await facts.ping();
        return null;
      } catch (error) {
        if (storeProblem(error) === null) throw error;
        return { kind: 'facts_unavailable' };
      }
    },

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
