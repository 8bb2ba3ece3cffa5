import { describe, expect, test } from 'vitest';
import { figure, spanText, topRows } from '../../../../src/dialects/countly/analytics/figures.ts';

describe('change and trend (4.1)', () => {
  test.each([
    [754, 1000, '-24.6%', 'd'],
    [99, 100, '-1%', 'd'],
    [100, 100, '0%', 'u'],
    [3, 2, '50%', 'u'],
    [5, 0, 'NA', 'u'],
    [0, 0, 'NA', 'u'],
    [0, 5, '∞', 'd'],
    [1, 2, '-50%', 'd'],
    [124, 1, '12.3K%', 'u'],
    [101, 1, '10000%', 'u'],
    [101.01, 1, '10K%', 'u'],
    [12_346, 1, '1.2M%', 'u'],
    [10_001, 1, '1000K%', 'u'],
    [99_999, 100_000, '0%', 'u'],
    [100_001, 100_000, '0%', 'u'],
    [9_994, 10_000, '-0.1%', 'd'],
    [1 / 3, 1 / 4, '33.3%', 'u'],
  ])('%d after %d: %s, %s', (current, previous, change, trend) => {
    expect(figure(current, previous)).toEqual({ total: current, change, trend });
  });
});

describe('time spans (4.1)', () => {
  test.each([
    [0, '0.0 min'],
    [60, '1.0 min'],
    [20, '0.3 min'],
    [59.9 * 60, '59.9 min'],
    [3_600, '1.0 hours'],
    [9_000, '2.5 hours'],
    [86_399, '24.0 hours'],
    [86_400, '1.0 days'],
    [142_559 * 60, '99.0 days'],
    [142_560 * 60, '0.3 years'],
    [525_600 * 60 * 2, '2.0 years'],
  ])('%d s: %s', (seconds, text) => {
    expect(spanText(seconds)).toBe(text);
  });
});

describe('top rows (4.1)', () => {
  const rows = (...values: [string, number][]) => topRows(values.map(([name, value]) => ({ name, value })));

  test('shares add up to 100, the first takes the rest', () => {
    expect(rows(['Android', 1], ['iOS', 2])).toEqual([
      { name: 'iOS', value: 2, percent: 67 },
      { name: 'Android', value: 1, percent: 33 },
    ]);
    expect(rows(['a', 1], ['b', 1], ['c', 1])).toEqual([
      { name: 'a', value: 1, percent: 34 },
      { name: 'b', value: 1, percent: 33 },
      { name: 'c', value: 1, percent: 33 },
    ]);
  });

  test('of the three listed only, ties by name, no zeros', () => {
    expect(rows(['d', 5], ['b', 5], ['a', 1], ['c', 90], ['z', 0])).toEqual([
      { name: 'c', value: 90, percent: 90 },
      { name: 'b', value: 5, percent: 5 },
      { name: 'd', value: 5, percent: 5 },
    ]);
    expect(rows(['z', 0])).toEqual([]);
    expect(rows(['only', 7])).toEqual([{ name: 'only', value: 7, percent: 100 }]);
  });
});
