import type { Filter } from '../../../../domain/question.ts';
import { bucketEdges } from '../../../../domain/time/buckets.ts';
import { UTC } from '../../../../domain/time/zones.ts';
import { dayText, rangeOfDays } from '../date.ts';
import type { JobRequest, ResultHead } from '../job-request.ts';
import { CDN_SERVICES } from '../services.ts';
import { wireNumber } from '../wire-number.ts';
import { callsQuestion, equals } from './question.ts';
import type { Run } from './run.ts';

interface Sums {
  apiBytes: bigint;
  apiCount: bigint;
  cdnBytes: bigint;
  cdnCount: bigint;
}

/** Request 3: a row for each bucket of the range, also where nothing happened. */
export async function writeUsage(run: Run): Promise<ResultHead> {
  const { request, questions, context, write } = run;
  const edges = edgesOf(request);
  const buckets = new Map(edges.map((edge) => [edge, { apiBytes: 0n, apiCount: 0n, cdnBytes: 0n, cdnCount: 0n }]));
  const question = callsQuestion(run, {
    measures: ['count', 'bytes'],
    dimensions: ['service'],
    filters: launchFilters(request),
  });
  for await (const rows of questions.rows(question, context)) {
    for (const { from, dimensions, measures } of rows) {
      const sums = from === null ? undefined : buckets.get(from);
      if (sums === undefined) throw new RangeError(`a row is in no bucket: ${String(from)}`);
      add(sums, String(dimensions[0]), BigInt(measures[0] ?? 0), BigInt(measures[1] ?? 0));
    }
  }
  const rows = [...buckets].map(([edge, sums]) => {
    const { apiBytes, apiCount, cdnBytes, cdnCount } = sums;
    return (
      `{"total_api_bandwidth":${wireNumber(apiBytes)},"total_api_count":${wireNumber(apiCount)},` +
      `"total_cdn_bandwidth":${wireNumber(cdnBytes)},"total_cdn_count":${wireNumber(cdnCount)},"date":"${dayText(edge)}"}`
    );
  });
  await write(rows);
  return { rows: rows.length, cut: false, totals: null, marker: null };
}

function add(sums: Sums, service: string, count: bigint, bytes: bigint): void {
  if (CDN_SERVICES.has(service)) {
    sums.cdnCount += count;
    sums.cdnBytes += bytes;
  } else {
    sums.apiCount += count;
    sums.apiBytes += bytes;
  }
}

/** The first instants of all buckets; the range has been found short enough for any duration. */
function edgesOf({ from, to, duration }: JobRequest) {
  const range = rangeOfDays(from, to);
  const found = bucketEdges(range, { unit: duration, count: 1, zone: UTC }, to - from + 1);
  if (!found.ok) throw new RangeError(`more than ${found.limit} buckets`);
  return found.edges.slice(0, -1);
}

function launchFilters({ projectUid, environmentUid }: JobRequest): readonly Filter[] {
  return [
    ...(projectUid === null ? [] : [equals('project', projectUid)]),
    ...(environmentUid === null ? [] : [equals('environment', environmentUid)]),
  ];
}
