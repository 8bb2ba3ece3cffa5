import { fail, ok, type Result } from '../../../domain/result.ts';
import { bucketAround, bucketEdges, type BucketUnit } from '../../../domain/time/buckets.ts';
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../../domain/time/durations.ts';
import { epochMs, STORABLE, WRITABLE, type EpochMs, type ZoneId } from '../../../domain/time/instant.ts';
import { addToLocal, type CalendarStep } from '../../../domain/time/local.ts';
import { UTC } from '../../../domain/time/zones.ts';
import { message, missing, type ReadRefusal } from '../format/refusal.ts';
import type { Parameters } from '../parameters/parameters.ts';
import { parseDate } from '../time/dates.ts';

export type Granularity = 'month' | 'day' | 'hour' | '21600' | 'eternity';
export type Period = 'year' | 'month' | 'week' | 'day' | 'eternity';

/** What is counted, bucket by bucket (contract 4.2, 4.4). */
export interface UsageRange {
  /** Null unless it was sent. */
  readonly period: Period | null;
  readonly granularity: Granularity;
  readonly zone: ZoneId;
  /** Bucket `i` is `[edges[i], edges[i + 1])`. Empty when the range is: there are no buckets then. */
  readonly edges: readonly EpochMs[];
  /** The ends as they are told: the first instant of the first bucket, the last second of the last. */
  readonly since: EpochMs;
  readonly until: EpochMs;
  /** The same number of buckets before these; null for eternity, which has none. */
  readonly before: { readonly from: EpochMs; readonly to: EpochMs } | null;
}

const PERIODS = {
  year: { step: { years: 1 }, usual: 'month' },
  month: { step: { months: 1 }, usual: 'day' },
  week: { step: { weeks: 1 }, usual: '21600' },
  day: { step: { days: 1 }, usual: 'hour' },
} as const satisfies Readonly<Record<string, { step: CalendarStep; usual: Granularity }>>;

const SIX_HOURS_MS = 6 * HOUR_MS;

interface Grain {
  /** The local unit that ends of the range are rounded to. */
  readonly unit: BucketUnit;
  readonly count: number;
  /** How long a range may be. */
  readonly limit: CalendarStep;
  readonly limitText: string;
}

const GRAINS: Readonly<Record<Exclude<Granularity, 'eternity'>, Grain>> = {
  month: { unit: 'month', count: 1, limit: { years: 10 }, limitText: '10 years' },
  day: { unit: 'day', count: 1, limit: { years: 1 }, limitText: '1 year' },
  '21600': { unit: 'hour', count: 6, limit: { months: 6 }, limitText: '6 months' },
  hour: { unit: 'hour', count: 1, limit: { days: 90 }, limitText: '90 days' },
};

/** More than the longest range of any granularity has. */
const MAX_BUCKETS = 10_000;

const BAD_DATE = message(400, 'Date parameters should have valid date/time format.');

/** What has to be there; asked before any value is looked at (contract 2.3). */
export function missingRange(parameters: Parameters): ReadRefusal | null {
  if (parameters.get('period') !== null) return null;
  const name = ['granularity', 'since', 'until'].find((each) => parameters.get(each) === null);
  return name === undefined ? null : missing(name);
}

/** The range that the parameters describe, rounded outward to whole buckets. */
export function usageRange(
  parameters: Parameters,
  { zone, now }: { readonly zone: ZoneId; readonly now: EpochMs },
): Result<UsageRange, ReadRefusal> {
  const period = parameters.get('period');
  if (period !== null && !isPeriod(period)) return fail(message(400, `period ${period} is not supported`));
  const asked = granularityOf(parameters.get('granularity'));
  if (asked === 'unknown') {
    return fail(message(400, `granularity ${parameters.get('granularity') ?? ''} is not supported`));
  }
  if (period === 'eternity') {
    return asked === null || asked === 'eternity' ? ok(everything(zone, now)) : fail(onlyTogether());
  }
  const granularity = asked ?? (period === null ? null : PERIODS[period].usual);
  if (granularity === null) return fail(missing('granularity'));
  if (granularity === 'eternity') return fail(onlyTogether());

  const ends = endsOf(parameters, period, { zone, now });
  if (ends === null) return fail(BAD_DATE);
  const { unit, count, limit, limitText } = GRAINS[granularity];
  const from = bucketAround(ends.since, { unit, count, zone }).from;
  const { to } = bucketAround(ends.until, { unit, count, zone });
  if (to > addToLocal(from, limit, zone)) {
    return fail(message(400, `range is too long for granularity ${granularity}: at most ${limitText}`));
  }
  const edges = from < to ? edgesOf(granularity, from, to, zone) : [];
  return ok({
    period,
    granularity,
    zone,
    edges,
    since: from,
    until: epochMs(to - SECOND_MS),
    before: { from: startBefore(granularity, from, Math.max(0, edges.length - 1), zone), to: from },
  });
}

