import { WRITABLE } from '../../../../domain/time/instant.ts';
import { rangeOfDays } from '../date.ts';
import type { ResultHead } from '../job-request.ts';
import { wireNumber } from '../wire-number.ts';
import type { Run } from './run.ts';

/** Key of the row to kind of the inventory. */
const KEYS = {
  total_launch_project: 'project',
  total_launch_env: 'environment',
  total_launch_domain: 'domain',
} as const;

/** Request 1: everything created until the end of `to`, whenever the range begins. */
export async function writeSubscription({
  organization,
  request,
  questions,
  context,
  write,
}: Run): Promise<ResultHead> {
  const totals = new Map<string | number | null, number | bigint | null>();
  const question = {
    stream: 'inventory',
    scope: { organizations: [organization] },
    range: { from: WRITABLE.from, to: rangeOfDays(request.from, request.to).to },
    bucket: null,
    measures: ['unique_uids'],
    dimensions: ['kind'],
    filters: [],
  } as const;
  for await (const rows of questions.rows(question, context)) {
    for (const { dimensions, measures } of rows) totals.set(dimensions[0] ?? null, measures[0] ?? null);
  }
  const fields = Object.entries(KEYS).map(([key, kind]) => `"${key}":${wireNumber(totals.get(kind) ?? 0)}`);
  await write([`{${fields.join(',')}}`]);
  return { rows: 1, cut: false, totals: null, marker: null };
}
