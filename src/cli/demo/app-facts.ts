import type { App } from '../../directory/apps.ts';
import { MINUTE_MS, SECOND_MS } from '../../domain/time/durations.ts';
import { epochMs, type EpochMs, type TimeRange } from '../../domain/time/instant.ts';
import { fact, type Fact, type FactValues } from '../../ingest/fact.ts';
import type { Random } from './random.ts';
import { eveningHours, instants } from './rhythm.ts';

/** How an app of the demo is used. */
export interface AppUse {
  readonly app: App;
  /** Sessions begun in the busiest hour. */
  readonly perBusyHour: number;
  /** Share of sessions by somebody who was not there before. */
  readonly newcomers: number;
  /** What users do, each as often as its weight says. */
  readonly events: readonly (readonly [AppEvent, number])[];
}

export interface AppEvent {
  readonly key: string;
  readonly price?: number;
  readonly segment: string;
  readonly values: readonly (readonly [string, number])[];
}

/** A user with one device, as far as their sessions go. */
interface User {
  readonly device: string;
  readonly carries: FactValues;
  sessions: number;
  turn: number;
  busyUntil: number;
}

const HEARTBEAT_MS = MINUTE_MS;

/** Sessions and events of an app's users, as its SDK would have sent them at the time: a row for each request. */
export function* appFacts(use: AppUse, range: TimeRange, random: Random): Generator<Fact> {
  const users: User[] = [];
  const rhythm = { zone: use.app.zone, hours: eveningHours, weekend: 1.3 };
  for (const begun of instants(range, rhythm, use.perBusyHour, random)) {
    const user = whoComes(use, users, begun, random);
    yield* session(use, user, begun, range.to, random);
  }
}

/** Somebody new, or somebody who was there, the latest most often; nobody who is still there. */
function whoComes({ newcomers }: AppUse, users: User[], begun: EpochMs, random: Random): User {
  const known = users[users.length - 1 - Math.floor(random.next() ** 2 * users.length)];
  if (known !== undefined && known.busyUntil < begun && random.next() >= newcomers) return known;
  const user = newUser(users.length + 1, random);
  users.push(user);
  return user;
}

function newUser(number: number, random: Random): User {
  const isApple = random.next() < 0.4;
  const carries = {
    country: random.pick([
      ['TR', 14],
      ['DE', 4],
      ['NL', 2],
      ['GB', 2],
      ['US', 1],
      ['AZ', 1],
      ['', 1],
    ]),
    os: isApple ? 'iOS' : 'Android',
    os_version: isApple
      ? random.pick([['i18.1', 5] as const, ['i17.6', 3] as const, ['i16.7', 1] as const])
      : random.pick([['a15', 4] as const, ['a14', 4] as const, ['a13', 2] as const]),
    model: isApple
      ? random.pick([['iPhone15,2', 3] as const, ['iPhone14,5', 2] as const, ['iPad13,1', 1] as const])
      : random.pick([['SM-S911B', 3] as const, ['Pixel 8', 2] as const, ['Redmi Note 12', 3] as const]),
    resolution: isApple ? '1179x2556' : random.pick([['1080x2340', 3] as const, ['1080x2400', 4] as const]),
    carrier: random.pick([
      ['Turkcell', 6],
      ['Vodafone', 4],
      ['Turk Telekom', 3],
      ['', 2],
    ]),
    app_version: random.pick([
      ['3.2', 6],
      ['3.1', 3],
      ['2.9', 1],
    ]),
  };
  return { device: `device-${number}`, carries, sessions: 0, turn: 0, busyUntil: 0 };
}

/** One session, cut off where the range ends: then it is still open. */
function* session(use: AppUse, user: User, begun: EpochMs, end: EpochMs, random: Random): Generator<Fact> {
  const { app } = use;
  const seconds = 5 + Math.floor(random.next() ** 3 * 1_500);
  user.sessions += 1;
  user.busyUntil = begun + seconds * SECOND_MS + MINUTE_MS;

  const request = (at: number, values: FactValues): Fact => {
    user.turn += 1;
    const { device, sessions, turn } = user;
    const whose = { app: app.id, device, era: app.era, ordinal: sessions, turn, received: at, requests: 1 };
    return fact('sessions', app.organization, epochMs(at), { ...whose, ...values });
  };
  yield request(begun, { begun: 1, open: 1, ...user.carries });
  let passed = 0;
  while (seconds - passed > HEARTBEAT_MS / SECOND_MS) {
    passed += HEARTBEAT_MS / SECOND_MS;
    const at = begun + passed * SECOND_MS;
    if (at >= end) return;
    yield request(at, { duration: HEARTBEAT_MS / SECOND_MS, open: 1 });
    yield event(use, user, epochMs(at - random.below(HEARTBEAT_MS)), random);
  }
  const ended = begun + seconds * SECOND_MS;
  if (ended < end) yield request(ended, { duration: seconds - passed, closed: 1, length: seconds, open: 0 });
}

function event({ app, events }: AppUse, { device }: User, at: EpochMs, random: Random): Fact {
  const { key, price, segment, values } = random.pick(events);
  return fact('events', app.organization, at, {
    app: app.id,
    device,
    key,
    era: app.era,
    ...(price === undefined ? {} : { sum: price + random.below(120) }),
    duration: key === 'view_item' ? 3 + random.below(90) : 0,
    segmentation: JSON.stringify({ [segment]: random.pick(values) }),
  });
}