function isPeriod(text: string): text is Period {
  return text === 'eternity' || Object.hasOwn(PERIODS, text);
}

function granularityOf(text: string | null): Granularity | 'unknown' | null {
  if (text === null) return null;
  if (text === '6h') return '21600';
  return text === 'eternity' || Object.hasOwn(GRAINS, text) ? (text as Granularity) : 'unknown';
}

function onlyTogether(): ReadRefusal {
  return message(400, 'granularity eternity and period eternity go together only');
}

/** Both ends as instants, the last one included; null when one cannot be read. A period wins over `until`. */
function endsOf(
  parameters: Parameters,
  period: Exclude<Period, 'eternity'> | null,
  { zone, now }: { readonly zone: ZoneId; readonly now: EpochMs },
): { readonly since: EpochMs; readonly until: EpochMs } | null {
  const since = readDate(parameters.get('since'), zone);
  if (since === 'unreadable') return null;
  if (period === null) {
    const until = readDate(parameters.get('until'), zone);
    return since === null || until === null || until === 'unreadable' ? null : { since, until };
  }
  const { step } = PERIODS[period];
  if (since === null) return { since: addToLocal(now, negative(step), zone), until: now };
  return { since, until: epochMs(addToLocal(since, step, zone) - SECOND_MS) };
}

/** Years at the very ends of the calendar are refused, since a bucket or a period there would leave it. */
function readDate(text: string | null, zone: ZoneId): EpochMs | 'unreadable' | null {
  if (text === null) return null;
  const at = parseDate(text.trim(), zone);
  const margin = 400 * DAY_MS;
  return at === null || at < WRITABLE.from + margin || at > WRITABLE.to - margin ? 'unreadable' : at;
}

function negative(step: CalendarStep): CalendarStep {
  return Object.fromEntries(Object.entries(step).map(([unit, count]) => [unit, -Number(count)]));
}

/** Buckets of six hours follow the clock at their first edge only; from there they are six hours long, the last cut. */
function edgesOf(
  granularity: Exclude<Granularity, 'eternity'>,
  from: EpochMs,
  to: EpochMs,
  zone: ZoneId,
): readonly EpochMs[] {
  if (granularity === '21600') {
    const edges: EpochMs[] = [];
    for (let edge: number = from; edge < to; edge += SIX_HOURS_MS) edges.push(epochMs(edge));
    return [...edges, to];
  }
  const laid = bucketEdges({ from, to }, { unit: granularity, count: 1, zone }, MAX_BUCKETS);
  if (!laid.ok) throw new RangeError(`a range within its limit has more than ${MAX_BUCKETS} buckets`);
  return laid.edges;
}

/** Where the same number of buckets before `from` begins, in calendar terms. */
function startBefore(
  granularity: Exclude<Granularity, 'eternity'>,
  from: EpochMs,
  buckets: number,
  zone: ZoneId,
): EpochMs {
  if (granularity === 'hour') return epochMs(from - buckets * HOUR_MS);
  if (granularity === '21600') return epochMs(from - buckets * SIX_HOURS_MS);
  const step = granularity === 'day' ? { days: -buckets } : { months: -buckets };
  return bucketAround(addToLocal(from, step, zone), { unit: granularity, count: 1, zone }).from;
}

/** One bucket with all there ever was, told as from 1970 to the end of today. */
function everything(zone: ZoneId, now: EpochMs): UsageRange {
  return {
    period: 'eternity',
    granularity: 'eternity',
    zone,
    edges: [STORABLE.from, STORABLE.to],
    since: epochMs(0),
    until: epochMs(bucketAround(now, { unit: 'day', count: 1, zone: UTC }).to - SECOND_MS),
    before: null,
  };
}

/** The calendar period that holds `since` (contract 4.9). */
export function calendarPeriod(
  parameters: Parameters,
  zone: ZoneId,
): Result<{ readonly period: string; readonly from: EpochMs; readonly to: EpochMs }, ReadRefusal> {
  const period = parameters.get('period') ?? '';
  if (!isPeriod(period) || period === 'eternity') return fail(message(400, `period ${period} is not supported`));
  const since = readDate(parameters.get('since'), zone);
  if (since === null || since === 'unreadable') return fail(BAD_DATE);
  return ok({ period, ...bucketAround(since, { unit: period, count: 1, zone }) });
}
