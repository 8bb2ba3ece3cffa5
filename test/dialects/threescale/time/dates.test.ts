import { describe, expect, test } from 'vitest';
import { parseDate } from '../../../../src/dialects/threescale/time/dates.ts';
import { spacedTime, timestamp, zoneName } from '../../../../src/dialects/threescale/time/texts.ts';
import { railsZones, zoneNamed } from '../../../../src/dialects/threescale/time/zone-names.ts';
import { epochMs, type ZoneId } from '../../../../src/domain/time/instant.ts';
import { parseZone, UTC } from '../../../../src/domain/time/zones.ts';

function zone(name: string): ZoneId {
  const found = parseZone(name);
  if (found === null) throw new Error(name);
  return found;
}

describe('the date grammar (contract 4.3)', () => {
  const MADRID = zone('Europe/Madrid');
  test.each([
    ['2024-03-01', '2024-02-29T23:00:00Z'],
    ['2024-3-1', '2024-02-29T23:00:00Z'],
    ['20240301', '2024-02-29T23:00:00Z'],
    ['2024-03-01T09:30', '2024-03-01T08:30:00Z'],
    ['2024-03-01 09:30', '2024-03-01T08:30:00Z'],
    ['2024-03-01 09:30:15', '2024-03-01T08:30:15Z'],
    ['2024-03-01T09:30:15.123456', '2024-03-01T08:30:15.123Z'],
    ['2024-3-1 09:30', '2024-03-01T08:30:00Z'],
    ['20240301T09:30', '2024-03-01T08:30:00Z'],
    ['2024-03-01T09:30:00Z', '2024-03-01T09:30:00Z'],
    ['2024-03-01T09:30Z', '2024-03-01T09:30:00Z'],
    ['2024-03-01 09:30:00 UTC', '2024-03-01T09:30:00Z'],
    ['2024-03-01 09:30:00UTC', '2024-03-01T09:30:00Z'],
    ['2024-03-01 09:30:00 Z', '2024-03-01T09:30:00Z'],
    ['2024-03-01T09:30:00+02:00', '2024-03-01T07:30:00Z'],
    ['2024-03-01 09:30:00 +0200', '2024-03-01T07:30:00Z'],
    ['2024-03-01 09:30:00 -05:30', '2024-03-01T15:00:00Z'],
    ['2024-03-01T09:30-0530', '2024-03-01T15:00:00Z'],
    // A plus that was pasted into the URL unencoded.
    ['2024-03-01T09:30:00 00:00', '2024-03-01T09:30:00Z'],
    ['2024-03-01T09:30:00 02:00', '2024-03-01T07:30:00Z'],
    ['2024-03-01 09:30:00  0200', '2024-03-01T07:30:00Z'],
    // The clock skips 02:30 and shows 02:30 twice.
    ['2024-03-31T02:30', '2024-03-31T01:30:00Z'],
    ['2024-10-27T02:30', '2024-10-27T00:30:00Z'],
    ['2024-02-29', '2024-02-28T23:00:00Z'],
  ])('%s', (text, instant) => {
    expect(parseDate(text, MADRID)).toBe(Date.parse(instant));
  });

  test.each([
    '',
    'now',
    'yesterday',
    '1709285400',
    '1709285400000',
    '2024',
    '2024-03',
    '2024-13-01',
    '2024-00-10',
    '2023-02-29',
    '2024-02-30',
    '20240230',
    '24-03-01',
    '2024/03/01',
    '03/01/2024',
    '2024-03-01T24:00',
    '2024-03-01T23:60',
    '2024-03-01T23:59:60',
    '2024-03-01T9:30',
    '2024-03-01T09',
    '2024-03-01T09:30:00.',
    '2024-03-01t09:30',
    '2024-03-01T09:30 CET',
    '2024-03-01T09:30+2',
    '2024-03-01T09:30+25:00',
    '2024-03-01 UTC',
    '2024-03-01Z',
    '2024-03-01T09:30:00Z and more',
    '２０２４-03-01',
  ])('%s is no date', (text) => {
    expect(parseDate(text, UTC)).toBeNull();
  });
});

describe('zone names (appendix A)', () => {
  test.each([
    ['Europe/Madrid', 'Europe/Madrid'],
    ['Madrid', 'Europe/Madrid'],
    ['Buenos Aires', 'America/Argentina/Buenos_Aires'],
    ['Kolkata', 'Asia/Kolkata'],
    ['UTC', 'UTC'],
    ['Etc/UTC', 'Etc/UTC'],
    ['International Date Line West', 'Etc/GMT+12'],
    ['Pacific Time (US & Canada)', 'America/Los_Angeles'],
    ['Eastern Time (US & Canada)', 'America/New_York'],
    ['Indiana (East)', 'America/Indiana/Indianapolis'],
    ['Cape Verde Is.', 'Atlantic/Cape_Verde'],
    ['Edinburgh', 'Europe/London'],
    ['Kyiv', 'Europe/Kiev'],
    ['St. Petersburg', 'Europe/Moscow'],
    ['Astana', 'Asia/Almaty'],
    ['Ulaan Bataar', 'Asia/Ulaanbaatar'],
    ["Nuku'alofa", 'Pacific/Tongatapu'],
    ['Chatham Is.', 'Pacific/Chatham'],
    ['Samoa', 'Pacific/Apia'],
    ['Canberra', 'Australia/Melbourne'],
    // Exactly as they are written, or UTC.
    ['madrid', 'UTC'],
    ['europe/madrid', 'UTC'],
    ['+02:00', 'UTC'],
    ['Nowhere', 'UTC'],
    ['__proto__', 'UTC'],
  ])('%s is %s', (name, expected) => {
    expect(zoneNamed(name, zone('Asia/Tokyo'))).toBe(expected);
  });

  test('no name is the zone of the tenant; every display name has a zone', () => {
    expect(zoneNamed(null, zone('Asia/Tokyo'))).toBe('Asia/Tokyo');
    expect(railsZones.size).toBeGreaterThanOrEqual(150);
    expect([...railsZones].filter(([, iana]) => parseZone(iana) !== iana)).toEqual([]);
  });
});

describe('times in answers (contract 2.1, appendix B 7)', () => {
  const at = epochMs(Date.UTC(2024, 2, 1, 0, 0, 0, 999));
  test.each([
    ['UTC', '2024-03-01T00:00:00Z', '2024-03-01 00:00:00 UTC', 'Etc/UTC'],
    ['Etc/UTC', '2024-03-01T00:00:00Z', '2024-03-01 00:00:00 UTC', 'Etc/UTC'],
    ['Europe/London', '2024-03-01T00:00:00+00:00', '2024-03-01 00:00:00 +0000', 'Europe/London'],
    ['GMT', '2024-03-01T00:00:00+00:00', '2024-03-01 00:00:00 +0000', 'GMT'],
    ['Europe/Madrid', '2024-03-01T01:00:00+01:00', '2024-03-01 01:00:00 +0100', 'Europe/Madrid'],
    ['America/St_Johns', '2024-02-29T20:30:00-03:30', '2024-02-29 20:30:00 -0330', 'America/St_Johns'],
  ])('%s', (name, json, xml, told) => {
    expect([timestamp(at, zone(name)), spacedTime(at, zone(name)), zoneName(zone(name))]).toEqual([json, xml, told]);
  });
});
