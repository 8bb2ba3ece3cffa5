import { expect, test } from 'vitest';
import { Counters } from '../../../../src/dialects/tr50/counters.ts';

function text(pieces: Iterable<string>): string {
  return [...pieces].join('');
}

test('5.5: zero-filled to the length of ts, keys in ascending byte order, number-like ones and __proto__ included', () => {
  const counters = new Counters();
  counters.add('', 'thing', 0, 3);
  counters.add('', 'thing', 2, 2);
  counters.add('', 'Thing', 1, 1);
  counters.add('', '10', 3, 7);
  counters.add('', '9', 3, 8);
  counters.add('', '__proto__', 0, 1);
  // U+FF41 sorts before U+1F600 in UTF-8 and after it in UTF-16.
  counters.add('', '\u{1F600}', 0, 1);
  counters.add('', '\uFF41', 0, 1);
  expect(text(counters.json(4, false))).toBe(
    '{"10":[0,0,0,7],"9":[0,0,0,8],"Thing":[0,1,0,0],"__proto__":[1,0,0,0],"thing":[3,0,2,0],"\uFF41":[1,0,0,0],"\u{1F600}":[1,0,0,0]}',
  );
  expect(counters.total).toBe(24);
});

test('5.5: no calls are {} and 0', () => {
  const counters = new Counters();
  expect(text(counters.json(24, false))).toBe('{}');
  expect(text(counters.json(24, true))).toBe('{}');
  expect(counters.total).toBe(0);
});

test('5.6: grouped by organization, one level more', () => {
  const counters = new Counters();
  counters.add('NORTH_LAB', 'thing', 1, 4);
  counters.add('NORTH_LAB', 'usage', 0, 1);
  counters.add('NORTH', 'thing', 0, 3);
  expect(text(counters.json(2, true))).toBe('{"NORTH":{"thing":[3,0]},"NORTH_LAB":{"thing":[0,4],"usage":[1,0]}}');
  expect(counters.total).toBe(8);
});

test('5.5: sums stay exact beyond 2^53', () => {
  const counters = new Counters();
  counters.add('', 'a', 0, Number.MAX_SAFE_INTEGER);
  counters.add('', 'a', 1, 3);
  counters.add('', 'b', 0, 18_014_398_509_481_985n);
  expect(String(counters.total)).toBe('27021597764222979');
  expect(text(counters.json(2, false))).toBe('{"a":[9007199254740991,3],"b":[18014398509481985,0]}');
});
