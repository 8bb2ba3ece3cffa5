import { describe, expect, test } from 'vitest';
import { bucketEdges } from '../../../src/domain/time/buckets.ts';
import { at, edges, zone } from './literals.ts';

describe('the clock is set back', () => {
  test('New York, 3 November 2024: 25 hours, one o’clock twice (tr50.md 5.4)', () => {
    const day = edges('2024-11-03T00:00:00-04:00', '2024-11-04T00:00:00-05:00', 1, 'hour', 'America/New_York');
    expect(day).toHaveLength(26);
    expect(day.slice(0, 4)).toEqual([
      '2024-11-03T00:00:00-04:00',
      '2024-11-03T01:00:00-04:00',
      '2024-11-03T01:00:00-05:00',
      '2024-11-03T02:00:00-05:00',
    ]);
  });

  test('quarters of the repeated hour come twice', () => {
    expect(edges('2024-11-03T01:30:00-04:00', '2024-11-03T01:30:00-05:00', 15, 'minute', 'America/New_York')).toEqual([
      '2024-11-03T01:30:00-04:00',
      '2024-11-03T01:45:00-04:00',
      '2024-11-03T01:00:00-05:00',
      '2024-11-03T01:15:00-05:00',
      '2024-11-03T01:30:00-05:00',
    ]);
  });

  test('45m: the change ends one bucket and begins another', () => {
    expect(edges('2024-11-03T01:30:00-04:00', '2024-11-03T02:30:00-05:00', 45, 'minute', 'America/New_York')).toEqual([
      '2024-11-03T01:30:00-04:00',
      '2024-11-03T01:00:00-05:00',
      '2024-11-03T01:30:00-05:00',
      '2024-11-03T02:15:00-05:00',
      '2024-11-03T03:00:00-05:00',
    ]);
  });

  test('6h keeps 00, 06, 12 and 18 o’clock, the first bucket lasts 7 hours', () => {
    expect(edges('2024-11-03T00:00:00-04:00', '2024-11-04T00:00:00-05:00', 6, 'hour', 'America/New_York')).toEqual([
      '2024-11-03T00:00:00-04:00',
      '2024-11-03T06:00:00-05:00',
      '2024-11-03T12:00:00-05:00',
      '2024-11-03T18:00:00-05:00',
      '2024-11-04T00:00:00-05:00',
    ]);
  });

  test('2h: the repeated hour lengthens its bucket', () => {
    expect(edges('2024-11-03T01:10:00-05:00', '2024-11-03T03:00:00-05:00', 2, 'hour', 'America/New_York')).toEqual([
      '2024-11-03T00:00:00-04:00',
      '2024-11-03T02:00:00-05:00',
      '2024-11-03T04:00:00-05:00',
    ]);
  });

  test('Lord Howe: the repeated half hour is an hour bucket of its own (tr50.md appendix, 4)', () => {
    expect(edges('2024-04-07T01:00:00+11:00', '2024-04-07T03:00:00+10:30', 1, 'hour', 'Australia/Lord_Howe')).toEqual([
      '2024-04-07T01:00:00+11:00',
      '2024-04-07T01:30:00+10:30',
      '2024-04-07T02:00:00+10:30',
      '2024-04-07T03:00:00+10:30',
    ]);
  });

  test('Troll: two hours come twice', () => {
    expect(edges('2024-10-27T01:00:00+02:00', '2024-10-27T03:00:00+00:00', 1, 'hour', 'Antarctica/Troll')).toEqual([
      '2024-10-27T01:00:00+02:00',
      '2024-10-27T02:00:00+02:00',
      '2024-10-27T01:00:00+00:00',
      '2024-10-27T02:00:00+00:00',
      '2024-10-27T03:00:00+00:00',
    ]);
  });

  test('Havana: midnight comes twice, in one day of 25 hours', () => {
    expect(edges('2023-11-05T00:30:00-04:00', '2023-11-05T01:30:00-05:00', 1, 'hour', 'America/Havana')).toEqual([
      '2023-11-05T00:00:00-04:00',
      '2023-11-05T00:00:00-05:00',
      '2023-11-05T01:00:00-05:00',
      '2023-11-05T02:00:00-05:00',
    ]);
    expect(edges('2023-11-05T00:30:00-05:00', '2023-11-05T01:30:00-05:00', 1, 'day', 'America/Havana')).toEqual([
      '2023-11-05T00:00:00-04:00',
      '2023-11-06T00:00:00-05:00',
    ]);
  });

  test('Sao Paulo: the clock goes from midnight back to 23:00, and the old day has 25 hours', () => {
    expect(edges('2018-02-17T22:00:00-02:00', '2018-02-18T01:00:00-03:00', 1, 'hour', 'America/Sao_Paulo')).toEqual([
      '2018-02-17T22:00:00-02:00',
      '2018-02-17T23:00:00-02:00',
      '2018-02-17T23:00:00-03:00',
      '2018-02-18T00:00:00-03:00',
      '2018-02-18T01:00:00-03:00',
    ]);
    expect(edges('2018-02-17T12:00:00-02:00', '2018-02-18T12:00:00-03:00', 6, 'hour', 'America/Sao_Paulo')).toEqual([
      '2018-02-17T12:00:00-02:00',
      '2018-02-17T18:00:00-02:00',
      '2018-02-18T00:00:00-03:00',
      '2018-02-18T06:00:00-03:00',
      '2018-02-18T12:00:00-03:00',
    ]);
    expect(edges('2018-02-17T12:00:00-02:00', '2018-02-18T12:00:00-03:00', 1, 'day', 'America/Sao_Paulo')).toEqual([
      '2018-02-17T00:00:00-02:00',
      '2018-02-18T00:00:00-03:00',
      '2018-02-19T00:00:00-03:00',
    ]);
  });

  test("St John's: one minute of the new day, then 23:01 of the old one again", () => {
    expect(edges('2010-11-06T23:00:00-02:30', '2010-11-07T01:00:00-03:30', 1, 'hour', 'America/St_Johns')).toEqual([
      '2010-11-06T23:00:00-02:30',
      '2010-11-07T00:00:00-02:30',
      '2010-11-06T23:01:00-03:30',
      '2010-11-07T00:00:00-03:30',
      '2010-11-07T01:00:00-03:30',
    ]);
    expect(edges('2010-11-06T23:30:00-03:30', '2010-11-07T12:00:00-03:30', 1, 'day', 'America/St_Johns')).toEqual([
      '2010-11-07T00:00:00-02:30',
      '2010-11-08T00:00:00-03:30',
    ]);
  });
});

