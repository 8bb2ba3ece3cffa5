import { fail, ok, type Result } from '../../../domain/result.ts';
import type { EventCount } from '../../../queries/audience/events.ts';
import type { Services } from '../../dialect.ts';
import { periodOf, rangeOf } from '../period/period.ts';
import type { AppRead } from '../read/app-read.ts';
import { message, problemAnswer, type Answer } from '../transport/answer.ts';
import { jsonOf, text } from '../transport/parameters.ts';
import { segmentName } from '../write/events.ts';
import { bucketId, bucketIds, grainOf } from './series.ts';

type EventServices = Pick<Services, 'audience' | 'clock'>;

interface EventRow {
  readonly _id: string;
  c: number;
  s: number;
  dur: number;
}

const TAG = 'countly:events';
/** Events of Countly itself: readable by name only. */
const INTERNAL = '[CLY]_';
/** Events in one answer. */
const MAX_EVENTS = 100;

/** `/o/analytics/events` (contract 4.3): one event by time or by segment value, several, or the totals of all. */
export async function events(services: EventServices, read: AppRead): Promise<Answer> {
  const { parameters } = read;
  const sent = jsonOf(parameters, 'events');
  if (sent.kind !== 'absent') {
    const keys = sent.kind === 'value' ? keysOf(sent.value) : null;
    if (keys === null) return message('events JSON is not properly formed', 400);
    const found: [string, readonly EventRow[]][] = [];
    for (const key of new Set(keys)) {
      const rows = await rowsOf(services, read, key);
      if (!rows.ok) return rows.problem;
      found.push([key, rows.value]);
    }
    return { body: Object.fromEntries(found) };
  }
  const event = text(parameters, 'event');
  if (event === '') return totals(services, read);
  const rows = await rowsOf(services, read, event);
  return rows.ok ? { body: rows.value } : rows.problem;
}

function keysOf(value: unknown): readonly string[] | null {
  if (!Array.isArray(value) || value.length > MAX_EVENTS) return null;
  return value.every((key): key is string => typeof key === 'string') ? value : null;
}

async function totals({ audience, clock }: EventServices, { app, parameters, call }: AppRead): Promise<Answer> {
  const range = rangeOf(periodOf(parameters.get('period'), clock.now(), app.zone).current, app.zone);
  const found = await audience.eventTotals(app, range, { tag: TAG, signal: call.signal });
  if (!found.ok) return problemAnswer(found.problem);
  return {
    body: {
      all: found.value
        .filter(({ key }) => !key.startsWith(INTERNAL))
        .map((count) => add({ _id: count.key, c: 0, s: 0, dur: 0 }, count)),
    },
  };
}

/** Every bucket of the period, or with `segmentation` every value of that segment. */
async function rowsOf(
  { audience, clock }: EventServices,
  { app, parameters, call }: AppRead,
  key: string,
): Promise<Result<readonly EventRow[], Answer>> {
  const now = clock.now();
  const { current } = periodOf(parameters.get('period'), now, app.zone);
  const segment = segmentName(text(parameters, 'segmentation'));
  const segments = segment === '' ? 'none' : { name: segment };
  const asked = { range: rangeOf(current, app.zone), segments } as const;
  const series = await audience.eventSeries(app, [key], asked, { tag: TAG, signal: call.signal });
  if (!series.ok) return fail(problemAnswer(series.problem));

  const rows = new Map<string, EventRow>();
  if (segment !== '') {
    for (const count of series.value.values) addTo(rows, count.value, count);
    return ok([...rows.values()].toSorted((a, b) => b.c - a.c || (a._id < b._id ? -1 : 1)));
  }
  const grain = grainOf(current, text(parameters, 'bucket'));
  for (const _id of bucketIds(current, grain, now, app.zone)) rows.set(_id, { _id, c: 0, s: 0, dur: 0 });
  for (const count of series.value.hours) addTo(rows, bucketId(count.hour, grain), count);
  return ok([...rows.values()]);
}

function addTo(rows: Map<string, EventRow>, _id: string, count: EventCount): void {
  rows.set(_id, add(rows.get(_id) ?? { _id, c: 0, s: 0, dur: 0 }, count));
}

/** Sums are whole numbers of 10^-5, added as such: 0.1 + 0.2 is 0.3. */
function add(row: EventRow, { count, sumE5, durationE5 }: EventCount): EventRow {
  return {
    ...row,
    c: row.c + Number(count),
    s: (Math.round(row.s * E5) + Number(sumE5 ?? 0n)) / E5,
    dur: (Math.round(row.dur * E5) + Number(durationE5 ?? 0n)) / E5,
  };
}

const E5 = 100_000;
