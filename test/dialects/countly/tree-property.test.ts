import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { bruteForce, type ModelRequest } from './support/brute-force.ts';
import { query, read, send } from './support/client.ts';

/** Half hours, quarter hours, changes at midnight, one of three hours, a day that never was. */
const ZONES = [
  'Europe/Istanbul',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'America/St_Johns',
  'America/Havana',
  'Antarctica/Casey',
  'Pacific/Apia',
  'America/New_York',
  'Asia/Beirut',
  'UTC',
];
const RUNS = 12;
const NOW = Date.parse('2024-06-01T00:00:00Z');
/** Changes of those clocks, ends of years, and weeks that end with them. */
const CENTRES = [
  '2006-11-01T03:31:00Z',
  '2010-03-04T15:00:00Z',
  '2011-12-30T10:00:00Z',
  '2012-12-31T22:00:00Z',
  '2023-10-28T21:00:00Z',
  '2023-11-05T05:30:00Z',
  '2024-04-06T15:00:00Z',
].map((text) => Date.parse(text));

const appId = (index: number): string => `a0000000000000000000${String(index).padStart(4, '0')}`;
const directory = `
users: [{email: m@x.example, password: only-for-this-test, countly_api_key: 11111111111111111111111111111111}]
organizations:
  - key: X
    name: X
    apps:
${Array.from(
  { length: RUNS },
  (_, index) =>
    `      - {id: ${appId(index)}, key: key${index}, name: App ${index}, timezone: ${ZONES[index % ZONES.length] ?? 'UTC'}, members: [{user: m@x.example}]}`,
).join('\n')}
`;

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ directory, clock: '2024-06-01T00:00:00Z' });
}, 60_000);
afterAll(() => server.stop());

const devices = fc.constantFrom('a', 'b', 'ü', 'd', 'e');
const HOUR_MS = 3_600_000;
const moments = fc.oneof(
  fc.record({ centre: fc.constant(0), by: fc.integer({ min: -20_000, max: 40_000 }) }),
  fc.record({ centre: fc.integer({ min: 0, max: 6 }), by: fc.integer({ min: -4 * HOUR_MS, max: 4 * HOUR_MS }) }),
  fc.record({ centre: fc.integer({ min: 0, max: 6 }), by: fc.integer({ min: -800 * HOUR_MS, max: 800 * HOUR_MS }) }),
);
const requests: fc.Arbitrary<ModelRequest[]> = fc
  .array(
    fc.record(
      {
        device: devices,
        old: fc.option(devices, { freq: 8, nil: undefined }),
        moment: moments,
        begin: fc.option(
          fc.record({
            country: fc.constantFrom('TR', 'DE', 'Unknown'),
            os: fc.constantFrom('', 'iOS', 'Plan9'),
            version: fc.constantFrom('', '9'),
          }),
          { nil: undefined },
        ),
        seconds: fc.option(fc.constantFrom(1, 10, 11, 60, 4000), { nil: undefined }),
        end: fc.boolean(),
        ignoreCooldown: fc.option(fc.constant(true), { freq: 10, nil: undefined }),
      },
      { requiredKeys: ['device', 'moment', 'end'] },
    ),
    { minLength: 1, maxLength: 90, size: 'max' },
  )
  .map((sent) =>
    sent.map(({ moment, begin, ...request }, index): ModelRequest => {
      // Whole seconds apart from its number, so that no two begin at once.
      const at = (CENTRES[moment.centre] ?? 0) + Math.round(moment.by / 1000) * 1000 + index;
      const version = begin?.version === '' ? '' : begin?.os === '' ? '[CLY]9' : begin?.os === 'iOS' ? 'i9' : 'p9';
      return {
        ...request,
        at: Math.min(at, NOW),
        ...(begin === undefined ? {} : { begin: { ...begin, version } }),
      } as ModelRequest;
    }),
  );

function itemOf({ device, old, at, begin, seconds, end, ignoreCooldown }: ModelRequest): object {
  return {
    device_id: device,
    timestamp: at,
    ...(old === undefined ? {} : { old_device_id: old }),
    ...(begin === undefined
      ? {}
      : {
          begin_session: 1,
          ...(begin.country === 'Unknown' ? { location: '' } : { country_code: begin.country }),
          metrics: { _os: begin.os, _os_version: begin.version === '' ? null : '9' },
        }),
    ...(seconds === undefined ? {} : { session_duration: seconds }),
    ...(end === true ? { end_session: 1 } : {}),
    ...(ignoreCooldown === true ? { ignore_cooldown: 1 } : {}),
  };
}

const bulk = async (app: number, items: readonly object[]): Promise<void> => {
  const body = JSON.stringify({ app_key: `key${app}`, requests: items });
  const reply = await send(server.url, '/i/bulk', { headers: { 'content-type': 'application/json' }, body });
  expect(reply).toMatchObject({ status: 200, text: '{"result":"Success"}' });
};
const single = async (app: number, item: object): Promise<void> => {
  const reply = await send(server.url, `/i?${query({ app_key: `key${app}`, ...item })}`);
  expect(reply).toMatchObject({ status: 200, text: '{"result":"Success"}' });
};

test('6.1: every node equals a count by hand, whatever the zone, the order, the merges and the repeats', async () => {
  let app = 0;
  await fc.assert(
    fc.asyncProperty(requests, fc.nat(), async (sent, cut) => {
      const items = sent.map(itemOf);
      const first = cut % (items.length + 1);
      const index = app++;
      for (const item of items.slice(0, Math.min(first, 5))) await single(index, item);
      const rest = items.slice(Math.min(first, 5));
      await bulk(index, rest);
      // The SDK did not see the answer.
      if (cut % 3 === 0) await bulk(index, rest);
      const asked = { api_key: '11111111111111111111111111111111', app_id: appId(index) };
      const treeOf = async (method: string): Promise<unknown> => {
        const { meta: _, ...tree } = (await read(server.url, '/o', { ...asked, method })) as { meta?: unknown };
        return tree;
      };
      const expected = bruteForce(sent, ZONES[index % ZONES.length] ?? 'UTC');
      // Every acknowledged write is seen at once (contract 6.2).
      const shown = { sessions: await treeOf('sessions'), details: await treeOf('device_details') };
      expect(shown).toEqual(expected);
    }),
    { numRuns: RUNS, endOnFailure: true, seed: 20140217 },
  );
}, 120_000);
