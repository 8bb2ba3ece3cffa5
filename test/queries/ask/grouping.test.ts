import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { groupingOf, runsOf, type Grouping } from '../../../src/queries/ask/grouping.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('how the engine is told where buckets begin', () => {
  test('equal buckets are one division', () => {
    expect(groupingOf([0, DAY, 2 * DAY])).toEqual({ kind: 'steps', originMs: 0, stepMs: DAY, shifts: [] });
  });

  test('one bucket is a division, too', () => {
    expect(groupingOf([5, 9])).toEqual({ kind: 'steps', originMs: 5, stepMs: 4, shifts: [] });
  });

  test('few unequal buckets are searched', () => {
    expect(groupingOf([0, 31 * DAY, 59 * DAY])).toEqual({ kind: 'starts', starts: [0, 31 * DAY] });
  });

  test('days with a clock change are steps with a shift: at the end of the short day, an hour before that of the long', () => {
    const starts = Array.from({ length: 60 }, (_, day) => day * DAY - (day > 20 ? HOUR : 0) + (day > 40 ? HOUR : 0));
    expect(groupingOf(starts)).toEqual({
      kind: 'steps',
      originMs: 0,
      stepMs: DAY,
      shifts: [
        { fromMs: 21 * DAY - HOUR, byMs: -HOUR },
        { fromMs: 41 * DAY - HOUR, byMs: HOUR },
      ],
    });
  });

  test('any ascending edges: the restatement finds the same bucket as a search, at and around every edge', () => {
    const gaps = fc.oneof(
      fc.array(fc.oneof({ weight: 9, arbitrary: fc.constant(7) }, fc.constantFrom(1, 5, 8, 9, 14, 15)), {
        minLength: 1,
        maxLength: 120,
        size: 'max',
      }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 60 }),
    );
    const kinds = { steps: 0, shifts: 0, starts: 0 };
    fc.assert(
      fc.property(fc.integer({ min: -1e13, max: 1e13 }), gaps, (first, steps) => {
        const edges = edgesOf(first, steps);
        const grouping = groupingOf(edges);
        kinds[grouping.kind === 'starts' ? 'starts' : grouping.shifts.length > 0 ? 'shifts' : 'steps']++;
        for (let ms = first; ms < (edges.at(-1) ?? first); ms++) {
          expect(indexIn(grouping, ms)).toBe(edges.findLastIndex((edge) => edge <= ms));
        }
      }),
      { numRuns: 500 },
    );
    expect(Math.min(...Object.values(kinds))).toBeGreaterThan(20);
  });

  test('edges are written as runs of equal steps and read back the same', () => {
    expect(runsOf([0, 7, 14, 21, 24, 31, 38, 45, 48])).toEqual([
      { fromMs: 0, stepMs: 7, count: 4 },
      { fromMs: 24, stepMs: 7, count: 4 },
      { fromMs: 48, stepMs: 0, count: 1 },
    ]);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(1, 2, 2, 2, 3)), (steps) => {
        const edges = edgesOf(5, steps);
        const read = runsOf(edges).flatMap((run) =>
          Array.from({ length: run.count }, (_, index) => run.fromMs + run.stepMs * index),
        );
        expect(read).toEqual(edges);
      }),
    );
  });
});

function edgesOf(first: number, gaps: readonly number[]): number[] {
  const edges = [first];
  for (const gap of gaps) edges.push((edges.at(-1) ?? first) + gap);
  return edges;
}

/** What the engine computes, in integers (bucket.sql.ts). */
function indexIn(grouping: Grouping, ms: number): number {
  if (grouping.kind === 'starts') return grouping.starts.findLastIndex((start) => start <= ms);
  const shift = grouping.shifts.reduce((sum, { fromMs, byMs }) => sum + (ms >= fromMs ? byMs : 0), 0);
  return Math.trunc((ms - grouping.originMs - shift) / grouping.stepMs);
}
