import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EngagementJson } from '../../../src/reports/engagement/render-json.ts';
import { Client } from '../../dialects/native/support/client.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { bruteForce, type Application, type Asked, type Fact } from './brute-force.ts';

/**
 * Contract 6.2 against a model that knows nothing of the server: dates come from `Intl`, sums from loops. Around clock
 * changes, the date that Apia skipped, and the edges of windows.
 */
const NOW = '2025-11-04T03:30:00Z';
const CHANGES = ['2011-12-30T10:00:00Z', '2025-03-30T01:00:00Z', '2025-10-26T01:00:00Z', '2025-11-02T06:00:00Z'];
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Chatham',
  'America/Havana',
];
const PLANS = [
  { id: 1, name: 'evaluation', product: 1, productName: 'weather' },
  { id: 2, name: 'evaluation', product: 2, productName: 'maps' },
  { id: 3, name: 'gold', product: 1, productName: 'weather' },
];
const METRICS = ['hits', 'search'];
const STATES = ['live', 'pending', 'suspended'];
const DAY_MS = 86_400_000;

/** The same worlds in every run: what is random is what is asked of them. */
const random = lcg(20_251_104);
const pick = <T>(list: readonly T[]): T => {
  const found = list[Math.floor(random() * list.length)];
  if (found === undefined) throw new Error('an empty list');
  return found;
};
/** Often on a quarter of an hour, or a millisecond before one. */
const around = (reachDays: number): number => {
  const at = Date.parse(pick(CHANGES)) + Math.floor((random() * 2 - 1) * reachDays * DAY_MS);
  const quarter = Math.floor(at / 900_000) * 900_000;
  return pick([at, quarter, quarter - 1]);
};

const APPLICATIONS: readonly Application[] = Array.from({ length: 90 }, (_, index) => {
  const plan = pick(PLANS);
  return {
    id: index + 1,
    account: 1 + (index % 40),
    plan,
    state: pick(STATES),
    createdAt: Math.floor(around(6) / 1000) * 1000,
  };
});
const FACTS: readonly Fact[] = Array.from({ length: 1_500 }, () => ({
  // A third of the applications is never called.
  application: pick(APPLICATIONS.filter(({ id }) => id % 3 > 0)),
  metric: pick(METRICS),
  at: around(5),
  value: pick([1, 2, 7, 1000]),
})).filter(({ at }) => at < Date.parse(NOW));

const DIRECTORY = `
organizations:
  - key: NORTH
    uid: north
    name: North
    timezone: UTC
    native_keys: [{key: th_all, scopes: [ingest, read, admin]}]
    products:
      - {id: 1, system_name: weather, name: Weather, metrics: [{id: 11, system_name: hits}, {id: 12, system_name: search}],
         plans: [{id: 1, system_name: e, name: evaluation}, {id: 3, system_name: g, name: gold}]}
      - {id: 2, system_name: maps, name: Maps, metrics: [{id: 21, system_name: hits}, {id: 22, system_name: search}],
         plans: [{id: 2, system_name: e, name: evaluation}]}
    accounts:
${[...new Set(APPLICATIONS.map(({ account }) => account))]
  .map((account) => {
    const applications = APPLICATIONS.filter((application) => application.account === account).map(
      ({ id, plan, state, createdAt }) =>
        `{id: ${id}, product: ${plan.productName}, plan: ${plan.name === 'gold' ? 'g' : 'e'}, name: A${id}, state: ${state}, ` +
        `user_key: k${id}, created_at: "${new Date(createdAt).toISOString()}"}`,
    );
    return `      - {id: ${account}, org_name: O${account}, state: approved, users: [], applications: [${applications.join(', ')}]}`;
  })
  .join('\n')}
`;

let server: TestServer;
let client: Client;
beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY, clock: NOW });
  client = new Client(server.url, 'th_all');
  await client.count(
    'usage',
    FACTS.map(({ application, metric, at, value }) => ({
      time: new Date(at).toISOString(),
      product: application.plan.productName,
      application: application.id,
      metric,
      value,
    })),
  );
});
afterAll(() => server.stop());

const seldom = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });

const asked: fc.Arbitrary<Asked> = fc.record({
  planName: fc.constantFrom('evaluation', 'gold'),
  service: seldom(fc.constantFrom(1, 2)),
  state: seldom(fc.constantFrom(...STATES)),
  days: fc.oneof(fc.integer({ min: 2, max: 14 }), fc.constantFrom(30, 365)),
  metric: fc.constantFrom(...METRICS),
  zone: fc.constantFrom(...ZONES),
  until: fc
    .tuple(fc.constantFrom(...CHANGES), fc.integer({ min: -3, max: 6 }))
    .map(([change, days]) => new Date(Date.parse(change) + days * DAY_MS).toISOString().slice(0, 10))
    .filter((date) => date < '2025-11-03'),
});

test('the report is what a model makes of the same rows', { timeout: 120_000 }, async () => {
  let members = 0;
  await fc.assert(
    fc.asyncProperty(asked, async (question) => {
      const parameters = new URLSearchParams({
        plan_name: question.planName,
        days: String(question.days),
        metric_name: question.metric,
        timezone: question.zone,
        until: question.until,
      });
      if (question.service !== null) parameters.set('service_id', String(question.service));
      if (question.state !== null) parameters.set('state', question.state);
      const { status, text, json } = await client.send(`/api/v1/reports/engagement?${parameters.toString()}`);
      if (status !== 200) throw new Error(text);
      const report = json as EngagementJson;
      const expected = bruteForce(question, APPLICATIONS, FACTS);
      members += expected.rows.length;
      const rows = report.applications.map((row) => ({
        id: row.application_id,
        group: row.group,
        values: row.values,
        hits: [row.hits_total, row.hits_first_half, row.hits_second_half],
        growth: row.growth_percent,
        late: row.late_start,
        active: [row.active_days, row.first_day, row.last_day],
      }));
      expect({ rows, summary: report.summary }).toEqual({ rows: expected.rows, summary: expected.summary });
    }),
    {
      numRuns: 60,
      examples: [
        [
          {
            planName: 'evaluation',
            service: null,
            state: null,
            days: 3,
            metric: 'hits',
            zone: 'Pacific/Apia',
            until: '2011-12-31',
          },
        ],
      ],
    },
  );
  // An empty world would agree with anything.
  expect(members).toBeGreaterThan(300);
});

/** A generator whose numbers are the same everywhere. */
function lcg(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
