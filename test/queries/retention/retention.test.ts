import { beforeAll, describe, expect, test } from 'vitest';
import type { OrganizationId } from '../../../src/domain/scope.ts';
import { DAY_MS } from '../../../src/domain/time/durations.ts';
import { epochMs } from '../../../src/domain/time/instant.ts';
import { parseZone, UTC } from '../../../src/domain/time/zones.ts';
import type { AudienceApp } from '../../../src/queries/audience/audience-app.ts';
import { createRetention, type RetentionQuestion } from '../../../src/queries/retention/retention.ts';
import { NOW, worldOf } from '../world.ts';

const world = worldOf();
const ERA = epochMs(1);
let organization: OrganizationId;
const dayOf = (date: string): number => Date.parse(date) / DAY_MS;

const app = (id: string, zone = 'Europe/Istanbul'): AudienceApp => ({
  organization,
  id,
  era: ERA,
  zone: parseZone(zone) ?? UTC,
});

/** Cohorts as `date users: retained …`. */
async function ask(question: Partial<RetentionQuestion> & { readonly app: AudienceApp }): Promise<string[]> {
  const cohorts = await createRetention({ facts: world.facts, barrier: () => Promise.resolve(NOW) }).ask({
    unit: 'day',
    rule: 'every',
    event: null,
    first: dayOf('2014-02-10'),
    last: dayOf('2014-02-21'),
    today: dayOf('2014-02-21'),
    ...question,
  });
  const date = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);
  return cohorts.map(({ day, users, retained }) => `${date(day)} ${users}: ${retained.join(' ')}`);
}

/** Sessions of a device by local time in Istanbul, UTC+2 then. */
const begun = (id: string, device: string, ...times: string[]) =>
  times.map((time) => ({ time: `${time}:00+02:00`, app: id, device, era: ERA, begun: 1, ordinal: 1 }));

beforeAll(async () => {
  organization = world.newOrganization();
  await world.insert('sessions', organization, [
    // Comes on three days in a row, then not, then once more.
    ...begun('days', 'a', '2014-02-17T09:00', '2014-02-18T00:05', '2014-02-19T23:59', '2014-02-21T12:00'),
    // The first session is what makes the cohort, in whatever order they arrive.
    ...begun('days', 'b', '2014-02-19T10:00', '2014-02-17T23:30', '2014-02-17T23:40'),
    ...begun('days', 'c', '2014-02-18T01:00'),
    ...begun('days', 'd', '2014-02-21T01:00'),
    // Somebody from long ago is in no cohort of these days.
    ...begun('days', 'old', '2014-01-01T01:00', '2014-02-18T01:00'),
    ...begun('weeks', 'a', '2014-02-16T23:59', '2014-02-17T00:00', '2014-03-03T00:00'),
    ...begun('weeks', 'b', '2014-02-17T00:00', '2014-02-24T00:00'),
    ...begun('months', 'a', '2013-12-31T23:59', '2014-01-31T12:00', '2014-02-28T12:00'),
    ...begun('months', 'b', '2014-01-01T00:00', '2014-03-01T00:00'),
  ]);
  await world.insert('sessions', organization, [
    // Two devices that turned out to be one user.
    ...begun('linked', 'phone', '2014-02-17T09:00'),
    ...begun('linked', 'tablet', '2014-02-18T09:00'),
    { time: '2014-02-18T10:00:00+02:00', app: 'linked', device: 'phone', linked: 'tablet', era: ERA },
    // An id that was given to a user who had another.
    {
      time: '2014-02-19T09:00:00+02:00',
      app: 'linked',
      device: 'new id',
      user: 'phone',
      era: ERA,
      begun: 1,
      ordinal: 2,
    },
  ]);
  await world.insert('events', organization, [
    { time: '2014-02-18T12:00:00+02:00', app: 'days', device: 'a', key: 'purchase', era: ERA },
    { time: '2014-02-20T12:00:00+02:00', app: 'days', device: 'a', key: 'purchase', era: ERA },
    { time: '2014-02-19T12:00:00+02:00', app: 'days', device: 'b', key: 'purchase', era: ERA },
    { time: '2014-02-19T12:00:00+02:00', app: 'days', device: 'b', key: 'share', era: ERA },
    { time: '2014-02-19T12:00:00+02:00', app: 'days', device: 'nobody', key: 'purchase', era: ERA },
    { time: '2014-02-20T12:00:00+02:00', app: 'linked', device: 'new id', key: 'purchase', era: ERA },
  ]);
});

