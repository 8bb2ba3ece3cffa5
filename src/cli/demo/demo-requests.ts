import type { OrganizationId } from '../../domain/scope.ts';
import { HOUR_MS } from '../../domain/time/durations.ts';
import { epochMs, type TimeRange } from '../../domain/time/instant.ts';
import { fact, type Fact } from '../../ingest/fact.ts';
import { Random } from './random.ts';
import { instants, type Rhythm } from './rhythm.ts';

/** One row a call. */
export function* singleRequests(
  organization: OrganizationId,
  range: TimeRange,
  rhythm: Rhythm & { readonly perBusyHour: number },
  seed: number,
): Generator<Fact> {
  const random = new Random(seed);
  for (const time of instants(range, rhythm, rhythm.perBusyHour, random)) {
    yield fact('requests', organization, time, callOf(random));
  }
}

/** Rows of equal calls an hour: what is kept of a log that was moved here from elsewhere. */
export function* hourlyRequests(
  organization: OrganizationId,
  range: TimeRange,
  rhythm: Rhythm,
  seed: number,
): Generator<Fact> {
  const random = new Random(seed);
  for (const time of instants(range, rhythm, ROWS_PER_BUSY_HOUR, random)) {
    const call = callOf(random);
    const count = 1 + random.below(MOST_CALLS);
    const hour = epochMs(Math.max(range.from, time - (time % HOUR_MS)));
    const { bytes, duration_ms: duration } = call;
    yield fact('requests', organization, hour, { ...call, count, bytes: bytes * count, duration_ms: duration * count });
  }
}

const ROWS_PER_BUSY_HOUR = 12;
const MOST_CALLS = 14;

const CACHED: ReadonlySet<string> = new Set(['cdn', 'graphql', 'images', 'assets']);
/** Who makes content, rather than who reads it. */
const MANAGED: ReadonlySet<string> = new Set(['cma', 'ui', 'automations']);

function callOf(random: Random) {
  const service = random.pick([
    ['cdn', 48],
    ['cma', 13],
    ['graphql', 10],
    ['images', 9],
    ['assets', 6],
    ['thing', 6],
    ['ui', 4],
    ['automations', 2],
    ['launch', 2],
    ['usage', 1],
  ]);
  const managed = MANAGED.has(service);
  const slow = service === 'graphql' || managed;
  return {
    service,
    url: urlOf(service, random),
    method: random.pick(
      managed
        ? [
            ['GET', 60],
            ['POST', 25],
            ['PUT', 12],
            ['DELETE', 3],
          ]
        : [
            ['GET', 97],
            ['HEAD', 3],
          ],
    ),
    status: random.pick([
      [200, 900],
      [201, managed ? 60 : 0],
      [304, managed ? 0 : 40],
      [404, 25],
      [412, 1],
      [422, managed ? 12 : 1],
      [429, 4],
      [500, 3],
      [503, 2],
    ]),
    bytes: 300 + Math.floor(random.next() ** 3 * largestOf(service)),
    cache: CACHED.has(service)
      ? random.pick([
          ['HIT', 86],
          ['MISS', 11],
          ['EXPIRED', 2],
          ['BYPASS', 1],
        ])
      : '',
    sdk: managed ? random.pick(MANAGING_SDKS) : random.pick(READING_SDKS),
    device: managed ? random.pick(MANAGING_DEVICES) : random.pick(READING_DEVICES),
    stack: random.pick([
      ['bltstack00000001', 3],
      ['bltstack00000002', 2],
    ]),
    ...(service === 'launch' ? launched(random) : {}),
    application: random.pick([
      [41, 2],
      [42, 1],
      [43, 5],
    ]),
    user: `u${random.below(400)}`,
    ip: `203.0.113.${random.below(250)}`,
    country: random.pick([
      ['US', 7],
      ['CA', 2],
      ['MX', 1],
      ['DE', 1],
    ]),
    duration_ms: 4 + Math.floor(random.next() ** 4 * (slow ? 900 : 120)),
  };
}

/** Assets are films among other things, so a working day of them has more bytes than 31 bits. */
function largestOf(service: string): number {
  if (service === 'assets') return 250_000_000;
  return service === 'cdn' || service === 'images' ? 180_000 : 12_000;
}

function launched(random: Random) {
  const project = 1 + random.below(3);
  return { project: `project-${project}`, environment: `environment-${project}-${1 + random.below(2)}` };
}

const READING_SDKS = [
  ['delivery-js/4.2.0', 5],
  ['cda-collection/v9.31.0', 3],
  ['delivery-swift/3.0.1', 2],
  ['', 3],
] as const;
const MANAGING_SDKS = [
  ['management-py/1.11.2', 3],
  ['contentstack-management-javascript/1.13.0', 4],
  ['', 1],
] as const;

const READING_DEVICES = [
  ['Chrome on Android', 5],
  ['Safari on iOS', 4],
  ['Chrome on Windows', 3],
  ['Firefox on Linux', 1],
  ['', 1],
] as const;
const MANAGING_DEVICES = [
  ['sdk contentstack-management-javascript/1.13.0; platform node.js/v18.17.1; os Linux/5.4.176;', 4],
  ['python-requests/2.32.3', 3],
  ['PostmanRuntime/7.37.0', 1],
] as const;

function urlOf(service: string, random: Random): string {
  const article = random.below(60);
  switch (service) {
    case 'cdn':
      return `https://cdn.north.example/v3/content_types/${random.pick([
        ['forecast/entries?environment=production', 5],
        ['station/entries?environment=production&include_count=true', 4],
        [`article/entries/blt${String(article).padStart(16, '0')}?environment=production&locale=en-us`, 6],
        ['article/entries?environment=development&query=%7B%22region%22%3A%22coast%22%7D', 1],
      ])}`;
    case 'graphql':
      return `https://graphql.north.example/stacks/bltstack00000001?environment=production&query=${random.pick([
        ['forecast', 3],
        ['radar', 1],
      ])}`;
    case 'images':
      return `https://images.north.example/radar/${random.below(24)}.png?width=${random.pick([
        [640, 2],
        [1280, 1],
      ])}&format=webp`;
    case 'assets':
      return `https://assets.north.example/films/storm-${random.below(12)}.mp4`;
    case 'cma':
      return `https://api.north.example/v3/content_types/article/entries/blt${String(article).padStart(16, '0')}?locale=en-us`;
    case 'launch':
      return `https://www.north.example/${random.pick([
        ['', 5],
        ['map?layer=rain', 3],
        ['about', 1],
      ])}`;
    default:
      return `https://www.north.example/${service}/${random.pick([
        ['forecast', 5],
        ['stations', 4],
        ['radar?layer=rain', 3],
      ])}`;
  }
}
