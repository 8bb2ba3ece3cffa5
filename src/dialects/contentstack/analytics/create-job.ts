import { randomUUID } from 'node:crypto';
import type { Directory } from '../../../directory/directory.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import type { Jobs } from '../../../jobs/jobs.ts';
import type { Questions } from '../../../queries/ask/questions.ts';
import { INVALID_API_KEY, refusalOf, type Refusal } from '../problems.ts';
import type { Admitted } from './admission.ts';
import type { JobRequest } from './job-request.ts';
import { metaOf } from './meta.ts';
import { parseParameters, type Parameters } from './parameters.ts';
import type { Read } from './reads.ts';

export interface CreateParts {
  readonly directory: Directory;
  readonly questions: Questions;
  readonly jobs: Jobs;
}

/** The requests 1 to 7: a job, whose result is fetched later (contract 4.1). */
export async function createJob(
  { directory, questions, jobs }: CreateParts,
  read: Read,
  { organization, query }: Admitted,
): Promise<Result<object, Refusal>> {
  const parameters = parseParameters(read, query);
  if (!parameters.ok) return parameters;
  const { apiKey } = parameters.value;
  if (apiKey !== null && (await directory.stacks()).byApiKey(organization.id, apiKey) === null) {
    return fail(INVALID_API_KEY);
  }
  // A job that is bound to fail is not taken on.
  const trouble = await questions.trouble();
  if (trouble !== null) return fail(refusalOf(trouble));
  const job = await jobs.create({
    kind: 'contentstack',
    organization: organization.id,
    request: requestOf(read, parameters.value, metaOf(read, query, parameters.value)),
  });
  return job.ok ? ok({ jobId: job.value, paginated: read.paginated }) : fail(refusalOf(job.problem));
}

function requestOf(read: Read, parameters: Parameters, meta: JobRequest['meta']): JobRequest {
  const { includeCount, includeTotalCount, services, ...rest } = parameters;
  // Only the three paginated requests have totals, and Top URLs asks for them by another name.
  const counted = read.paginated && (read.name === 'url' ? includeTotalCount : includeCount);
  return { ...rest, read: read.name, services: services.services, counted, meta, uid: randomUUID() };
}
