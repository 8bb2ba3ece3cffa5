import type { Apps } from '../../directory/apps.ts';
import type { OrganizationId } from '../../domain/scope.ts';
import { DAY_MS } from '../../domain/time/durations.ts';
import { epochMs, type EpochMs, type TimeRange, type ZoneId } from '../../domain/time/instant.ts';
import { parseZone, UTC } from '../../domain/time/zones.ts';
import { fact, type Fact } from '../../ingest/fact.ts';
import { developersUsage } from './demo-developers.ts';
import { appFacts, type AppEvent, type AppUse } from './app-facts.ts';
import { Random } from './random.ts';
import { instants, officeHours, openingHours, type Rhythm } from './rhythm.ts';

const DAYS = 30;

/** Organizations of the demo directory by key. */
export type DemoOrganizations = (key: string) => OrganizationId;

/** One organization's part of the demo's facts, in order of time. */
export interface DemoSeries {
  readonly organization: OrganizationId;
  readonly facts: Iterable<Fact>;
}

/** Thirty days of believable facts in every stream, up to `now`. */
export function demoSeries(now: EpochMs, organization: DemoOrganizations, apps: Apps): DemoSeries[] {
  const range: TimeRange = { from: epochMs(now - DAYS * DAY_MS), to: now };
  const series = (key: string, facts: (organization: OrganizationId) => Iterable<Fact>): DemoSeries => ({
    organization: organization(key),
    facts: facts(organization(key)),
  });
  return [
    series('NORTH', (north) => requests(north, range, 90, 1)),
    series('NORTH_LAB', (lab) => requests(lab, range, 15, 2)),
    series('NORTH', (north) => usage(north, range)),
    series('NORTH', (north) => developersUsage(north, now)),
    series('NORTH', (north) => inventory(north, range)),
    series('SHOP', () => usedApps(apps, range)),
    series('MUSEUM', (museum) => visits(museum, range)),
  ];
}

function zone(name: string): ZoneId {
  return parseZone(name) ?? UTC;
}

const NEW_YORK: Rhythm = { zone: zone('America/New_York'), hours: officeHours, weekend: 0.4 };

function* requests(organization: OrganizationId, range: TimeRange, perBusyHour: number, seed: number): Generator<Fact> {
  const random = new Random(seed);
  for (const time of instants(range, NEW_YORK, perBusyHour, random)) {
    const service = random.pick([
      ['cdn', 50],
      ['cma', 14],
      ['graphql', 10],
      ['images', 9],
      ['assets', 6],
      ['thing', 6],
      ['automations', 2],
      ['launch', 2],
      ['usage', 1],
    ]);
    const delivered = service === 'cdn' || service === 'images' || service === 'assets';
    const slow = service === 'graphql' || service === 'cma';
    yield fact('requests', organization, time, {
      service,
      url: `https://www.north.example/${service}/${random.pick([
        ['forecast', 5],
        ['stations', 4],
        ['radar?layer=rain', 3],
        [`article/${random.below(60)}`, 6],
      ])}`,
      method: random.pick([
        ['GET', 90],
        ['POST', 8],
        ['PUT', 2],
      ]),
      status: random.pick([
        [200, 930],
        [304, 30],
        [404, 25],
        [422, 6],
        [429, 4],
        [500, 3],
        [503, 2],
      ]),
      bytes: 300 + Math.floor(random.next() ** 3 * (delivered ? 180_000 : 12_000)),
      cache: delivered ? random.pick([['HIT', 88] as const, ['MISS', 12] as const]) : '',
      sdk: random.pick([
        ['delivery-js/4.2.0', 5],
        ['delivery-swift/3.0.1', 2],
        ['management-py/1.11.2', 1],
        ['', 2],
      ]),
      device: random.pick([
        ['Chrome on Android', 5],
        ['Safari on iOS', 4],
        ['Chrome on Windows', 3],
        ['Firefox on Linux', 1],
      ]),
      stack: random.pick([
        ['bltstack00000001', 3],
        ['bltstack00000002', 2],
      ]),
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
    });
  }
}

