import type { Services } from '../../dialect.ts';
import { DEFAULT_PERIOD, periodOf, type Period } from '../period/period.ts';
import type { AppRead } from '../read/app-read.ts';

/** A member of an answer of v2, and the period it shows. */
export interface Block {
  readonly name: string;
  readonly period: Period;
}

/** The three blocks of contract 4, or with another `period` the one that it names. */
export function blocksOf({ app, parameters }: AppRead, { clock }: Pick<Services, 'clock'>): readonly Block[] {
  const now = clock.now();
  const period = periodOf(parameters.get('period'), now, app.zone);
  if (period.name !== DEFAULT_PERIOD) return [{ name: period.name, period }];
  return [
    { name: DEFAULT_PERIOD, period },
    { name: '7days', period: periodOf('7days', now, app.zone) },
    { name: 'today', period: periodOf('hour', now, app.zone) },
  ];
}
