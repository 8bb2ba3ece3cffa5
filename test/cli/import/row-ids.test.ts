import { describe, expect, test } from 'vitest';
import { OccurrenceCounter } from '../../../src/cli/import/occurrence-counter.ts';
import { RowIds } from '../../../src/cli/import/row-ids.ts';

function idsOf(...rows: readonly string[]): string[] {
  const ids = new RowIds();
  return rows.map((row) => ids.next(Buffer.from(row)));
}

describe('an imported row gets an id', () => {
  test('made of what it says: these stay for ever, or files would be imported twice', () => {
    expect(idsOf('a', 'b', 'a')).toEqual([
      'ypeBEsobvcr6wjGz',
      'PiPoFgA5WUoziU9l',
      expect.stringMatching(/^[\w-]{16}$/),
    ]);
  });

  test('of its own when the same was said before', () => {
    expect(new Set(idsOf('a', 'a', 'a')).size).toBe(3);
  });

  test('that stays when the file grows', () => {
    expect(idsOf('a', 'b', 'a', 'c', 'a').slice(0, 3)).toEqual(idsOf('a', 'b', 'a'));
  });

  test('that stays when another line is repaired, added before or cut off', () => {
    const [first, second, third] = idsOf('a', 'broken', 'a');
    expect(idsOf('a', 'mended', 'a')).toEqual([first, expect.not.stringMatching(String(second)), third]);
    expect(idsOf('new', 'a', 'broken', 'a').slice(1)).toEqual([first, second, third]);
    expect(idsOf('broken', 'a')).toEqual([second, first]);
  });
});

describe('occurrences are counted', () => {
  const key = (n: number): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt32LE(Math.imul(n, 0x9e3779b1) >>> 0, 0);
    bytes.writeUInt32LE(n, 4);
    return bytes;
  };

  test('with at least as many other keys in between as are remembered', () => {
    for (const start of [0, 1, 500, 999]) {
      const counter = new OccurrenceCounter(1_000);
      for (let n = 0; n < start; n += 1) counter.count(key(100_000 + n));
      expect(counter.count(key(1))).toBe(1);
      for (let n = 0; n < 999; n += 1) expect(counter.count(key(2 + n))).toBe(1);
      expect(counter.count(key(1))).toBe(2);
      expect(counter.count(key(1))).toBe(3);
    }
  });

  test('in memory that does not grow: a key far back is forgotten', () => {
    const counter = new OccurrenceCounter(1_000);
    counter.count(key(1));
    for (let n = 2; n < 3_002; n += 1) counter.count(key(n));
    expect(counter.count(key(1))).toBe(1);
  });
});
