import { fail, ok, type Result } from '../../../domain/result.ts';
import type { Job } from '../../../jobs/job.ts';
import type { Jobs } from '../../../jobs/jobs.ts';
import { invalidParameters, jobFailed, refusalOf, type Refusal } from '../problems.ts';
import type { Admitted } from './admission.ts';
import type { JobRequest, ResultHead } from './job-request.ts';
import { parsePage } from './parameters.ts';
import { READS } from './reads.ts';

export interface RetrieveParts {
  readonly jobs: Jobs;
  readonly urlDataSource: string;
}

/** Request 8: what has become of a job, or a page of its result (contract 4.3, 5), as JSON text or an object. */
export async function retrieve(
  { jobs, urlDataSource }: RetrieveParts,
  jobId: string,
  { organization, query }: Admitted,
): Promise<Result<object | string, Refusal>> {
  const job = await jobs.find(jobId);
  if (job === null || job.organization !== organization.id || job.kind !== 'contentstack') {
    return fail(refusalOf({ kind: 'not_found', what: 'job', key: jobId }));
  }
  if (job.state === 'failed') return fail(jobFailed(job.failure?.problem ?? null));
  if (job.state !== 'done') return ok({ message: 'Job active', jobId, status: 'active' });
  const page = parsePage(query);
  if (!page.ok) return page;
  const window = windowOf(job, page.value);
  if (!window.ok) return window;
  const { first, count, isLast } = window.value;
  return ok(resultText(job, await jobs.rows(job, first, count), isLast, urlDataSource));
}

interface Window {
  readonly first: number;
  readonly count: number;
  readonly isLast: boolean;
}

function windowOf(job: Job, page: number): Result<Window, Refusal> {
  const { read, limit } = job.request as JobRequest;
  const { rows, cut } = job.head as ResultHead;
  const paginated = READS.find(({ name }) => name === read)?.paginated === true;
  if (!paginated) {
    if (page === 0) return ok({ first: 0, count: rows, isLast: true });
    return fail(invalidParameters({ page: ['is for paginated results only.'] }));
  }
  const whole = Math.floor(rows / limit);
  const pages = cut ? whole : Math.max(1, Math.ceil(rows / limit));
  if (page < pages) return ok({ first: page * limit, count: limit, isLast: !cut && page === pages - 1 });
  const why = cut ? `the result keeps ${pages} pages, the first of more` : `the last page is ${pages - 1}`;
  return fail(invalidParameters({ page: [`lies past the end: ${why}.`] }));
}

/** Keys in the order of contract 5. */
function resultText({ request, head }: Job, rows: readonly string[], isLast: boolean, urlDataSource: string): string {
  const { read, meta, uid } = request as JobRequest;
  const { totals, marker } = head as ResultHead;
  const totalsText = totals === null ? '' : `"total":${totals.total},"totalDocs":${totals.totalDocs},`;
  const data = isLast && marker !== null ? [...rows, marker] : rows;
  const source = read === 'url' ? `"urlDataSource":${JSON.stringify(urlDataSource)},` : '';
  return `{${totalsText}"data":[${data.join(',')}],${source}"meta":${JSON.stringify(meta)},"uid":"${uid}"}`;
}
