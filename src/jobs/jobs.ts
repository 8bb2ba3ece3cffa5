import { fail, ok, type Result } from '../domain/result.ts';
import type { OrganizationId } from '../domain/scope.ts';
import type { Clock } from '../domain/time/clock.ts';
import { OutageError, ProblemError } from '../domain/problem.ts';
import type { Records } from '../store/records/records.ts';
import { JobTable, type JobLimits } from './job-table.ts';
import type { Job, JobKind } from './job.ts';
import type { JobObserver } from './observer.ts';
import { unpackRows } from './row-text.ts';
import { Runner } from './runner.ts';

/**
 * Questions that are answered later. A job whose id was given out is never forgotten before its time: it is run to its
 * end once, by whichever node, whatever dies meanwhile, and its result does not change.
 */
export interface Jobs {
  /** Makes jobs of a kind be run by this node. */
  register(kind: JobKind): void;
  /**
   * Durable when it resolves. Problems: `overloaded` (the organization has as many active jobs as it may, or its results
   * take as much room as they may), `records_unavailable`.
   */
  create(job: {
    readonly kind: string;
    readonly organization: OrganizationId;
    readonly request: unknown;
  }): Promise<Result<string>>;
  /** Null for one that does not exist, or not any more. */
  find(id: string): Promise<Job | null>;
  /** Rows of a job that is done: `count` from `first` on, as far as there are so many. */
  rows(job: Job, first: number, count: number): Promise<readonly string[]>;
  /** Jobs of the organizations, newest first. */
  list(page: JobPage): Promise<readonly Job[]>;
  count(): Promise<{ readonly waiting: number; readonly running: number }>;
  /** Begins to run jobs; after all kinds are registered. */
  start(): Promise<void>;
  /** Breaks off what runs; it is run again by the next node. Safe to call without `start`. */
  stop(): Promise<void>;
}

export interface JobPage {
  readonly organizations: readonly OrganizationId[];
  readonly limit: number;
  /** Only jobs that come after this one. */
  readonly before: { readonly at: number; readonly id: string } | null;
}

export interface JobsParts {
  readonly records: Records;
  readonly clock: Clock;
  readonly limits: JobLimits;
  /** What one run may take. */
  readonly timeoutMs: number;
  readonly observer: JobObserver;
}

const ID = /^job_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function createJobs({ records, clock, limits, timeoutMs, observer }: JobsParts): Jobs {
  const table = new JobTable(records, limits);
  const kinds = new Map<string, JobKind>();
  const runner = new Runner({ table, kinds, clock, observer, timeoutMs });
  const held = new Set<NodeJS.Timeout>();

  const wakeWhenDue = (): void => {
    if (limits.holdMs === 0) return runner.wake();
    const timer = setTimeout(() => {
      held.delete(timer);
      runner.wake();
    }, limits.holdMs);
    held.add(timer.unref());
  };

  return {
    register: (kind) => void kinds.set(kind.name, kind),

    async create({ kind, organization, request }) {
      try {
        const id = await table.create(kind, organization, request, clock.now());
        wakeWhenDue();
        return ok(id);
      } catch (error) {
        const problem = error instanceof ProblemError || error instanceof OutageError ? error.problem : null;
        if (problem === null) throw error;
        return fail(problem);
      }
    },

    async find(id) {
      return ID.test(id) ? table.find(id, clock.now()) : null;
    },

    async rows({ id, attempts }, first, count) {
      if (count <= 0) return [];
      const pieces = await table.readRows(id, attempts, first, count);
      const unpacked = await Promise.all(pieces.map(({ content }) => unpackRows(content)));
      return unpacked.flatMap((rows, index) => {
        const start = pieces[index]?.firstRow ?? 0;
        return rows.slice(Math.max(0, first - start), Math.max(0, first + count - start));
      });
    },

    list: ({ organizations, limit, before }) => table.list(organizations, { limit, before, now: clock.now() }),
    count: () => table.count(),
    start: () => runner.start(),

    async stop() {
      for (const timer of held) clearTimeout(timer);
      await runner.stop();
    },
  };
}
