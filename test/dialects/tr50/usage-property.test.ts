import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bruteForce, type Row } from './support/brute-force.ts';
import { Client } from './support/client.ts';
import { serving } from './support/serving.ts';

/** Each organization hangs under the one that its key begins with: A over AB over ABC. */
const ORGANIZATIONS = {
  A: 'America/New_York',
  AB: 'Australia/Lord_Howe',
  ABC: 'Asia/Kathmandu',
  AD: 'America/Havana',
  E: 'Pacific/Chatham',
  EF: 'America/Sao_Paulo',
  G: 'Pacific/Apia',
  H: 'Europe/London',
  I: 'Africa/Casablanca',
} as const;
const KEYS = Object.keys(ORGANIZATIONS) as (keyof typeof ORGANIZATIONS)[];

const DIRECTORY = `
users: [{email: ops@example.com, password: pass-the-proof, super_ops: true}]
organizations:
${KEYS.map((key) => {
  const parent = key.length === 1 ? 'null' : key.slice(0, -1);
  return `  - {key: ${key}, name: ${key}, parent: ${parent}, timezone: ${ORGANIZATIONS[key]}, native_keys: [{key: th_${key}, scopes: [ingest]}]}`;
}).join('\n')}
  - {key: OPS, name: Operations, members: [{user: ops@example.com, role: owner}]}
`;

/** Around these instants a clock of one of the zones changes. */
const CHANGES = [
  '2011-12-30T10:00:00Z',
  '2018-11-04T03:00:00Z',
  '2019-02-17T02:00:00Z',
  '2024-04-06T14:00:00Z',
  '2024-09-28T14:00:00Z',
  '2024-11-03T05:00:00Z',
  '2024-11-03T06:00:00Z',
  '2025-03-09T05:00:00Z',
  '2025-03-09T07:00:00Z',
  '2025-03-02T02:00:00Z',
  '2025-10-26T01:00:00Z',
].map((text) => Date.parse(text));

const DAY_MS = 86_400_000;

const aroundChange = (reachMs: number) =>
  fc.tuple(fc.constantFrom(...CHANGES), fc.integer({ min: -reachMs, max: reachMs })).map(([change, by]) => change + by);

/** Half of the instants stand on quarters of an hour, where buckets begin. */
const instant = (reachMs: number) =>
  fc.tuple(aroundChange(reachMs), fc.boolean()).map(([at, round]) => (round ? Math.floor(at / 900_000) * 900_000 : at));

const row: fc.Arbitrary<Row> = fc.record({
  organization: fc.constantFrom(...KEYS),
  service: fc.constantFrom('thing', 'usage', 'alarm', '7', 'Ünder'),
  time: instant(2 * DAY_MS),
  count: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 1_000_000 })),
});

const question = fc.record({
  current: fc.constantFrom(...KEYS),
  series: fc.constantFrom('hour' as const, 'day' as const),
  scope: fc.constantFrom('own' as const, 'sub' as const, 'all' as const),
  byOrg: fc.boolean(),
  edges: fc.tuple(instant(3 * DAY_MS), fc.integer({ min: 0, max: 20 * DAY_MS })),
  swap: fc.boolean(),
});

let client: Client;
let session: string;

serving({ directory: DIRECTORY }, async (started) => {
  ({ client } = started);
  session = await client.login('ops@example.com', 'pass-the-proof');
});

test('5: usage.api.history equals a count by brute force, over random rows, zones, windows, series and organizations', async () => {
  const known: Row[] = [];
  const grown = fc.array(row, { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(grown, question, async (rows, { current, series, scope, byOrg, edges, swap }) => {
      for (const key of new Set(rows.map(({ organization }) => organization))) {
        const own = rows.filter(({ organization }) => organization === key);
        await client.count(
          `th_${key}`,
          own.map(({ service, time, count }) => ({ service, time: new Date(time).toISOString(), count })),
        );
      }
      known.push(...rows);

      const [from, length] = edges;
      const ends = [new Date(from).toISOString(), new Date(from + length).toISOString()];
      const [start, end] = swap ? ends.toReversed() : ends;
      await client.call(session, 'session.org.switch', { key: current });
      const reply = await client.call(session, 'usage.api.history', {
        start,
        end,
        series,
        includeSubOrgs: scope === 'sub',
        showAll: scope === 'all',
        ...(byOrg ? { dimension: 'org' } : {}),
      });

      const inScope = known.filter(({ organization }) =>
        scope === 'all' ? true : scope === 'sub' ? organization.startsWith(current) : organization === current,
      );
      const window = { from, to: from + length };
      const zone = ORGANIZATIONS[current];
      const expected = bruteForce(inScope, window, zone, series);
      const counters = byOrg
        ? Object.fromEntries(
            KEYS.map((key) => {
              const own = inScope.filter(({ organization }) => organization === key);
              return [key, bruteForce(own, window, zone, series).counters] as const;
            }).filter(([, services]) => Object.keys(services).length > 0),
          )
        : expected.counters;
      expect(reply).toEqual({ success: true, params: { ...expected, counters } });
    }),
    { numRuns: 100, seed: 20_250_602, endOnFailure: true },
  );
}, 180_000);
