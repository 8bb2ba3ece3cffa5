import { civilFromDays, daysFromCivil } from '../../../domain/time/civil.ts';
import type { RetentionRule, RetentionUnit } from '../../../queries/retention/rule.ts';
import type { Services } from '../../dialect.ts';
import { dayOf, daysBetween, type Days } from '../period/period.ts';
import type { AppRead } from '../read/app-read.ts';
import type { ReadMethod } from '../read/read-endpoint.ts';
import type { Answer } from '../transport/answer.ts';
import { text } from '../transport/parameters.ts';

const UNITS: Readonly<Record<string, RetentionUnit>> = { adaily: 'day', aweekly: 'week', amonthly: 'month' };
const RULES: Readonly<Record<string, RetentionRule>> = { full: 'every', classic: 'exact', unbounded: 'later' };
const SESSION = '[CLY]_session';
const DEFAULT_SPAN = 10;
/** Cohorts in one answer. */
const MAX_SPAN = 366;

/** `retention` (contract 3.8). */
export function retentionMethod(services: Pick<Services, 'retention' | 'clock'>): ReadMethod {
  return {
    summary: 'How many of those who came first in a day, week or month came again.',
    example: [
      { _id: '20140217', tu: 20, 1: 8, 2: 5 },
      { _id: '20140218', tu: 11, 1: 4 },
    ],
    run: (read) => answer(services, read),
  };
}

async function answer(
  { retention, clock }: Pick<Services, 'retention' | 'clock'>,
  { app, parameters }: AppRead,
): Promise<Answer> {
  const unit = own(UNITS, text(parameters, 'period')) ?? 'day';
  const event = text(parameters, 'evt');
  const today = dayOf(clock.now(), app.zone);
  const asked = daysBetween(parameters.get('range'), app.zone);
  const days = asked === null ? lastUnits(unit, spanOf(text(parameters, 'span')), today) : limited(unit, asked, today);
  const cohorts = await retention.ask({
    app,
    unit,
    rule: own(RULES, text(parameters, 'rettype')) ?? 'every',
    event: event === '' || event === SESSION ? null : event,
    first: days.from,
    last: days.to - 1,
    today,
  });
  return {
    body: cohorts.map(({ day, users, retained }) => ({
      _id: dateOf(day),
      tu: users,
      ...Object.fromEntries(retained.map((count, index) => [index + 1, count])),
    })),
  };
}

function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function spanOf(sent: string): number {
  const span = /^\d{1,3}$/.test(sent) ? Number(sent) : 0;
  return span >= 1 && span <= MAX_SPAN ? span : DEFAULT_SPAN;
}

/** From a day of the first of `count` units up to today. */
function lastUnits(unit: RetentionUnit, count: number, today: number): Days {
  return { from: back(unit, count - 1, today), to: today + 1 };
}

/** The last of the units that are asked for, as many as there may be; none of them is to come. */
function limited(unit: RetentionUnit, asked: Days, today: number): Days {
  const to = Math.min(asked.to, today + 1);
  return { from: Math.max(asked.from, back(unit, MAX_SPAN - 1, to - 1)), to };
}

/** A day that lies some units before. */
function back(unit: RetentionUnit, count: number, day: number): number {
  if (unit === 'day') return day - count;
  if (unit === 'week') return day - 7 * count;
  const { year, month } = civilFromDays(day);
  const index = year * 12 + month - 1 - count;
  return daysFromCivil(Math.floor(index / 12), (index % 12) + 1, 1);
}

/** `20140217` */
function dateOf(day: number): string {
  const { year, month, day: ofMonth } = civilFromDays(day);
  return `${year}${String(month).padStart(2, '0')}${String(ofMonth).padStart(2, '0')}`;
}
