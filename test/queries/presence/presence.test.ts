import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyDirectory } from '../../../src/directory/apply/apply.ts';
import { readDirectoryFile } from '../../../src/directory/file/read.ts';
import { createPasswords } from '../../../src/directory/secrets/passwords.ts';
import { createSealing } from '../../../src/directory/secrets/sealing.ts';
import { organizationId } from '../../../src/domain/scope.ts';
import { epochMs, type EpochMs } from '../../../src/domain/time/instant.ts';
import { UTC } from '../../../src/domain/time/zones.ts';
import type { AudienceApp } from '../../../src/queries/audience/audience-app.ts';
import { createPresence, type Presence } from '../../../src/queries/presence/presence.ts';
import { openRecords } from '../../../src/store/records/open-records.ts';
import type { Records } from '../../../src/store/records/records.ts';
import { temporaryDirectoryOfSuite } from '../../support/temporary-directory.ts';
import { instant, worldOf } from '../world.ts';

const world = worldOf();
const directory = temporaryDirectoryOfSuite();
let records: Records;
let now: EpochMs = epochMs(0);
let presence: Presence;

const ERA = instant('2014-02-01T00:00:00Z');
const appNamed = (number: number): AudienceApp => ({
  organization: organizationId(1),
  id: `5f000000000000000000000${number}`,
  era: ERA,
  zone: UTC,
});

beforeAll(async () => {
  records = await openRecords(`sqlite:${join(directory(), 'records.db')}`);
  await records.migrate();
  const apps = [1, 2, 3, 4].map((number) => `{id: ${appNamed(number).id}, key: k${number}, name: App ${number}}`);
  const file = readDirectoryFile(
    `organizations: [{key: A, uid: a, name: A, timezone: UTC, apps: [${apps.join(', ')}]}]`,
  );
  if (!file.ok) throw new Error(JSON.stringify(file.problem));
  const clock = { now: () => now };
  const sealing = createSealing({ secret: 'for tests', dataDirectory: directory() });
  await applyDirectory({ records, clock, passwords: createPasswords(), sealing }, file.value, { actor: 'test' });
  presence = createPresence({ facts: world.facts, records, clock, barrier: () => Promise.resolve(now) });
});
afterAll(async () => {
  await records.close();
});

interface Row {
  readonly device: string;
  readonly user?: string;
  readonly linked?: string;
  /** When it arrived. */
  readonly at: string;
  readonly open: 0 | 1;
  readonly ordinal?: number;
  readonly turn?: number;
}

/** Rows arrived at a time of 18 Feb 2014; what they report lies in another year. */
async function arrived(app: AudienceApp, rows: readonly Row[]): Promise<void> {
  await world.insert(
    'sessions',
    app.organization,
    rows.map(({ at, ordinal = 1, turn = 1, ...row }) => ({
      time: '2011-01-01T00:00:00Z',
      app: app.id,
      era: app.era,
      received: instant(`2014-02-18T${at}Z`),
      ordinal,
      turn,
      ...row,
    })),
  );
}

async function at(time: string, app: AudienceApp): Promise<readonly number[]> {
  now = instant(`2014-02-18T${time}Z`);
  const { now: seen, highest } = await presence.now(app);
  return [seen.online, seen.newOnline, highest.online, highest.newOnline];
}

describe('online: the last request arrived within 180 s and left a session open', () => {
  const app = appNamed(1);
  beforeAll(() =>
    arrived(app, [
      { device: 'first', at: '12:00:00.000', open: 1 },
      { device: 'second', at: '12:00:30.000', open: 1, ordinal: 7 },
      { device: 'second', at: '12:02:30.000', open: 1, ordinal: 7, turn: 2 },
      { device: 'ended', at: '12:00:40.000', open: 1 },
      { device: 'ended', at: '12:01:00.000', open: 0, turn: 2 },
      { device: 'quick', at: '12:01:30.000', open: 1, turn: 1 },
      { device: 'quick', at: '12:01:30.000', open: 0, turn: 2 },
      { device: 'events only', at: '12:01:00.000', open: 0, ordinal: 0 },
    ]),
  );

  test.each([
    ['11:59:59.999', [0, 0, 0, 0]],
    ['12:00:00.000', [1, 1, 1, 1]],
    ['12:00:30.000', [2, 1, 2, 1]],
    ['12:00:59.000', [3, 2, 3, 2]],
    ['12:01:00.000', [2, 1, 3, 2]],
    ['12:01:30.000', [2, 1, 3, 2]],
    ['12:02:59.999', [2, 1, 3, 2]],
    ['12:03:00.000', [1, 0, 3, 2]],
    ['12:05:29.999', [1, 0, 3, 2]],
    ['12:05:30.000', [0, 0, 3, 2]],
  ])('at %s', async (time, expected) => {
    expect(await at(time, app)).toEqual(expected);
  });

  test('minute by minute: everybody who was online at some moment', async () => {
    now = instant('2014-02-18T12:06:59.999Z');
    const minutes = await presence.minutes(app, 8);
    expect(minutes.map((one) => [new Date(one.at).toISOString().slice(11, 16), one.online, one.newOnline])).toEqual([
      ['11:58', 0, 0],
      ['11:59', 0, 0],
      ['12:00', 3, 2],
      ['12:01', 2, 1],
      ['12:02', 2, 1],
      ['12:03', 1, 0],
      ['12:04', 1, 0],
      ['12:05', 1, 0],
    ]);
  });

  test('a minute counts when it is over', async () => {
    now = instant('2014-02-18T12:01:00.000Z');
    expect((await presence.minutes(app, 2)).map(({ online }) => online)).toEqual([0, 3]);
  });

  test('another tenant’s app with the same id, and another life of it, have nobody', async () => {
    expect((await at('12:00:59.000', { ...app, organization: organizationId(2) })).slice(0, 2)).toEqual([0, 0]);
    expect((await at('12:00:59.000', { ...app, era: epochMs(ERA + 1) })).slice(0, 2)).toEqual([0, 0]);
    expect(await presence.minutes({ ...app, organization: organizationId(2) }, 60)).toMatchObject(
      Array.from({ length: 60 }, () => ({ online: 0, newOnline: 0 })),
    );
  });
});

