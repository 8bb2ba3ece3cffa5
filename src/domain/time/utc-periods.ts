import { civilFromDays, daysFromCivil } from './civil.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './durations.ts';
import { epochMs, type EpochMs } from './instant.ts';

/** Calendar periods of UTC that usage is limited in, the longest first. */
export const PERIODS = ['eternity', 'year', 'month', 'week', 'day', 'hour', 'minute'] as const;

export type Period = (typeof PERIODS)[number];

/** 1970-01-01 was a Thursday: weeks begin on Mondays, three days before. */
const DAYS_FROM_MONDAY_TO_1970 = 3;

/** When the period that holds `at` began; eternity began before every instant. */
export function periodStart(period: Period, at: EpochMs): EpochMs {
  switch (period) {
    case 'eternity':
      return epochMs(-Infinity);
    case 'minute':
      return floor(at, MINUTE_MS);
    case 'hour':
      return floor(at, HOUR_MS);
    case 'day':
      return floor(at, DAY_MS);
    case 'week': {
      const days = Math.floor(at / DAY_MS) + DAYS_FROM_MONDAY_TO_1970;
      return epochMs((Math.floor(days / 7) * 7 - DAYS_FROM_MONDAY_TO_1970) * DAY_MS);
    }
    case 'month': {
      const { year, month } = civilFromDays(Math.floor(at / DAY_MS));
      return epochMs(daysFromCivil(year, month, 1) * DAY_MS);
    }
    case 'year':
      return epochMs(daysFromCivil(civilFromDays(Math.floor(at / DAY_MS)).year, 1, 1) * DAY_MS);
  }
}

/** When the next period begins; eternity never ends. */
export function periodEnd(period: Period, at: EpochMs): EpochMs {
  const start = periodStart(period, at);
  switch (period) {
    case 'eternity':
      return epochMs(Infinity);
    case 'minute':
      return epochMs(start + MINUTE_MS);
    case 'hour':
      return epochMs(start + HOUR_MS);
    case 'day':
      return epochMs(start + DAY_MS);
    case 'week':
      return epochMs(start + 7 * DAY_MS);
    case 'month': {
      const { year, month } = civilFromDays(start / DAY_MS);
      return epochMs(daysFromCivil(month === 12 ? year + 1 : year, month === 12 ? 1 : month + 1, 1) * DAY_MS);
    }
    case 'year':
      return epochMs(daysFromCivil(civilFromDays(start / DAY_MS).year + 1, 1, 1) * DAY_MS);
  }
}

function floor(at: EpochMs, step: number): EpochMs {
  return epochMs(Math.floor(at / step) * step);
}
