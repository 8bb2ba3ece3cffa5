import type { Job, JobRun } from '../../../../jobs/job.ts';
import type { Questions } from '../../../../queries/ask/questions.ts';
import type { JobRequest } from '../job-request.ts';

export interface RunParts {
  readonly questions: Questions;
  /** Rows that a result keeps. */
  readonly maxRows: number;
}

/** What the results are made with. */
export interface Run extends RunParts {
  readonly organization: Job['organization'];
  readonly request: JobRequest;
  readonly context: { readonly tag: string; readonly signal: AbortSignal; readonly timeoutMs: number };
  readonly write: JobRun['write'];
}
