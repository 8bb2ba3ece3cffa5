import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { epochMs, type EpochMs } from '../../src/domain/time/instant.ts';
import { PERIODS, periodEnd, periodStart } from '../../src/domain/time/utc-periods.ts';
import { charged, countersAt, effectiveNow, usedIn, type Counters } from '../../src/metering/counters.ts';

const at = (text: string): EpochMs => epochMs(Date.parse(text));
const text = (instant: EpochMs): string => new Date(instant).toISOString();

describe('the periods of UTC', () => {
  test.each([
    ['year', '2024-02-29T23:59:59.999Z', '2024-01-01T00:00:00.000Z', '2025-01-01T00:00:00.000Z'],
    ['month', '2024-02-29T23:59:59.999Z', '2024-02-01T00:00:00.000Z', '2024-03-01T00:00:00.000Z'],
    ['month', '2024-12-31T23:59:59.999Z', '2024-12-01T00:00:00.000Z', '2025-01-01T00:00:00.000Z'],
    ['week', '2024-03-03T23:59:59.999Z', '2024-02-26T00:00:00.000Z', '2024-03-04T00:00:00.000Z'],
    ['week', '2024-03-04T00:00:00.000Z', '2024-03-04T00:00:00.000Z', '2024-03-11T00:00:00.000Z'],
    ['week', '2026-01-01T12:00:00.000Z', '2025-12-29T00:00:00.000Z', '2026-01-05T00:00:00.000Z'],
    ['day', '2024-03-31T01:30:00.000Z', '2024-03-31T00:00:00.000Z', '2024-04-01T00:00:00.000Z'],
    ['hour', '2024-03-31T01:30:00.000Z', '2024-03-31T01:00:00.000Z', '2024-03-31T02:00:00.000Z'],
    ['minute', '2024-03-31T01:30:59.999Z', '2024-03-31T01:30:00.000Z', '2024-03-31T01:31:00.000Z'],
    ['week', '1969-12-28T00:00:00.000Z', '1969-12-22T00:00:00.000Z', '1969-12-29T00:00:00.000Z'],
  ] as const)('the %s of %s', (period, instant, start, end) => {
    expect([text(periodStart(period, at(instant))), text(periodEnd(period, at(instant)))]).toEqual([start, end]);
  });

  test('eternity has no ends', () => {
    expect([periodStart('eternity', at('2024-01-01')), periodEnd('eternity', at('2024-01-01'))]).toEqual([
      -Infinity,
      Infinity,
    ]);
  });
});

/** Counts by looking at every use ever made. */
class Model {
  readonly #uses: {
    readonly metric: number;
    readonly amount: number;
    readonly at: EpochMs;
    readonly madeAt: EpochMs;
  }[] = [];

  add(metric: number, amount: number, usedAt: EpochMs, madeAt: EpochMs): void {
    this.#uses.push({ metric, amount, at: usedAt, madeAt });
  }

  used(metric: number, period: (typeof PERIODS)[number], now: EpochMs): number {
    return this.#uses
      .filter((use) => use.metric === metric && periodStart(period, use.at) === periodStart(period, now))
      .reduce((sum, use) => sum + use.amount, 0);
  }
}

const HOUR = 3_600_000;
const steps = fc.array(
  fc.record({
    // How far the clock goes on: within a minute, over some minutes, over days and months.
    wait: fc.oneof(fc.nat(30_000), fc.nat(10 * 60_000), fc.nat(30 * HOUR), fc.nat(40 * 24 * HOUR)),
    metric: fc.integer({ min: 1, max: 3 }),
    amount: fc.nat(5),
    // When it was used, seen from then: a day before to an hour after, as reports may.
    offset: fc.oneof(
      fc.constant(0),
      fc.integer({ min: -24 * HOUR, max: HOUR }),
      fc.integer({ min: -120_000, max: 120_000 }),
    ),
  }),
  { maxLength: 40 },
);

test('equal those of a model that remembers everything, over months, with late and early usage', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4 * 365 * 24 * HOUR }), steps, (start, taken) => {
      const model = new Model();
      let now = epochMs(at('2023-01-01T00:00:00Z') + start);
      let stored: Counters | null = null;
      for (const { wait, metric, amount, offset } of taken) {
        now = epochMs(now + wait);
        const usedAt = epochMs(now + offset);
        const counters: Counters = countersAt(stored, now);
        // As it travels through the store.
        stored = JSON.parse(JSON.stringify(charged(counters, [{ metricId: metric, amount }], usedAt, now))) as Counters;
        model.add(metric, amount, usedAt, now);
        for (const id of [1, 2, 3]) {
          for (const period of PERIODS) {
            expect([id, period, usedIn(stored, id, period)]).toEqual([id, period, model.used(id, period, now)]);
          }
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('hold nothing of periods that are over, however long they are kept', () => {
  let stored: Counters | null = null;
  let now = at('2024-01-01T00:00:30Z');
  for (let hour = 0; hour < 5000; hour += 1) {
    stored = charged(countersAt(stored, now), [{ metricId: 1, amount: 1 }], epochMs(now + 59 * 60_000), now);
    now = epochMs(now + HOUR);
  }
  expect(JSON.stringify(stored).length).toBeLessThan(400);
});

test('usage far ahead counts in what runs, and not in what has not begun', () => {
  const now = at('2024-03-09T10:00:00Z');
  const stored = charged(countersAt(null, now), [{ metricId: 1, amount: 7 }], at('2024-03-11T10:00:00Z'), now);
  expect(PERIODS.map((period) => usedIn(stored, 1, period))).toEqual([7, 7, 7, 0, 0, 0, 0]);
  expect(usedIn(countersAt(stored, at('2024-03-11T10:00:00Z')), 1, 'day')).toBe(0);
});

describe('clocks', () => {
  const noon = at('2024-03-09T12:00:00.500Z');
  const stored = charged(countersAt(null, noon), [{ metricId: 1, amount: 4 }], noon, noon);

  test('a node whose clock is a little behind decides in the period that the others are in', () => {
    const behind = at('2024-03-09T11:59:59Z');
    const counters = countersAt(stored, behind);
    expect(text(effectiveNow(counters, behind))).toBe('2024-03-09T12:00:00.000Z');
    expect(usedIn(counters, 1, 'minute')).toBe(4);
  });

  test('a clock that was set back starts its own hour, and goes on with the day', () => {
    const counters = countersAt(stored, at('2024-03-09T09:00:00Z'));
    expect(PERIODS.map((period) => usedIn(counters, 1, period))).toEqual([4, 4, 4, 4, 4, 0, 0]);
  });

  test('amounts that no number holds exactly stay at the largest one', () => {
    const huge = charged(stored, [{ metricId: 1, amount: Number.MAX_SAFE_INTEGER }], noon, noon);
    expect(usedIn(huge, 1, 'eternity')).toBe(Number.MAX_SAFE_INTEGER);
  });
});
