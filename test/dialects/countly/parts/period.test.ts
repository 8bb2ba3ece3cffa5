import { describe, expect, test } from 'vitest';
import { periodLabel } from '../../../../src/dialects/countly/period/label.ts';
import { periodOf, rangeOf } from '../../../../src/dialects/countly/period/period.ts';
import { epochMs, type ZoneId } from '../../../../src/domain/time/instant.ts';
import { parseZone } from '../../../../src/domain/time/zones.ts';

const zoneOf = (name: string): ZoneId => {
  const zone = parseZone(name);
  if (zone === null) throw new Error(name);
  return zone;
};
const ISTANBUL = zoneOf('Europe/Istanbul');
const NOW = epochMs(Date.parse('2014-02-18T10:34:00Z'));

function read(sent: unknown, now = NOW, zone = ISTANBUL): string[] {
  const period = periodOf(sent, now, zone);
  const day = (number: number): string => new Date(number * 86_400_000).toISOString().slice(0, 10);
  const days = ({ from, to }: { from: number; to: number }): string => `${day(from)} to ${day(to - 1)}`;
  return [period.name, days(period.current), days(period.previous), periodLabel(period, now, zone)];
}

describe('periods (3.7) and their labels (4.1)', () => {
  test.each([
    ['hour', ['hour', '2014-02-18 to 2014-02-18', '2014-02-17 to 2014-02-17', '00:00 - 12:34']],
    ['yesterday', ['yesterday', '2014-02-17 to 2014-02-17', '2014-02-16 to 2014-02-16', '17 Feb - 17 Feb']],
    ['day', ['day', '2014-02-01 to 2014-02-18', '2014-01-01 to 2014-01-31', 'Feb 2014']],
    ['prevMonth', ['prevMonth', '2014-01-01 to 2014-01-31', '2013-12-01 to 2013-12-31', 'Jan 2014']],
    ['month', ['month', '2014-01-01 to 2014-02-18', '2013-01-01 to 2013-12-31', '1 Jan - 18 Feb']],
    ['7days', ['7days', '2014-02-12 to 2014-02-18', '2014-02-05 to 2014-02-11', '12 Feb - 18 Feb']],
    ['30days', ['30days', '2014-01-20 to 2014-02-18', '2013-12-21 to 2014-01-19', '20 Jan - 18 Feb']],
    ['60days', ['60days', '2013-12-21 to 2014-02-18', '2013-10-22 to 2013-12-20', '21 Dec, 2013 - 18 Feb, 2014']],
    ['1days', ['1days', '2014-02-18 to 2014-02-18', '2014-02-17 to 2014-02-17', '18 Feb - 18 Feb']],
    [
      '[1392588000000,1392674400000]',
      ['[1392588000000,1392674400000]', '2014-02-17 to 2014-02-18', '2014-02-15 to 2014-02-16', '17 Feb - 18 Feb'],
    ],
    [
      '[1392588000, 1392674399]',
      ['[1392588000, 1392674399]', '2014-02-17 to 2014-02-17', '2014-02-16 to 2014-02-16', '17 Feb - 17 Feb'],
    ],
    [
      [1392588000000, 1392674400000],
      ['[1392588000000,1392674400000]', '2014-02-17 to 2014-02-18', '2014-02-15 to 2014-02-16', '17 Feb - 18 Feb'],
    ],
  ])('%j', (sent, expected) => {
    expect(read(sent)).toEqual(expected);
  });

  test.each([
    undefined,
    '',
    'foo',
    '0days',
    '-7days',
    '07days',
    '1.5days',
    '9999999days',
    '[1392674400000,1392588000000]',
    '[1392588000000]',
    '["2014","2015"]',
    '[1,2',
    {},
    7,
  ])('%j is none: 30days', (sent) => {
    expect(read(sent)).toEqual(['30days', '2014-01-20 to 2014-02-18', '2013-12-21 to 2014-01-19', '20 Jan - 18 Feb']);
  });

  test.each(['999999days', '[-9999999999999999,9999999999999999]', '[9999999999999999,9999999999999999]'])(
    '%s stays within what can be stored',
    (sent) => {
      const { current, previous } = periodOf(sent, NOW, ISTANBUL);
      for (const { from, to } of [current, previous]) {
        expect(from).toBeGreaterThan(-25_600);
        expect(to).toBeLessThan(120_600);
        expect(to).toBeGreaterThanOrEqual(from);
      }
    },
  );

  test('a label across a year', () => {
    const label = read('30days', epochMs(Date.parse('2014-01-16T12:00:00Z')))[3];
    expect(label).toBe('18 Dec, 2013 - 16 Jan, 2014');
  });

  test('days are the zone’s: 23 and 25 hours long', () => {
    const berlin = zoneOf('Europe/Berlin');
    const hours = (now: string): number => {
      const { from, to } = rangeOf(periodOf('hour', epochMs(Date.parse(now)), berlin).current, berlin);
      return (to - from) / 3_600_000;
    };
    expect([hours('2024-03-31T10:00:00Z'), hours('2024-10-27T10:00:00Z'), hours('2024-10-28T10:00:00Z')]).toEqual([
      23, 25, 24,
    ]);
  });
});
