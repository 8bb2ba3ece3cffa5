import type { Logger } from 'pino';
import { Gauge, Histogram, type Registry } from 'prom-client';
import type { Jobs } from './jobs.ts';
import type { JobObserver } from './observer.ts';

const SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300];

/** Every run as a metric, and as a log line where an operator should look. */
export function jobObserver(registry: Registry, log: Logger): JobObserver {
  const seconds = new Histogram({
    name: 'tallyhouse_job_duration_seconds',
    help: 'Time of one run of a job by kind and outcome.',
    labelNames: ['kind', 'outcome'],
    buckets: SECONDS,
    registers: [registry],
  });
  return {
    ended({ id, kind }, outcome, ms) {
      seconds.observe({ kind, outcome }, ms / 1000);
      log.debug({ job: id, kind, outcome, ms: Math.round(ms) }, 'a job was run');
    },
    broke: ({ id, kind }, error) => log.error({ err: error, job: id, kind }, 'a job broke'),
    troubled: (error) => log.warn({ err: error }, 'the records store cannot be asked for jobs now'),
  };
}

export function jobGauges(registry: Registry, jobs: Jobs): void {
  new Gauge({
    name: 'tallyhouse_jobs',
    help: 'Active jobs of all nodes by state.',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      const counts = await jobs.count().catch(() => null);
      for (const [state, count] of Object.entries(counts ?? {})) this.set({ state }, count);
    },
  });
}