describe('by day', () => {
  test.each([
    ['every', ['2014-02-17 2: 1 1 0 0', '2014-02-18 1: 0 0 0', '2014-02-21 1: ']],
    ['exact', ['2014-02-17 2: 1 2 0 1', '2014-02-18 1: 0 0 0', '2014-02-21 1: ']],
    ['later', ['2014-02-17 2: 2 2 1 1', '2014-02-18 1: 0 0 0', '2014-02-21 1: ']],
  ] as const)('%s', async (rule, expected) => {
    expect(await ask({ app: app('days'), rule })).toEqual(expected);
  });

  test.each([
    ['every', ['2014-02-17 2: 1 0 0 0', '2014-02-18 1: 0 0 0', '2014-02-21 1: ']],
    ['exact', ['2014-02-17 2: 1 1 1 0', '2014-02-18 1: 0 0 0', '2014-02-21 1: ']],
    ['later', ['2014-02-17 2: 2 2 1 0', '2014-02-18 1: 0 0 0', '2014-02-21 1: ']],
  ] as const)('%s, an event as activity', async (rule, expected) => {
    expect(await ask({ app: app('days'), rule, event: 'purchase' })).toEqual(expected);
  });

  test('some cohorts only, and how far they came', async () => {
    const days = { first: dayOf('2014-02-18'), last: dayOf('2014-02-18'), today: dayOf('2014-02-19') };
    expect(await ask({ app: app('days'), ...days })).toEqual(['2014-02-18 1: 0']);
  });

  test('days are those of the zone', async () => {
    expect(await ask({ app: app('days', 'UTC'), rule: 'exact' })).toEqual(['2014-02-17 3: 0 2 0 1', '2014-02-20 1: 0']);
  });

  test('an event that never occurred', async () => {
    expect(await ask({ app: app('days'), event: 'nonsense' })).toEqual([
      '2014-02-17 2: 0 0 0 0',
      '2014-02-18 1: 0 0 0',
      '2014-02-21 1: ',
    ]);
  });

  test('ids of one user count together, for sessions and events', async () => {
    expect(await ask({ app: app('linked') })).toEqual(['2014-02-17 1: 1 1 0 0']);
    expect(await ask({ app: app('linked'), rule: 'exact', event: 'purchase' })).toEqual(['2014-02-17 1: 0 0 1 0']);
  });
});

test('by week, from Monday', async () => {
  const days = { first: dayOf('2014-02-12'), last: dayOf('2014-03-05'), today: dayOf('2014-03-05') };
  expect(await ask({ app: app('weeks'), unit: 'week', rule: 'exact', ...days })).toEqual([
    '2014-02-10 1: 1 0 1',
    '2014-02-17 1: 1 0',
  ]);
});

test('by month', async () => {
  const days = { first: dayOf('2013-12-15'), last: dayOf('2014-03-02'), today: dayOf('2014-03-02') };
  expect(await ask({ app: app('months'), unit: 'month', rule: 'every', ...days })).toEqual([
    '2013-12-01 1: 1 1 0',
    '2014-01-01 1: 0 0',
  ]);
});

test('another tenant, another life of the app, and no data at all', async () => {
  expect(await ask({ app: { ...app('days'), organization: world.newOrganization() } })).toEqual([]);
  expect(await ask({ app: { ...app('days'), era: epochMs(2) } })).toEqual([]);
  expect(await ask({ app: app('nonsense') })).toEqual([]);
});
