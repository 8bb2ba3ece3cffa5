import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseExactly } from '../../../src/store/facts/exact-json.ts';

const parsed = (json: string): unknown => parseExactly(Buffer.from(json));

describe('numbers', () => {
  test.each([
    ['[1,-2,0]', [1, -2, 0]],
    ['[999999999999999]', [999_999_999_999_999]],
    ['[9007199254740993]', ['9007199254740993']],
    ['[-9223372036854775808,18446744073709551615]', ['-9223372036854775808', '18446744073709551615']],
    ['{"a":12345678901234567890}', { a: '12345678901234567890' }],
    ['[\n\t12345678901234567 ,1]', ['12345678901234567', 1]],
    ['[0.123456789012345,1e22,1234567890123456.5,-1.5e-7]', [0.123456789012345, 1e22, 1234567890123456.5, -1.5e-7]],
    ['[12345678901234567e3]', [1.2345678901234567e19]],
  ])('%s', (json, value) => expect(parsed(json)).toEqual(value));
});

describe('texts stay what they are', () => {
  test.each([
    '12345678901234567890',
    'a "12345678901234567890" b',
    '\\',
    '\\" 12345678901234567890',
    '12345678901234567890\n',
    '字1234567890123456',
  ])('%j', (text) => {
    const value = [text, { [text]: text }, 'after', 7];
    expect(parsed(JSON.stringify(value))).toEqual(value);
  });

  test('however long', () => {
    const long = `${'"\\x'.repeat(500_000)}12345678901234567890`;
    expect(parsed(JSON.stringify([long, 1]))).toEqual([long, 1]);
  });
});

test('what is no JSON is refused', () => {
  expect(() => parsed('[12345678901234567')).toThrow(SyntaxError);
  expect(() => parsed('')).toThrow(SyntaxError);
});

test('any integers among any texts come out exactly, wherever they stand', () => {
  const integer = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n });
  const row = fc.tuple(integer, fc.string(), integer, fc.double({ noNaN: true, noDefaultInfinity: true }));
  fc.assert(
    fc.property(fc.array(row), fc.constantFrom('', ' ', '\n\t'), (rows, space) => {
      const written = rows.map(
        ([a, text, b, fraction]) => `[${[a, JSON.stringify(text), b, JSON.stringify(fraction)].join(`,${space}`)}]`,
      );
      const read = parsed(`[${written.join(`,${space}`)}]`) as [string | number, string, string | number, unknown][];
      expect(read.map(([a, text, b, fraction]) => [BigInt(a), text, BigInt(b), Number(fraction)])).toEqual(
        rows.map(([a, text, b, fraction]) => [a, text, b, Object.is(fraction, -0) ? 0 : fraction]),
      );
    }),
  );
});
