import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Bucketing } from '../../../src/domain/time/buckets.ts';
import { epochMs } from '../../../src/domain/time/instant.ts';
import { parseZone } from '../../../src/domain/time/zones.ts';
import { slowEdges } from '../../domain/time/bucket-oracle.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { bearer, DANA, ingest, send, tokens } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';

const ZONES = [
  'America/Chicago',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'America/Havana',
  'Pacific/Chatham',
  'America/Sao_Paulo',
  'Pacific/Apia',
  'Europe/Dublin',
  'Africa/Casablanca',
  'UTC',
];
const UNITS = { s: 'second', m: 'minute', h: 'hour', d: 'day', w: 'week', M: 'month' } as const;

/** Around these instants the clock of one of the zones changes. */
const CHANGES = [
  '2011-12-30T10:00:00Z',
  '2018-11-04T03:00:00Z',
  '2019-02-17T02:00:00Z',
  '2024-04-06T15:00:00Z',
  '2024-09-28T14:00:00Z',
  '2024-11-03T05:00:00Z',
  '2024-11-03T07:00:00Z',
  '2025-03-02T02:00:00Z',
  '2025-03-09T08:00:00Z',
  '2025-10-26T01:00:00Z',
].map((text) => Date.parse(text));
const HOUR_MS = 3_600_000;

const instant = fc
  .tuple(fc.constantFrom(...CHANGES), fc.integer({ min: -60 * HOUR_MS, max: 60 * HOUR_MS }), fc.boolean())
  .map(([change, by, round]) => (round ? Math.floor((change + by) / 900_000) * 900_000 : change + by));

const bucket = fc.oneof(
  fc.tuple(fc.constantFrom(1, 7, 3600, 86_400), fc.constant('s' as const)),
  fc.tuple(fc.constantFrom(1, 5, 15, 25, 90, 1440), fc.constant('m' as const)),
  fc.tuple(fc.integer({ min: 1, max: 24 }), fc.constant('h' as const)),
  fc.tuple(fc.integer({ min: 1, max: 10 }), fc.constantFrom('d' as const, 'w' as const, 'M' as const)),
);

const visit = fc.record({ time: instant, count: fc.integer({ min: 1, max: 1_000_000 }), array: fc.boolean() });

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY, env: { TALLYHOUSE_SCANALYTICS_RATE_LIMITS: '0' } });
  token = (await tokens(server.url, DANA)).access_token;
}, 60_000);
afterAll(() => server.stop());

/** The label of an instant, by the other zone database. */
function label(at: number, zone: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  return local.toString({ timeZoneName: 'never', smallestUnit: 'second' });
}

test('every bucket equals a count by brute force, for random zones, buckets and windows (contract 7)', async () => {
  const known: { time: number; count: number }[] = [];
  await fc.assert(
    fc.asyncProperty(
      fc.array(visit, { maxLength: 20 }),
      fc.constantFrom(...ZONES),
      bucket,
      instant,
      fc.integer({ min: 1, max: 90 * HOUR_MS }),
      async (visits, name, [count, letter], from, longest) => {
        // The oracle is slow: some hundred buckets are enough.
        const length = letter === 's' ? Math.min(longest, count * 300_000) : longest;
        await ingest(
          server.url,
          visits.map(({ time, count: weight, array }) => ({
            time: new Date(time).toISOString(),
            count: weight,
            ...(array ? { array: '1AMDK' } : { device: 'D00017' }),
          })),
        );
        known.push(...visits);

        const zone = parseZone(name);
        if (zone === null) throw new Error(`no zone ${name}`);
        const bucketing: Bucketing = { unit: UNITS[letter], count, zone };
        const range = { from: epochMs(from), to: epochMs(from + length) };
        const edges = slowEdges(range, bucketing);
        const query = new URLSearchParams({
          start: new Date(range.from).toISOString(),
          end: new Date(range.to).toISOString(),
          timezone: name,
        });
        const reply = await send(server.url, `/v2/aggregate/1AMDK/visits/${count}${letter}?${query.toString()}`, {
          headers: bearer(token),
        });
        const inWindow = known.filter(({ time }) => time >= range.from && time < range.to);
        const data = edges.slice(0, -1).map((edge, index) => ({
          timestamp: label(edge, name),
          visits: inWindow
            .filter(({ time }) => time >= edge && time < (edges[index + 1] ?? Infinity))
            .reduce((sum, one) => sum + one.count, 0),
        }));
        expect(reply.json()).toEqual({
          arrayKey: '1AMDK',
          metric: 'visits',
          bucket: `${count}${letter}`,
          timezone: name,
          start: label(range.from, name),
          end: label(range.to, name),
          total: inWindow.reduce((sum, one) => sum + one.count, 0),
          data,
        });
      },
    ),
    { numRuns: 100, seed: 20_260_308, endOnFailure: true },
  );
}, 180_000);
