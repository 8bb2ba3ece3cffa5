import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  civilFromDays,
  daysFromCivil,
  daysInMonth,
  localMidnight,
  midnightOfMonth,
  monthIndex,
} from '../../../src/domain/time/civil.ts';

test.each([
  [1970, 1, 1, 0],
  [1969, 12, 31, -1],
  [2000, 2, 29, 11_016],
  [2000, 3, 1, 11_017],
  [1900, 1, 1, -25_567],
  [0, 1, 1, -719_528],
  [-1, 12, 31, -719_529],
  [9999, 12, 31, 2_932_896],
])('%d-%d-%d is day %d', (year, month, day, days) => {
  expect(daysFromCivil(year, month, day)).toBe(days);
  expect(civilFromDays(days)).toEqual({ year, month, day });
});

test('months have their days, February by the Gregorian rule', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((month) => daysInMonth(2023, month))).toEqual([
    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31,
  ]);
  expect([2000, 2024, 1900, 2100, 0, 4].map((year) => daysInMonth(year, 2))).toEqual([29, 29, 28, 28, 29, 29]);
});

test('agrees with Date over 400,000 years', () => {
  fc.assert(
    fc.property(fc.integer({ min: -99_999_999, max: 99_999_999 }), (days) => {
      const date = new Date(days * 86_400_000);
      const expected = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
      expect(civilFromDays(days)).toEqual(expected);
      expect(daysFromCivil(expected.year, expected.month, expected.day)).toBe(days);
      expect(daysInMonth(expected.year, expected.month)).toBe(
        new Date(Date.UTC(2000 + (expected.year % 400), expected.month, 0)).getUTCDate(),
      );
    }),
    { numRuns: 5000 },
  );
});

test('midnights of days and months, before 1970 too', () => {
  expect(localMidnight(Date.UTC(1969, 6, 20, 20, 17))).toBe(Date.UTC(1969, 6, 20));
  expect(midnightOfMonth(monthIndex(Date.UTC(1969, 6, 20, 20, 17)))).toBe(Date.UTC(1969, 6, 1));
  expect(midnightOfMonth(monthIndex(Date.UTC(2024, 11, 31)) + 1)).toBe(Date.UTC(2025, 0, 1));
});
