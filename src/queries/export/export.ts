import type { Readable } from 'node:stream';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { OrganizationId, Scope } from '../../domain/scope.ts';
import { dimensionsOf } from '../../domain/streams/dimensions.ts';
import { streams, type StreamName } from '../../domain/streams/index.ts';
import type { EpochMs, TimeRange } from '../../domain/time/instant.ts';
import type { FactsStore, StreamFormat } from '../../store/facts/facts-store.ts';
import { checkScope } from '../ask/check.ts';
import { storeProblem } from '../store-problem.ts';
import { exportSql } from './export.sql.ts';

/**
 * - `csv`: a header, then one line a row; absent values are empty, `json` fields their text.
 * - `ndjson`: one object a line; absent values are left out, `json` fields are the JSON that came in, byte for byte.
 * - `parquet`: typed columns, `time` a timestamp of UTC; absent values are null, `json` fields their text.
 */
export type ExportFormat = 'csv' | 'ndjson' | 'parquet';

export interface ExportQuestion {
  readonly stream: StreamName;
  readonly scope: Scope;
  /** Half-open, UTC. */
  readonly range: TimeRange;
  readonly format: ExportFormat;
  /** Outside names of the organizations; rows of an organization that has none here are not exported. */
  readonly organizations: ReadonlyMap<OrganizationId, string>;
}

export interface Exports {
  /**
   * The rows as they are taken by `POST /api/v1/facts/{stream}`: same fields, same values, `id` and `organization`
   * included, so that importing what was exported gives the same facts. Fields the server derives are left out. In
   * order of time; equal times in no order. Waits for rows acknowledged before.
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

export function createExports({
  facts,
  barrier,
}: {
  readonly facts: FactsStore;
  readonly barrier: () => Promise<EpochMs>;
}): Exports {
  return {
    async open(question, { tag, signal }) {
      const problem = checkScope(question.scope, dimensionsOf(streams[question.stream]));
      if (problem !== null) return fail(problem);
      try {
        await barrier();
        const options = { tag, timeoutMs: TIMEOUT_MS, ...(signal === undefined ? {} : { signal }) };
        return ok(await facts.stream(exportSql(question), FORMATS[question.format], options));
      } catch (error) {
        const refusal = storeProblem(error);
        if (refusal === null) throw error;
        return fail(refusal);
      }
    },
  };
}
