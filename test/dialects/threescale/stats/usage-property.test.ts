import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Temporal } from 'temporal-polyfill';
import { startServer, type TestServer } from '../../../support/server.ts';
import { ask, DIRECTORY, NOW, use } from '../support/world.ts';

/**
 * Values of random ranges against counting each reported call by itself, with the calendar of another library. The calls
 * lie around clock changes of the zones asked for.
 */

const ZONES = [
  'UTC',
  'Europe/Madrid',
  'America/New_York',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'America/Sao_Paulo',
  'Pacific/Apia',
  'Africa/Casablanca',
];
const HOUR = 3_600_000;

interface CallMade {
  readonly at: number;
  readonly application: number;
  readonly value: number;
}

/** The same calls every time. */
function calls(): CallMade[] {
  let state = 42;
  const next = (below: number) => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
  const around = [
    '2018-11-04',
    '2023-10-29',
    '2024-03-10',
    '2024-03-31',
    '2024-10-06',
    '2024-10-27',
    '2024-11-03',
    '2011-12-30',
  ];
  return around.flatMap((date) =>
    Array.from({ length: 90 }, () => ({
      at: Date.parse(`${date}T00:00:00Z`) - 60 * HOUR + next(120 * 3_600) * 1000 + next(2) * 999,
      application: [41, 45, 46][next(3)] ?? 41,
      value: 1 + next(9),
    })),
  );
}

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY, clock: NOW });
  await use(
    server.url,
    calls().map(({ at, ...rest }) => ({ ...rest, time: new Date(at).toISOString() })),
  );
}, 60_000);
afterAll(() => server.stop());

const GRAINS = ['month', 'day', 'hour', '21600'] as const;
type Grain = (typeof GRAINS)[number];

/** Beginning of the bucket that holds an instant; of six hours, of the quarter of the local day. */
function floorTo(at: number, grain: Grain, zone: string): Temporal.ZonedDateTime {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  if (grain === 'month') return local.with({ day: 1 }).startOfDay();
  if (grain === 'day') return local.startOfDay();
  const hour = grain === 'hour' ? local.hour : Math.floor(local.hour / 6) * 6;
  // By subtraction, so that of an hour shown twice the right one is meant.
  if (grain === 'hour')
    return local.subtract({ minutes: local.minute, seconds: local.second, milliseconds: local.millisecond });
  return local.startOfDay().with({ hour });
}

function after(start: Temporal.ZonedDateTime, grain: Grain): Temporal.ZonedDateTime {
  if (grain === 'month') return start.add({ months: 1 }).startOfDay();
  if (grain === 'day') return start.add({ days: 1 }).startOfDay();
  if (grain === 'hour') return start.add({ hours: 1 });
  const quarter = Math.floor(start.hour / 6) * 6 + 6;
  return quarter < 24 ? start.startOfDay().with({ hour: quarter }) : start.add({ days: 1 }).startOfDay();
}

function bruteForce(from: number, to: number, grain: Grain, zone: string, application: number | null): number[] {
  const mine = calls().filter((call) => application === null || call.application === application);
  const end = after(floorTo(to, grain, zone), grain).epochMilliseconds;
  const values: number[] = [];
  for (let start = floorTo(from, grain, zone); start.epochMilliseconds < end;) {
    const next = grain === '21600' ? start.add({ hours: 6 }) : after(start, grain);
    const limit = Math.min(next.epochMilliseconds, end);
    const inside = mine.filter(({ at }) => at >= start.epochMilliseconds && at < limit);
    values.push(inside.reduce((sum, { value }) => sum + value, 0));
    start = next;
  }
  return values;
}

test('values equal a count of each call, for random zones, granularities and ranges', async () => {
  const anchors = calls().map(({ at }) => at);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...ZONES),
      fc.constantFrom<Grain>(...GRAINS),
      fc.constantFrom(...anchors),
      fc.integer({ min: -50 * HOUR, max: 50 * HOUR }),
      fc.integer({ min: 0, max: 170 * HOUR }),
      fc.constantFrom(41, 45, null),
      async (zone, grain, anchor, shift, length, application) => {
        // Lord Howe moves its clock by half an hour: its hours are not all an hour long.
        fc.pre(zone !== 'Australia/Lord_Howe' || grain === 'day' || grain === 'month');
        const from = Math.floor((anchor + shift) / 1000) * 1000;
        const to = from + Math.floor(length / 1000) * 1000;
        const text = (at: number) => new Date(at).toISOString();
        const path = application === null ? '/stats/services/7/usage' : `/stats/applications/${application}/usage`;
        const query = `metric_name=hits&granularity=${grain}&since=${text(from)}&until=${text(to)}&timezone=${zone}`;
        const { status, text: body } = await ask(server.url, `${path}.json?${query}`);
        const expected = bruteForce(from, to, grain, zone, application);
        const { values, total } = JSON.parse(body) as { values: number[]; total: number };
        expect([status, values]).toEqual([200, expected]);
        expect(total).toBe(expected.reduce((sum, value) => sum + value, 0));
        const xml = await ask(server.url, `${path}.xml?${query}`);
        expect(xml.text).toContain(`<values length="${expected.length}">${expected.join(',')}</values>`);
      },
    ),
    { numRuns: 100 },
  );
}, 60_000);
