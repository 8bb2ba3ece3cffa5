import type { Clock } from '../../../domain/time/clock.ts';
import { civilFromDays, daysFromCivil } from '../../../domain/time/civil.ts';
import type { TimeRange } from '../../../domain/time/instant.ts';
import { dayOf, periodOf, rangeOf } from '../period/period.ts';
import type { AppRead } from '../read/app-read.ts';
import { text } from '../transport/parameters.ts';
import { dayPath, type DayPath } from './time-tree.ts';

/** What of a tree is asked for. */
export interface TreeWindow {
  /** Whole months of the app's calendar; null for everything (contract 3.7). */
  readonly range: TimeRange | null;
  /** The running day, when only that is asked for (contract 3.5). */
  readonly today: DayPath | null;
}

export function windowOf({ app, parameters }: AppRead, clock: Clock): TreeWindow {
  const now = clock.now();
  if (text(parameters, 'action') === 'refresh') return { range: null, today: dayPath(dayOf(now, app.zone)) };
  const sent = parameters.get('period');
  if (sent === undefined || sent === null || sent === '') return { range: null, today: null };
  const { current, previous } = periodOf(sent, now, app.zone);
  const first = civilFromDays(Math.min(current.from, previous.from));
  const last = civilFromDays(Math.max(current.to, previous.to) - 1);
  const from = daysFromCivil(first.year, first.month, 1);
  const to = last.month === 12 ? daysFromCivil(last.year + 1, 1, 1) : daysFromCivil(last.year, last.month + 1, 1);
  return { range: rangeOf({ from, to }, app.zone), today: null };
}
