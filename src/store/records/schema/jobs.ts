import type { EpochMs } from '../../../domain/time/instant.ts';
import type { JsonText } from './column-types.ts';

export interface JobsTables {
  jobs: JobsTable;
  job_rows: JobRowsTable;
  job_budgets: JobBudgetsTable;
}

export interface JobsTable {
  /** `job_` and a UUID. */
  id: string;
  /** Who knows how to run it: a dialect's name. */
  kind: string;
  organization_id: number;
  request: JsonText;
  /** An active job waits for a node or is run by one (`owner`). */
  state: 'active' | 'done' | 'failed';
  created_at: EpochMs;
  /** Not run before. */
  due_at: EpochMs;
  started_at: EpochMs | null;
  finished_at: EpochMs | null;
  /** Counts the nodes that have begun it; with `owner` it tells one run from every other. */
  attempt: number;
  /** The node that runs it now. */
  owner: string | null;
  /** Grows while the owner is alive. Others watch it grow by their own clocks, so clocks need not agree. */
  beat: number;
  /** Rows of the result that are stored, and bytes of these and of the rest of the job. */
  rows: number;
  bytes: number;
  /** What belongs to the result besides its rows; of jobs that are done. */
  head: JsonText | null;
  /** A problem; of jobs that have failed. */
  failure: JsonText | null;
}

/** Some rows of a result, in order. Those of an attempt that did not come to its end are never read. */
export interface JobRowsTable {
  job_id: string;
  attempt: number;
  /** Position of the first row in the result. */
  first_row: number;
  rows: number;
  /** Lines of JSON, deflated, in base64. */
  content: string;
}

/** What the jobs of an organization take together, so that a new one can be refused without counting them all. */
export interface JobBudgetsTable {
  organization_id: number;
  active: number;
  /** Of all that are kept: what was asked, and the results. */
  bytes: number;
}
