import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { bruteForce, type Asked, type Row } from './support/brute-force.ts';
import { Analytics, authtokenOf, ingest } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';

const DAY_MS = 86_400_000;
/** Around a New Year, so that weeks, months and years end in the middle of things. */
const MIDDLE = Date.parse('2024-12-31T00:00:00Z');
const SERVICES = ['cma', 'ui', 'cdn', 'graphql', 'images', 'assets', 'automations', 'launch'];
const STACKS = ['bltstack00000001', 'bltstack00000002'];

const name = fc.constantFrom('', 'a', 'b', 'unknown', 'Ünder 😀', 'é', '\u{10000}', '"\\\n\t', '0');
const row: fc.Arbitrary<Row> = fc.record({
  time: fc
    .tuple(fc.integer({ min: -40, max: 40 }), fc.constantFrom(0, 1, DAY_MS / 2, DAY_MS - 1))
    .map(([day, within]) => MIDDLE + day * DAY_MS + within),
  service: fc.constantFrom(...SERVICES, 'other', 'CDN'),
  url: name,
  status: fc.constantFrom(100, 200, 304, 404, 599),
  bytes: fc.oneof(fc.integer({ min: 0, max: 1_000 }), fc.constant(1_500_000_000)),
  cache: fc.constantFrom('HIT', 'MISS', 'hit', 'EXPIRED', ''),
  sdk: name,
  device: name,
  stack: fc.constantFrom(...STACKS, '', 'bltstack00000003'),
  project: fc.constantFrom('', 'p1'),
  environment: fc.constantFrom('', 'e1'),
  count: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constant(1_200_000_000)),
});

type Question = Asked & { readonly limit: number; readonly skip: number };
const dateOf = (day: number): string => new Date(MIDDLE + day * DAY_MS).toISOString().slice(0, 10);
const asked: fc.Arbitrary<Question> = fc
  .record({
    days: fc.tuple(fc.integer({ min: -45, max: 45 }), fc.integer({ min: 0, max: 45 })),
    services: fc.subarray(SERVICES, { minLength: 1 }),
    duration: fc.constantFrom('day' as const, 'week' as const, 'month' as const),
    orderBy: fc.constantFrom(1 as const, -1 as const),
    stack: fc.option(fc.constantFrom(...STACKS), { freq: 2 }),
    status: fc.option(fc.constantFrom(200, 404, 500), { freq: 2 }),
    cache: fc.option(fc.constantFrom('HIT', 'MISS'), { freq: 2 }),
    limit: fc.constantFrom(1, 7, 50, 900),
    skip: fc.constantFrom(0, 0, 0, 3, 40),
  })
  .map(({ days: [from, length], ...rest }) => ({ ...rest, from: dateOf(from), to: dateOf(from + length) }));

let server: TestServer;
let north: Analytics;
beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY, env: { TALLYHOUSE_CONTENTSTACK_RATE: '100000' } });
  north = new Analytics(
    server.url,
    await authtokenOf(server.url, 'ada@north.example', 'correct-horse'),
    'blt0000000000000001',
  );
}, 60_000);
afterAll(() => server.stop());

type ReadName = keyof typeof bruteForce;
const RANKED = new Set<ReadName>(['devices', 'sdk', 'url']);

interface Result {
  readonly data: readonly object[];
  readonly total?: number | string;
  readonly totalDocs?: number | string;
}

/** All pages of a result. */
async function resultOf(read: ReadName, { limit, skip, ...question }: Question): Promise<Result> {
  const query = new URLSearchParams({
    from: question.from,
    to: question.to,
    services: JSON.stringify(question.services),
    duration: question.duration,
    orderBy: String(question.orderBy),
    includeCount: 'true',
    includeTotalCount: 'true',
    skip: String(skip),
    limit: String(limit),
    ...(question.stack === null ? {} : { apiKey: question.stack }),
    ...(question.status === null ? {} : { httpStatusCode: String(question.status) }),
    ...(question.cache === null ? {} : { cache: question.cache }),
  });
  const jobId = await north.start(`${read}?${query.toString()}`);
  const first = (await north.retrieve(jobId)).json() as Result;
  const data = [...first.data];
  for (let page = 1; RANKED.has(read); page += 1) {
    const reply = await north.retrieve(jobId, `?page=${page}`);
    if (reply.status === 422) break;
    data.push(...(reply.json() as Result).data);
  }
  return { ...first, data };
}

test('every result is what counting the rows one by one gives, in days, weeks and months', async () => {
  const [rows = []] = fc.sample(fc.array(row, { minLength: 400, maxLength: 400 }), { numRuns: 1 });
  await ingest(
    server.url,
    'requests',
    rows.map(({ time, ...fields }) => ({ time: new Date(time).toISOString(), ...fields })),
    'th_north',
  );
  await fc.assert(
    fc.asyncProperty(asked, async (question) => {
      // Automations and launch together cannot be asked of a stack (contract 3).
      const forbidden =
        question.stack !== null && ['automations', 'launch'].every((each) => question.services.includes(each));
      const reads = (Object.keys(bruteForce) as ReadName[]).filter((read) => !(read === 'usage' && forbidden));
      await Promise.all(
        reads.map(async (read) => {
          const result = await resultOf(read, question);
          const expected = bruteForce[read](rows, question);
          const isMarker = (element: object): boolean => read !== 'usage' && !('type' in element);
          const found = expected.filter((element) => !isMarker(element));
          const kept = RANKED.has(read) ? found.slice(question.skip) : found;
          expect([read, result.data]).toEqual([read, [...kept, ...expected.filter(isMarker)]]);
          if (!RANKED.has(read)) return;
          const total = found.reduce((sum, element) => sum + Number((element as { count: unknown }).count), 0);
          expect([Number(result.total), result.totalDocs]).toEqual([total, found.length]);
        }),
      );
    }),
    { numRuns: 25 },
  );
}, 120_000);
