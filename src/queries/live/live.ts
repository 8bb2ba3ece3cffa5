import { LRUCache } from 'lru-cache';
import type { Problem } from '../../domain/problem.ts';
import { ok, fail, type Result } from '../../domain/result.ts';
import type { Scope } from '../../domain/scope.ts';
import { dimensionsOf } from '../../domain/streams/dimensions.ts';
import { streamNames, streams, type StreamName } from '../../domain/streams/index.ts';
import type { Clock } from '../../domain/time/clock.ts';
import { epochMs, type TimeRange } from '../../domain/time/instant.ts';
import type { FactsStore } from '../../store/facts/facts-store.ts';
import { column, tupleOf } from '../../store/facts/rows.ts';
import { storeProblem } from '../store-problem.ts';
import { readsNothing } from '../scope.sql.ts';
import { liveSql } from './live.sql.ts';

export interface LiveQuestion {
  readonly scope: Scope;
  readonly step: 'second' | 'minute';
  /** Number of steps up to and including the running one, 1 to 300. */
  readonly steps: number;
}

export interface LiveCounts {
  /** Whole steps of UTC; the last one still runs. */
  readonly range: TimeRange;
  readonly stepMs: number;
  /**
   * One number a step, oldest first: the stream's first measure (calls, quantity used, events, visits, things created).
   * Streams that lack a dimension the scope narrows by are left out.
   */
  readonly streams: Readonly<Partial<Record<StreamName, readonly (number | bigint)[]>>>;
}

export interface Live {
  /**
   * What happened just now, for gauges and server-sent events. Does not wait for rows on their way, so a row shows up
   * a moment after its acknowledgement. Answers of the same second are shared by equal questions.
   *
   * @returns `query_limit`, `overloaded`, `facts_unavailable`, or `invalid_field` for `steps`
   */
  counts(question: LiveQuestion, context: { readonly tag: string }): Promise<Result<LiveCounts>>;
}

const STEP_MS = { second: 1_000, minute: 60_000 } as const;
const MAX_STEPS = 300;
const SHARED_MS = 1_000;

export function createLive({ facts, clock }: { readonly facts: FactsStore; readonly clock: Clock }): Live {
  const shared = new LRUCache<string, Promise<Result<LiveCounts>>>({ max: 1_000 });

  async function read(
    { scope, step, steps }: LiveQuestion,
    range: TimeRange,
    tag: string,
  ): Promise<Result<LiveCounts>> {
    const stepMs = STEP_MS[step];
    const narrowed = Object.keys(scope.only ?? {});
    const names = streamNames.filter((name) =>
      narrowed.every((dimension) => dimensionsOf(streams[name]).has(dimension)),
    );
    const counts = Object.fromEntries(
      names.map((name) => [name, Array.from<number | bigint>({ length: steps }).fill(0)]),
    );
    if (names.length > 0 && !readsNothing(scope)) {
      try {
        const rows = await facts.query(liveSql(names, scope, range, stepMs), {
          tag,
          rows: tupleOf(column.text, column.integer, column.count),
          timeoutMs: 5_000,
        });
        for (const [name, index, count] of rows) {
          const line = counts[name];
          if (line !== undefined) line[index] = count;
        }
      } catch (error) {
        const problem: Problem | null = storeProblem(error);
        if (problem === null) throw error;
        return fail(problem);
      }
    }
    return ok({ range, stepMs, streams: counts });
  }

  return {
    counts(question, { tag }) {
      const { step, steps, scope } = question;
      if (!Number.isInteger(steps) || steps < 1 || steps > MAX_STEPS) {
        const reason = `has to be an integer from 1 to ${MAX_STEPS}`;
        return Promise.resolve(fail({ kind: 'invalid_field', field: 'steps', reason }));
      }
      const now = clock.now();
      const stepMs = STEP_MS[step];
      const to = (Math.floor(now / stepMs) + 1) * stepMs;
      const range = { from: epochMs(to - steps * stepMs), to: epochMs(to) };
      const key = JSON.stringify([Math.floor(now / SHARED_MS), step, steps, scope]);
      const known = shared.get(key);
      if (known !== undefined) return known;
      const answer = read(question, range, tag);
      shared.set(key, answer);
      answer.catch(() => shared.delete(key));
      return answer;
    },
  };
}
