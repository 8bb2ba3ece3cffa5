import { ProblemError } from '../../../domain/problem.ts';
import type { JobKind } from '../../../jobs/job.ts';
import type { JobRequest, ResultHead } from './job-request.ts';
import type { Run, RunParts } from './results/run.ts';
import { writeSubscription } from './results/subscription.ts';
import { writeUsage } from './results/usage.ts';
import { writeCounts } from './results/counts.ts';

/** Contract 4.4: the plain difference of the dates. */
const MAX_DAYS = 90;

/** How the jobs of this dialect are answered. */
export function createJobKind(parts: RunParts): JobKind {
  return {
    name: 'contentstack',
    run({ organization, request: kept }, { signal, timeoutMs, write }) {
      // Written by this dialect when the job was made.
      const request = kept as JobRequest;
      if (request.to - request.from > MAX_DAYS) {
        const reason = `lies more than ${MAX_DAYS} days after from`;
        throw new ProblemError({ kind: 'invalid_field', field: 'to', reason });
      }
      const context = { tag: `contentstack:${request.read}`, signal, timeoutMs };
      return resultOf({ ...parts, organization, request, context, write });
    },
  };
}

function resultOf(run: Run): Promise<ResultHead> {
  switch (run.request.read) {
    case 'subscription':
      return writeSubscription(run);
    case 'usage':
      return writeUsage(run);
    default:
      return writeCounts(run, run.request.read);
  }
}
