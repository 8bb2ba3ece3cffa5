import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { allZones, parseZone, UTC } from '../../../src/domain/time/zones.ts';

describe('parseZone', () => {
  test.each([
    ['America/New_York', 'America/New_York'],
    ['america/new_york', 'America/New_York'],
    ['AMERICA/NEW_YORK', 'America/New_York'],
    ['Asia/Kolkata', 'Asia/Kolkata'],
    ['asia/calcutta', 'Asia/Calcutta'],
    ['Asia/Kathmandu', 'Asia/Kathmandu'],
    ['europe/kyiv', 'Europe/Kyiv'],
    ['utc', 'UTC'],
    ['Etc/UTC', 'Etc/UTC'],
    ['gmt', 'GMT'],
    ['etc/gmt+5', 'Etc/GMT+5'],
    ['us/eastern', 'US/Eastern'],
    ['america/port-au-prince', 'America/Port-au-Prince'],
    ['america/argentina/comodrivadavia', 'America/Argentina/ComodRivadavia'],
    ['antarctica/dumontdurville', 'Antarctica/DumontDUrville'],
    ['africa/dar_es_salaam', 'Africa/Dar_es_Salaam'],
    ['america/north_dakota/new_salem', 'America/North_Dakota/New_Salem'],
    ['gb-eire', 'GB-Eire'],
    ['EST5EDT', 'EST5EDT'],
  ])('%s is %s', (name, expected) => {
    expect(parseZone(name)).toBe(expected);
    expect(parseZone(name)).toBe(expected);
  });

  test.each([
    '',
    ' UTC',
    'UTC ',
    '+02:00',
    '-05:00',
    '+02',
    'UTC+2',
    'GMT+2',
    'Z',
    'PST',
    'IST',
    'Mars/Olympus',
    'America',
    'America/',
    'America/New York',
    'America\\New_York',
    'Etc/Unknown',
    'Factory',
    'localtime',
    '__proto__',
    'constructor',
    'x'.repeat(10_000),
  ])('%s is no zone', (name) => {
    expect(parseZone(name)).toBeNull();
  });
});

describe('allZones', () => {
  test('holds every zone of the runtime and the usual aliases, once, in order', () => {
    const zones = allZones();
    expect(zones).toEqual(expect.arrayContaining(Intl.supportedValuesOf('timeZone')));
    expect(zones).toEqual(expect.arrayContaining(['UTC', 'Etc/UTC', 'Asia/Kolkata', 'Asia/Calcutta', 'US/Pacific']));
    expect(new Set(zones.map((name) => name.toLowerCase())).size).toBe(zones.length);
    expect(zones).toEqual(zones.toSorted((a, b) => (a < b ? -1 : 1)));
    expect(zones.length).toBeGreaterThan(590);
  });

  test('each is found by its lower-case name and known to Temporal', () => {
    for (const name of allZones()) {
      expect(parseZone(name.toLowerCase())).toBe(name);
      expect(() => Temporal.PlainDate.from('2024-03-01').toZonedDateTime(name)).not.toThrow();
    }
  });

  test('UTC is one of them', () => {
    expect(parseZone('UTC')).toBe(UTC);
  });
});