test('several ids of one user are one, and what the newest says holds', async () => {
  const app = appNamed(2);
  await arrived(app, [
    { device: 'phone', at: '12:00:00.000', open: 1 },
    { device: 'tablet', at: '12:00:01.000', open: 1 },
    { device: 'phone', linked: 'tablet', at: '12:00:02.000', open: 1, turn: 2 },
    { device: 'renamed', user: 'phone', at: '12:00:03.000', open: 1 },
  ]);
  expect(await at('12:00:10.000', app)).toEqual([1, 1, 1, 1]);
  await arrived(app, [{ device: 'renamed', user: 'phone', at: '12:00:20.000', open: 0, turn: 2 }]);
  expect(await at('12:00:30.000', app)).toEqual([0, 0, 1, 1]);
  expect((await presence.minutes(app, 1))[0]).toMatchObject({ online: 0 });
  now = instant('2014-02-18T12:01:00.000Z');
  expect((await presence.minutes(app, 1))[0]).toMatchObject({ online: 1, newOnline: 1 });
});

describe('the highest values', () => {
  const app = appNamed(3);

  test('a sample keeps them, whoever reads later', async () => {
    await arrived(app, [
      { device: 'a', at: '13:00:00.000', open: 1 },
      { device: 'b', at: '13:00:00.000', open: 1, ordinal: 2 },
    ]);
    now = instant('2014-02-18T13:01:00.000Z');
    await presence.sample();
    expect(await at('14:00:00.000', app)).toEqual([0, 0, 2, 1]);
  });

  test('lower ones change nothing', async () => {
    await arrived(app, [{ device: 'a', at: '15:00:00.000', open: 1, ordinal: 2 }]);
    now = instant('2014-02-18T15:01:00.000Z');
    await presence.sample();
    expect(await at('15:01:00.000', app)).toEqual([1, 0, 2, 1]);
  });

  test('both are kept apart', async () => {
    await arrived(app, [
      { device: 'c', at: '16:00:00.000', open: 1 },
      { device: 'd', at: '16:00:00.000', open: 1 },
    ]);
    now = instant('2014-02-18T16:01:00.000Z');
    await presence.sample();
    expect(await at('17:00:00.000', app)).toEqual([0, 0, 2, 2]);
  });

  test('a reset app begins anew, and a late sample of its earlier life does not count', async () => {
    const reset = { ...app, era: instant('2014-02-18T18:00:00Z') };
    expect(await at('18:00:00.000', reset)).toEqual([0, 0, 0, 0]);
    await arrived(reset, [{ device: 'a', at: '18:00:01.000', open: 1 }]);
    expect(await at('18:00:02.000', reset)).toEqual([1, 1, 1, 1]);
    await arrived(app, [
      { device: 'a', at: '18:00:03.000', open: 1 },
      { device: 'b', at: '18:00:03.000', open: 1 },
      { device: 'c', at: '18:00:03.000', open: 1 },
    ]);
    now = instant('2014-02-18T18:00:04.000Z');
    await presence.sample();
    expect((await at('18:00:05.000', reset)).slice(2)).toEqual([1, 1]);
  });

  test('of an app that is gone nothing is kept', async () => {
    const gone = { ...appNamed(4), id: '5f00000000000000000000ff' };
    await arrived(gone, [{ device: 'a', at: '19:00:00.000', open: 1 }]);
    now = instant('2014-02-18T19:01:00.000Z');
    await presence.sample();
    const rows = await records.db.selectFrom('app_peaks').selectAll().where('app_id', '=', gone.id).execute();
    expect(rows).toEqual([]);
  });
});
