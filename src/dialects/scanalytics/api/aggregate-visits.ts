import type { Directory } from '../../../directory/directory.ts';
import type { Answer } from '../../../domain/question.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import { bucketEdges, bucketIndexOf, type Bucketing } from '../../../domain/time/buckets.ts';
import type { Clock } from '../../../domain/time/clock.ts';
import { epochMs, STORABLE, type EpochMs, type TimeRange, type ZoneId } from '../../../domain/time/instant.ts';
import { formatWithOffset } from '../../../domain/time/rfc3339.ts';
import type { Questions } from '../../../queries/ask/questions.ts';
import { aggregateSchema } from '../schema.ts';
import { parseBucket } from './bucket.ts';
import type { Call, Endpoint } from './endpoint.ts';
import { Visible, type VisibleArray } from './visible.ts';
import { parseWindow } from './window.ts';

/** More are refused before anything is asked (contract 7.3). */
const MAX_BUCKETS = 10_000;

interface AggregateParts {
  readonly directory: Directory;
  readonly questions: Questions;
  readonly clock: Clock;
  /** Zone of users who have none. */
  readonly instanceZone: ZoneId;
}

/** `GET /v{1,2}/aggregate/<arrayKey>/visits/<bucket>` (contract 7): an array's visits in buckets of the local clock. */
export function aggregateVisits(parts: AggregateParts): Endpoint {
  return {
    path: '/aggregate/:arrayKey/visits/:bucket',
    read: { schema: aggregateSchema, run: (call) => answer(parts, call) },
  };
}

async function answer(
  { directory, questions, clock, instanceZone }: AggregateParts,
  { holder, params, query, signal }: Call,
): Promise<Result<string>> {
  const key = params['arrayKey'] ?? '';
  const found = (await Visible.to(holder, directory)).array(key);
  if (found === undefined) return fail({ kind: 'not_found', what: 'array', key });
  const text = params['bucket'] ?? '';
  const bucket = parseBucket(text);
  if ('reason' in bucket) return fail({ kind: 'invalid_field', field: 'bucket', reason: bucket.reason });
  const window = parseWindow(query, { zone: holder.user.zone ?? instanceZone, now: clock.now() });
  if (!window.ok) return window;
  const { range, zone } = window.value;

  const bucketing = { ...bucket, zone };
  const laid = bucketEdges(range, bucketing, MAX_BUCKETS);
  if (!laid.ok) return fail({ kind: 'too_many_buckets', field: 'bucket', limit: laid.limit });
  const visits = await countVisits(questions, found, { range, bucketing, edges: laid.edges }, signal);
  if (!visits.ok) return visits;
  return ok(render({ arrayKey: found.array.key, bucket: text, range, zone }, laid.edges, visits.value));
}

/** Visits in each bucket; exact beyond 2^53. */
async function countVisits(
  questions: Questions,
  { deployment: { organization }, array }: VisibleArray,
  asked: { readonly range: TimeRange; readonly bucketing: Bucketing; readonly edges: readonly EpochMs[] },
  signal: AbortSignal,
): Promise<Result<readonly bigint[]>> {
  const { bucketing, edges } = asked;
  const counts = Array.from({ length: edges.length - 1 }, () => 0n);
  const range = storable(asked.range);
  if (range.from >= range.to) return ok(counts);
  // Groups are counted from the beginning of the window: of a clipped one, ask for their members instead.
  const clipped = range.from !== asked.range.from;
  const answered = await questions.ask(
    {
      stream: 'visits',
      scope: { organizations: [organization], only: { array: [array.key] } },
      range,
      bucket: clipped && isGrouped(bucketing) ? { ...bucketing, count: 1 } : bucketing,
      measures: ['count'],
      dimensions: [],
      filters: [],
    },
    { tag: 'scanalytics:aggregate.visits', signal },
  );
  if (!answered.ok) return answered;
  add(counts, edges, range, answered.value);
  return ok(counts);
}

function add(counts: bigint[], edges: readonly EpochMs[], range: TimeRange, { rows, buckets }: Answer): void {
  for (const { bucket, measures } of rows) {
    const from = buckets[bucket]?.from ?? range.from;
    const index = bucketIndexOf(edges, epochMs(Math.max(from, range.from)));
    const before = counts[index];
    if (before === undefined) throw new RangeError('the answer has a bucket that was not asked for');
    counts[index] = before + BigInt(measures[0] ?? 0);
  }
}

/** The reply (contract 7.4) as text: a count may be larger than JSON.stringify writes exactly. */
function render(
  { arrayKey, bucket, range, zone }: { arrayKey: string; bucket: string; range: TimeRange; zone: ZoneId },
  edges: readonly EpochMs[],
  visits: readonly bigint[],
): string {
  const total = visits.reduce((sum, count) => sum + count, 0n);
  const head = JSON.stringify({
    arrayKey,
    metric: 'visits',
    bucket,
    timezone: zone,
    start: formatWithOffset(range.from, zone),
    end: formatWithOffset(range.to, zone),
  });
  const data = visits.map((count, index) => {
    const start = edges[index];
    if (start === undefined) throw new RangeError('more counts than buckets');
    return `{"timestamp":"${formatWithOffset(start, zone)}","visits":${count}}`;
  });
  return `${head.slice(0, -1)},"total":${total},"data":[${data.join(',')}]}`;
}

function isGrouped({ unit, count }: Bucketing): boolean {
  return count > 1 && (unit === 'day' || unit === 'week' || unit === 'month');
}

/** What visits can lie in. */
function storable({ from, to }: TimeRange): TimeRange {
  return { from: epochMs(Math.max(from, STORABLE.from)), to: epochMs(Math.min(to, STORABLE.to)) };
}
