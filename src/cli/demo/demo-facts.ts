import type { Apps } from '../../directory/apps.ts';
import type { OrganizationId } from '../../domain/scope.ts';
import { DAY_MS } from '../../domain/time/durations.ts';
import { epochMs, type EpochMs, type TimeRange, type ZoneId } from '../../domain/time/instant.ts';
import { parseZone, UTC } from '../../domain/time/zones.ts';
import { fact, type Fact } from '../../ingest/fact.ts';
import { appFacts, type AppEvent, type AppUse } from './app-facts.ts';
import { developersUsage } from './demo-developers.ts';
import { inventory } from './demo-inventory.ts';
import { hourlyRequests, singleRequests } from './demo-requests.ts';
import { Random } from './random.ts';
import { instants, officeHours, openingHours, type Rhythm } from './rhythm.ts';

const DAYS = 30;
/** As far back as a Contentstack client may ask at once. */
const LOG_DAYS = 90;

/** Organizations of the demo directory by key. */
export type DemoOrganizations = (key: string) => OrganizationId;

/** One organization's part of the demo's facts, in order of time. */
export interface DemoSeries {
  readonly organization: OrganizationId;
  readonly facts: Iterable<Fact>;
}

/** Thirty days of believable facts in every stream, up to `now`, and ninety of North's request log and inventory. */
export function demoSeries(now: EpochMs, organization: DemoOrganizations, apps: Apps): DemoSeries[] {
  const range: TimeRange = { from: epochMs(now - DAYS * DAY_MS), to: now };
  const earlier: TimeRange = { from: epochMs(now - LOG_DAYS * DAY_MS), to: range.from };
  const series = (key: string, facts: (organization: OrganizationId) => Iterable<Fact>): DemoSeries => ({
    organization: organization(key),
    facts: facts(organization(key)),
  });
  return [
    series('NORTH', (north) => hourlyRequests(north, earlier, NEW_YORK, 7)),
    series('NORTH', (north) => singleRequests(north, range, { ...NEW_YORK, perBusyHour: 90 }, 1)),
    series('NORTH_LAB', (lab) => singleRequests(lab, range, { ...NEW_YORK, perBusyHour: 15 }, 2)),
    series('NORTH', (north) => usage(north, range)),
    series('NORTH', (north) => developersUsage(north, now)),
    series('NORTH', (north) => inventory(north, { from: earlier.from, to: now }, NEW_YORK, 4)),
    series('SHOP', () => usedApps(apps, range)),
    series('MUSEUM', (museum) => visits(museum, range)),
  ];
}

function zone(name: string): ZoneId {
  return parseZone(name) ?? UTC;
}

const NEW_YORK: Rhythm = { zone: zone('America/New_York'), hours: officeHours, weekend: 0.4 };

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
