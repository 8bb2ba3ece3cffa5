import { fail, ok, type Result } from '../../domain/result.ts';
import type { Scope } from '../../domain/scope.ts';
import { epochMs, type EpochMs } from '../../domain/time/instant.ts';
import type { FactsStore, ReadLimits } from '../../store/facts/facts-store.ts';
import { column, tupleOf } from '../../store/facts/rows.ts';
import { readsNothing } from '../scope.sql.ts';
import { storeProblem } from '../store-problem.ts';
import { trafficSql } from './traffic.sql.ts';

/** When an application was first used at all, and when first on the latest UTC day it was used. */
export interface FirstTraffic {
  readonly first: EpochMs;
  readonly daily: EpochMs;
}

export interface Traffic {
  /**
   * Of each application in the scope that was ever used, by its id. A scope of one tenant: ids are the tenant's own.
   *
   * @returns as `Questions.ask`
   */
  firstOf(
    scope: Scope,
    context: { readonly tag: string; readonly signal?: AbortSignal },
  ): Promise<Result<ReadonlyMap<number, FirstTraffic>>>;
}

export function createTraffic({
  facts,
  barrier,
  limits = {},
}: {
  readonly facts: FactsStore;
  readonly barrier: () => Promise<unknown>;
  readonly limits?: Pick<ReadLimits, 'timeoutMs' | 'maxMemoryBytes'>;
}): Traffic {
  return {
    async firstOf(scope, { tag, signal }) {
      if (readsNothing(scope)) return ok(new Map());
      try {
        await barrier();
        const rows = await facts.query(trafficSql(scope), {
          ...limits,
          tag,
          rows: tupleOf(column.integer, column.integer, column.integer),
          ...(signal === undefined ? {} : { signal }),
        });
        return ok(new Map(rows.map(([id, first, daily]) => [id, { first: epochMs(first), daily: epochMs(daily) }])));
      } catch (error) {
        const problem = storeProblem(error);
        if (problem === null) throw error;
        return fail(problem);
      }
    },
  };
}
