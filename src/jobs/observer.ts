import type { Job } from './job.ts';

/** Told what becomes of runs; for metrics and the log. */
export interface JobObserver {
  /** @param ms that the run took */
  ended(job: Pick<Job, 'id' | 'kind'>, outcome: 'done' | 'failed' | 'lost' | 'released', ms: number): void;
  /** A bug of ours ended a run. */
  broke(job: Pick<Job, 'id' | 'kind'>, error: unknown): void;
  /** The records store could not be asked. */
  troubled(error: unknown): void;
}