function* usage(organization: OrganizationId, range: TimeRange): Generator<Fact> {
  const random = new Random(3);
  for (const time of instants(range, NEW_YORK, 60, random)) {
    const call = {
      product: 'weather',
      application: random.pick([
        [41, 3],
        [42, 1],
        [43, 8],
      ]),
    };
    const metric = random.pick([
      ['hits', 2],
      ['search', 3],
      ['forecast', 5],
    ]);
    const value = 1 + random.below(4);
    const code = random.pick([
      [200, 95],
      [404, 3],
      [500, 1],
    ]);
    yield fact('usage', organization, time, { ...call, metric, value, code });
    // What a method is used adds to the metric it belongs to.
    if (metric !== 'hits') yield fact('usage', organization, time, { ...call, metric: 'hits', value, inherited: 1 });
  }
}

function* inventory(organization: OrganizationId, range: TimeRange): Generator<Fact> {
  const random = new Random(4);
  let number = 0;
  for (const time of instants(range, { ...NEW_YORK, weekend: 0 }, 0.25, random)) {
    number += 1;
    const kind = random.pick([
      ['project', 1],
      ['environment', 3],
      ['domain', 1],
    ]);
    yield fact('inventory', organization, time, { kind, uid: `${kind}-${number}` });
  }
}

const CATEGORIES: AppEvent['values'] = [
  ['books', 3],
  ['toys', 2],
  ['garden', 1],
];

/** What people do in the apps of the demo. */
const USES: Readonly<Record<string, Omit<AppUse, 'app'>>> = {
  '5f0000000000000000000001': {
    perBusyHour: 12,
    newcomers: 0.15,
    events: [
      [{ key: 'view_item', segment: 'category', values: CATEGORIES }, 12],
      [{ key: 'add_to_cart', segment: 'category', values: CATEGORIES }, 4],
      [{ key: 'purchase', price: 5, segment: 'category', values: CATEGORIES }, 1],
      [{ key: 'share', segment: 'category', values: CATEGORIES }, 1],
    ],
  },
  '5f0000000000000000000002': {
    perBusyHour: 5,
    newcomers: 0.03,
    events: [
      [
        {
          key: 'parcel_picked_up',
          segment: 'size',
          values: [
            ['small', 5],
            ['large', 2],
          ],
        },
        5,
      ],
      [
        {
          key: 'parcel_delivered',
          segment: 'where',
          values: [
            ['door', 6],
            ['neighbour', 2],
            ['locker', 1],
          ],
        },
        5,
      ],
      [
        {
          key: 'route_changed',
          segment: 'reason',
          values: [
            ['traffic', 3],
            ['new parcel', 1],
          ],
        },
        1,
      ],
    ],
  },
};

function* usedApps(apps: Apps, range: TimeRange): Generator<Fact> {
  const random = new Random(5);
  for (const [id, use] of Object.entries(USES)) {
    const app = apps.byId(id);
    if (app === null) throw new Error(`the demo directory has no app ${id}`);
    yield* appFacts({ app, ...use }, range, random);
  }
}

interface Sensor {
  readonly deployment: string;
  readonly array: string;
  readonly device: string;
  readonly zone: string;
  readonly perBusyHour: number;
}

const SENSORS: readonly Sensor[] = [
  { deployment: '7QX2B', array: '1AMDK', device: 'D00017', zone: 'America/Chicago', perBusyHour: 45 },
  { deployment: '7QX2B', array: '1AMDK', device: 'D00018', zone: 'America/Chicago', perBusyHour: 30 },
  { deployment: '7QX2B', array: '1AMDL', device: 'D00019', zone: 'America/Chicago', perBusyHour: 20 },
  { deployment: '8RY3C', array: '2BNEM', device: 'D00021', zone: 'Europe/Lisbon', perBusyHour: 35 },
  { deployment: '9SZ4D', array: '3COFN', device: 'D00031', zone: 'Australia/Lord_Howe', perBusyHour: 8 },
];

function* visits(organization: OrganizationId, range: TimeRange): Generator<Fact> {
  const random = new Random(6);
  for (const sensor of SENSORS) {
    const rhythm: Rhythm = { zone: zone(sensor.zone), hours: openingHours, weekend: 1.6 };
    for (const time of instants(range, rhythm, sensor.perBusyHour, random)) {
      yield fact('visits', organization, time, {
        device: sensor.device,
        array: sensor.array,
        deployment: sensor.deployment,
        dwell_ms: 2_000 + Math.floor(random.next() ** 3 * 600_000),
        direction: random.pick([
          ['in', 1],
          ['out', 1],
        ]),
      });
    }
  }
}