describe('the clock is set forward', () => {
  test('Chicago, 11 March 2018: 23 hours, two o’clock is missing', () => {
    const day = edges('2018-03-11T00:00:00-06:00', '2018-03-12T00:00:00-05:00', 1, 'hour', 'America/Chicago');
    expect(day).toHaveLength(24);
    expect(day.slice(0, 3)).toEqual([
      '2018-03-11T00:00:00-06:00',
      '2018-03-11T01:00:00-06:00',
      '2018-03-11T03:00:00-05:00',
    ]);
  });

  test('6h keeps its clock times, the first bucket lasts 5 hours', () => {
    expect(edges('2018-03-11T00:00:00-06:00', '2018-03-11T12:00:00-05:00', 6, 'hour', 'America/Chicago')).toEqual([
      '2018-03-11T00:00:00-06:00',
      '2018-03-11T06:00:00-05:00',
      '2018-03-11T12:00:00-05:00',
    ]);
  });

  test('Lord Howe: two o’clock is a half hour and labelled with its first instant', () => {
    expect(edges('2024-10-06T01:00:00+10:30', '2024-10-06T04:00:00+11:00', 1, 'hour', 'Australia/Lord_Howe')).toEqual([
      '2024-10-06T01:00:00+10:30',
      '2024-10-06T02:30:00+11:00',
      '2024-10-06T03:00:00+11:00',
      '2024-10-06T04:00:00+11:00',
    ]);
  });

  test('a jump within an hour does not split it: Athens, 28 July 1916, 00:01 to 00:26:08', () => {
    const range = { from: at('1916-07-27T22:25:30Z'), to: at('1916-07-27T23:00:00Z') };
    expect(bucketEdges(range, { unit: 'hour', count: 1, zone: zone('Europe/Athens') }, 10)).toMatchObject({
      edges: [at('1916-07-27T22:25:08Z'), at('1916-07-27T23:00:00Z')], // 00:00 at +01:34:52, 01:00 at +02:00
    });
  });

  test('Sao Paulo: midnight is missing, the day begins at one', () => {
    expect(edges('2018-11-03T12:00:00-03:00', '2018-11-05T00:00:00-02:00', 1, 'day', 'America/Sao_Paulo')).toEqual([
      '2018-11-03T00:00:00-03:00',
      '2018-11-04T01:00:00-02:00',
      '2018-11-05T00:00:00-02:00',
    ]);
    expect(edges('2018-11-03T23:00:00-03:00', '2018-11-04T12:00:00-02:00', 6, 'hour', 'America/Sao_Paulo')).toEqual([
      '2018-11-03T18:00:00-03:00',
      '2018-11-04T01:00:00-02:00',
      '2018-11-04T06:00:00-02:00',
      '2018-11-04T12:00:00-02:00',
    ]);
  });

  test('Apia: 30 December 2011 never was', () => {
    expect(edges('2011-12-29T12:00:00-10:00', '2012-01-01T00:00:00+14:00', 1, 'day', 'Pacific/Apia')).toEqual([
      '2011-12-29T00:00:00-10:00',
      '2011-12-31T00:00:00+14:00',
      '2012-01-01T00:00:00+14:00',
    ]);
    expect(edges('2011-12-29T22:30:00-10:00', '2011-12-31T01:30:00+14:00', 1, 'hour', 'Pacific/Apia')).toEqual([
      '2011-12-29T22:00:00-10:00',
      '2011-12-29T23:00:00-10:00',
      '2011-12-31T00:00:00+14:00',
      '2011-12-31T01:00:00+14:00',
      '2011-12-31T02:00:00+14:00',
    ]);
  });
});
