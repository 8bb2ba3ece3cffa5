import { describe, expect, test } from 'vitest';
import type { AnswerRow, Question } from '../../../src/domain/question.ts';
import { epochMs } from '../../../src/domain/time/instant.ts';
import { UTC } from '../../../src/domain/time/zones.ts';
import { filled, sorted } from '../../../src/queries/ask/fill.ts';

const row = (bucket: number, dimensions: AnswerRow['dimensions'], ...measures: AnswerRow['measures']): AnswerRow => ({
  bucket,
  dimensions,
  measures,
});

const question: Question = {
  stream: 'requests',
  scope: { organizations: 'all' },
  range: { from: epochMs(0), to: epochMs(3) },
  bucket: { unit: 'day', count: 1, zone: UTC },
  measures: ['count', 'duration_ms'],
  dimensions: ['service'],
  filters: [],
};

describe('buckets without rows', () => {
  test('every bucket of every combination that occurs', () => {
    expect(filled([row(1, ['a'], 5, 2.5)], 3, [0, null], { withoutDimensions: false, most: 3 })).toEqual([
      row(0, ['a'], 0, null),
      row(1, ['a'], 5, 2.5),
      row(2, ['a'], 0, null),
    ]);
  });

  test('without dimensions every bucket even when there is nothing; with dimensions nothing then', () => {
    expect(filled([], 2, [0], { withoutDimensions: true, most: 2 })).toEqual([row(0, [], 0), row(1, [], 0)]);
    expect(filled([], 2, [0], { withoutDimensions: false, most: 2 })).toEqual([]);
  });

  test('combinations that print alike stay apart', () => {
    const rows = [row(0, [null, '1'], 1), row(0, ['', '1'], 2), row(0, ['', 1], 3)];
    expect(filled(rows, 1, [0], { withoutDimensions: false, most: 3 })).toEqual(rows);
  });

  test('more rows than an answer may have are refused before they are made', () => {
    expect(filled([row(0, ['a'], 1), row(0, ['b'], 1)], 1e9, [0], { withoutDimensions: false, most: 100 })).toBe(
      'too_many_rows',
    );
  });
});

describe('order', () => {
  test('by bucket, then dimensions in byte order, absent first', () => {
    const rows = [
      row(1, ['a'], 1, null),
      row(0, ['😀'], 1, null),
      row(0, ['\uff5e'], 1, null),
      row(0, ['b'], 1, null),
      row(0, ['B'], 1, null),
      row(0, ['ba'], 1, null),
      row(0, [null], 1, null),
    ];
    expect(sorted(rows, question).map(({ bucket, dimensions }) => [bucket, ...dimensions])).toEqual([
      [0, null],
      [0, 'B'],
      [0, 'b'],
      [0, 'ba'],
      [0, '\uff5e'],
      [0, '😀'],
      [1, 'a'],
    ]);
  });

  test('as asked, null smallest, beyond 2^53 exact', () => {
    const big = 2n ** 60n;
    const rows = [row(0, ['a'], 3, 1), row(1, ['b'], big, null), row(2, ['c'], big + 1n, 0.5), row(3, ['d'], 3, null)];
    const by = (measure: string, direction: 'ascending' | 'descending'): unknown[] =>
      sorted(rows, { ...question, order: [{ by: measure, direction }] }).map(({ dimensions }) => dimensions[0]);
    expect(by('count', 'descending')).toEqual(['c', 'b', 'a', 'd']);
    expect(by('duration_ms', 'ascending')).toEqual(['b', 'd', 'c', 'a']);
    expect(by('duration_ms', 'descending')).toEqual(['a', 'c', 'b', 'd']);
  });
});
