import type { Problem } from '../domain/problem.ts';
import type { OrganizationId } from '../domain/scope.ts';
import type { EpochMs } from '../domain/time/instant.ts';

/** A question that is answered later, and what has become of it. */
export interface Job {
  /** `job_` and a UUID; unique over all kinds and organizations. */
  readonly id: string;
  /** Name of the `JobKind` that runs it. */
  readonly kind: string;
  readonly organization: OrganizationId;
  readonly request: unknown;
  /** `waiting` and `running` are active; a job of a node that died waits again. */
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  readonly createdAt: EpochMs;
  readonly startedAt: EpochMs | null;
  readonly finishedAt: EpochMs | null;
  /** When the job is forgotten; null while it is active. */
  readonly expiresAt: EpochMs | null;
  /** How many nodes have begun it. */
  readonly attempts: number;
  /** Rows of the result stored so far. */
  readonly rows: number;
  readonly bytes: number;
  /** What `run` returned; null unless it is done. */
  readonly head: unknown;
  readonly failure: JobFailure | null;
}

/** Why a job has failed: a problem, or null for a bug of ours, or a job that ended every process that ran it. */
export interface JobFailure {
  readonly problem: Problem | null;
}

/** How jobs of one kind are run. */
export interface JobKind {
  /** The dialect's name. */
  readonly name: string;
  /**
   * Answers the question: writes the rows of the result and returns what belongs to it besides them, as JSON. Runs again
   * from the beginning on another node when this one dies; only one run's result is kept. Throws `ProblemError` to fail.
   */
  run(job: Pick<Job, 'id' | 'organization' | 'request'>, run: JobRun): Promise<unknown>;
}

export interface JobRun {
  /** Aborts when the job's time is over, the server stops or another node has taken the job. */
  readonly signal: AbortSignal;
  /** How long the run may take in all, in milliseconds. */
  readonly timeoutMs: number;
  /** Adds rows to the result, each a text without line feeds. To be awaited: it is what bounds memory. */
  readonly write: (rows: readonly string[]) => Promise<void>;
}
