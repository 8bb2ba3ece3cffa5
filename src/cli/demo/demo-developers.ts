import type { OrganizationId } from '../../domain/scope.ts';
import { DAY_MS, HOUR_MS } from '../../domain/time/durations.ts';
import { epochMs, type EpochMs } from '../../domain/time/instant.ts';
import { formatRfc3339Utc } from '../../domain/time/rfc3339.ts';
import { fact, type Fact } from '../../ingest/fact.ts';
import { Random } from './random.ts';

/** How a developer took to the product after signing up. */
type Habit = 'never_used' | 'stopped' | 'steady' | 'late_start';

interface Developer {
  readonly account: number;
  readonly application: number;
  readonly plan: string;
  readonly habit: Habit;
  readonly firstName: string;
  readonly lastName: string;
  readonly createdAt: EpochMs;
  /** First and last moment of use; both the creation for one that never used it. */
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Calls a day in the beginning, and what they are multiplied by with each day. */
  readonly perDay: number;
  readonly growth: number;
}

/** With the three of the directory file, 400 applications. */
const DEVELOPERS = 397;
const FIRST_ACCOUNT = 100;
const FIRST_APPLICATION = 1_000;
const SEED = 7;

const FIRST_NAMES =
  'Ada Bo Chen Dana Emre Fatou Goran Hana Ines João Kofi Lea Mei Nour Olga Priya Quinn Rosa Søren Tariq';
const LAST_NAMES =
  'Almeida Berg Costa Diallo Evans Fischer García Haddad Ivanova Jensen Kaya Lindqvist Moreau Nakamura Okafor';
const THINGS = 'clock garden kite ferry orchard sled trail rink roof harvest parade stadium picnic drone vineyard';

/**
 * The developers of North Weather: some six in ten signed up in the last nine days, and of these every group of the
 * engagement report has its share whatever the hour and the zone; the others did in the weeks before.
 */
function* developers(now: EpochMs): Generator<Developer> {
  const random = new Random(SEED);
  const ago = (days: number): EpochMs => epochMs(Math.floor((now - days * DAY_MS) / 1000) * 1000);
  const [firstNames, lastNames] = [FIRST_NAMES.split(' '), LAST_NAMES.split(' ')];
  for (let index = 0; index < DEVELOPERS; index += 1) {
    const recent = random.next() < 0.6;
    const habit = random.pick<Habit>([
      ['never_used', 3],
      ['stopped', 2],
      ['steady', 4],
      ['late_start', 1],
    ]);
    // The second half of the report's ten days begins four to five days ago.
    const youngest = habit === 'stopped' ? 6.5 : habit === 'steady' ? 5.5 : habit === 'late_start' ? 4.1 : 0.1;
    const age = recent ? youngest + random.next() * (8.9 - youngest) : 11 + random.next() * 18;
    const createdAt = ago(age);
    const [from, to] = {
      never_used: [createdAt, createdAt],
      stopped: [createdAt, ago(Math.max(5.2, age - 1 - random.next()))],
      steady: [createdAt, now],
      late_start: [ago(3.5 - random.next() * 2), now],
    }[habit] as [EpochMs, EpochMs];
    yield {
      account: FIRST_ACCOUNT + index,
      application: FIRST_APPLICATION + index,
      plan: random.pick([
        ['evaluation', 7],
        ['professional', 2],
        ['enterprise', 1],
      ]),
      habit,
      firstName: firstNames[random.below(firstNames.length)] ?? '',
      lastName: lastNames[random.below(lastNames.length)] ?? '',
      createdAt,
      from,
      to,
      perDay: 3 + random.next() ** 3 * 120,
      growth: 0.85 + random.next() * 0.35,
    };
  }
}

/** A directory file that adds the developers, with their accounts and applications, to North Weather. */
export function developersDirectory(now: EpochMs): string {
  const things = THINGS.split(' ');
  const accounts = [...developers(now)].map((developer) => {
    const { account, application, firstName, lastName } = developer;
    const thing = things[application % things.length] ?? '';
    const login = `dev${account}`;
    const created = { created_at: formatRfc3339Utc(developer.createdAt, 'never') };
    return {
      id: account,
      ...created,
      org_name: `${lastName}'s ${thing}s`,
      state: 'approved',
      users: [
        {
          id: account,
          username: login,
          email: `${login}@developers.example`,
          first_name: firstName,
          last_name: lastName,
          role: 'admin',
          ...created,
        },
      ],
      applications: [
        {
          id: application,
          product: 'weather',
          plan: developer.plan,
          name: `${thing} ${application}`,
          state: 'live',
          user_key: `uk_demo_${application}`,
          ...created,
        },
      ],
    };
  });
  // Those of the demo's own file are as old as their use.
  const before = formatRfc3339Utc(epochMs(now - 31 * DAY_MS), 'never');
  const established = [
    { id: 17, created_at: before, applications: [41, 42].map((id) => ({ id, created_at: before })) },
    { id: 18, created_at: before, applications: [{ id: 43, created_at: before }] },
  ];
  return JSON.stringify({ organizations: [{ uid: 'blt0000000000000001', accounts: [...established, ...accounts] }] });
}

/** What the developers used, a few rows a day each. */
export function* developersUsage(organization: OrganizationId, now: EpochMs): Generator<Fact> {
  const random = new Random(SEED + 1);
  for (const { application, habit, from, to, perDay, growth } of developers(now)) {
    if (habit === 'never_used') continue;
    let calls = perDay;
    for (let day: number = from; day < to; day += DAY_MS) {
      const end = Math.min(day + DAY_MS, to);
      for (let part = 0; part < 3; part += 1) {
        const at = epochMs(day + random.below(Math.max(1, end - day)));
        const value = Math.max(1, Math.round((calls * (end - day)) / DAY_MS / 3));
        const code = random.pick([
          [200, 95],
          [404, 3],
          [500, 1],
        ]);
        yield fact('usage', organization, at, { product: 'weather', application, metric: 'hits', value, code });
      }
      calls *= growth;
    }
    // Whoever began has used it in the first hour, so that no group hangs on a chance.
    yield fact('usage', organization, epochMs(Math.min(from + HOUR_MS / 2, to - 1)), {
      product: 'weather',
      application,
      metric: 'hits',
    });
  }
}
