import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joined } from '../../../src/queries/audience/joined-users.ts';

describe('users that turned out to be one', () => {
  test.each([
    ['nobody', [], []],
    ['a pair counts as the smaller', [[7, 3]], [[7n, 3n]]],
    [
      'a chain, whatever its order',
      [
        [2, 3],
        [1, 2],
      ],
      [
        [2n, 1n],
        [3n, 1n],
      ],
    ],
    [
      'a circle',
      [
        [1, 2],
        [2, 3],
        [3, 1],
      ],
      [
        [2n, 1n],
        [3n, 1n],
      ],
    ],
    [
      'the same pair again, and one with itself',
      [
        [1, 2],
        [1, 2],
        [4, 4],
      ],
      [[2n, 1n]],
    ],
    ['numbers of 64 bits', [[18_446_744_073_709_551_615n, 1]], [[18_446_744_073_709_551_615n, 1n]]],
  ] as const)('%s', (_, pairs, expected) => {
    const { from, to } = joined(pairs);
    expect(from.map((id, index) => [id, to[index]]).toSorted(([a = 0n], [b = 0n]) => (a < b ? -1 : 1))).toEqual(
      expected,
    );
  });

  test('everybody who is connected is one, and nobody else', () => {
    const ids = fc.integer({ min: 0, max: 30 });
    fc.assert(
      fc.property(fc.array(fc.tuple(ids, ids)), (pairs) => {
        const { from, to } = joined(pairs);
        const rootOf = (id: number): bigint => to[from.indexOf(BigInt(id))] ?? BigInt(id);
        const group = (id: number): Set<number> => {
          const found = new Set([id]);
          for (let size = 0; size < found.size;) {
            size = found.size;
            for (const [a, b] of pairs) {
              if (found.has(a)) found.add(b);
              if (found.has(b)) found.add(a);
            }
          }
          return found;
        };
        for (let id = 0; id <= 30; id += 1) expect(rootOf(id)).toBe(BigInt(Math.min(...group(id))));
      }),
    );
  });
});
