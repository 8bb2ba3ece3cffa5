import { expect, test } from 'vitest';
import { parseLast } from '../../../../src/dialects/tr50/last.ts';

test.each([
  ['24h', 86_400_000],
  ['180m', 10_800_000],
  ['113000s', 113_000_000],
  ['120d', 10_368_000_000],
  ['10h', 36_000_000],
  ['1s', 1_000],
  ['999999999d', 86_399_999_913_600_000],
])('5.2: %s is %i ms', (text, lengthMs) => {
  expect(parseLast(text)).toBe(lengthMs);
});

test.each([
  '1h30m',
  '1.5h',
  '24H',
  ' 24h',
  '24h ',
  '24h\n',
  '0h',
  '07h',
  '7w',
  '24',
  'h',
  '',
  '-1h',
  '+1h',
  '1e3s',
  '1000000000s',
  '٢٤h',
])('5.2: %j is no period', (text) => {
  expect(parseLast(text)).toBeNull();
});
