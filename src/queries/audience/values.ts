import type { TimeRange } from '../../domain/time/instant.ts';
import type { FactsStore, ReadLimits } from '../../store/facts/facts-store.ts';
import { column, tupleOf, type Rows } from '../../store/facts/rows.ts';
import type { AudienceApp } from './audience-app.ts';
import { SESSION_TABLES, type FirstOf } from './calendar.ts';
import { readExtent } from './extent.ts';
import { localClockOf, localDay } from './local-clock.sql.ts';
import { readUserLinks } from './user-links.ts';
import type { ValueKind } from './value-kind.ts';
import { firstValueTotalsSql, topValuesSql, valueSessionsSql, valuesSql, valueTotalsSql } from './values.sql.ts';

/** One value on one local day (days since 1970-01-01). */
export interface ValueDay extends FirstOf {
  /** As it was sent; '' only of countries: none was found. */
  readonly value: string;
  readonly day: number;
  readonly sessions: number;
  /** Users whose first session ever lies here and carried the value. */
  readonly newUsers: number;
}

/** The values with the most sessions; more are not listed. */
export const MAX_VALUES = 1_000;

/** Values by local day; `FirstOf` counts the users whose first session *with the value* lies here. */
export async function readValues(
  facts: FactsStore,
  app: AudienceApp,
  kind: ValueKind,
  range: TimeRange | null,
  read: ReadLimits,
): Promise<ValueDay[]> {
  const [extent, links, top] = await Promise.all([
    readExtent(facts, app, SESSION_TABLES, read),
    readUserLinks(facts, app, read),
    facts.query(topValuesSql(app, kind, range, MAX_VALUES), { ...read, rows: tupleOf(column.text) }),
  ]);
  if (extent === null || top.length === 0) return [];
  const values = top.map(([value]) => value);
  const { integer } = column;
  const days = await facts.query(valuesSql({ app, links, kind }, values, range, localClockOf(app.zone, extent)), {
    ...read,
    rows: tupleOf(integer, integer, integer, integer, integer, integer, integer, integer, integer),
  });
  return days.map(([value, day, sessions, newUsers, ofDay, ofWeek, ofMonth, ofYear, ofRange]) => ({
    value: values[value - 1] ?? '',
    day: localDay(day),
    sessions,
    newUsers,
    ofDay,
    ofWeek,
    ofMonth,
    ofYear,
    ofRange,
  }));
}

export interface ValueTotals {
  readonly value: string;
  /** In the order of the ranges. */
  readonly ranges: readonly { readonly sessions: number; readonly users: number; readonly newUsers: number }[];
}

/** Every value that occurs in one of the ranges, in no order. At least one range. */
export async function readValueTotals(
  facts: FactsStore,
  app: AudienceApp,
  kind: ValueKind,
  ranges: readonly TimeRange[],
  read: ReadLimits,
): Promise<ValueTotals[]> {
  const links = await readUserLinks(facts, app, read);
  const asked = { app, links, kind };
  const [totals, firsts] = await Promise.all([
    facts.query(valueTotalsSql(asked, ranges), { ...read, rows: VALUE_AND_COUNTS }),
    facts.query(firstValueTotalsSql(asked, ranges), { ...read, rows: VALUE_AND_COUNTS }),
  ]);
  const newUsers = new Map(firsts.map(({ value, counts }) => [value, counts]));
  return totals.map(({ value, counts }) => ({
    value,
    ranges: ranges.map((_, index) => ({
      sessions: counts[2 * index] ?? 0,
      users: counts[2 * index + 1] ?? 0,
      newUsers: newUsers.get(value)?.[index] ?? 0,
    })),
  }));
}

export interface ValueSessions {
  readonly value: string;
  /** In the order of the ranges. */
  readonly sessions: readonly number[];
}

/** The sessions alone of every value that occurs in one of the ranges, in no order: for lists of the top values. */
export function readValueSessions(
  facts: FactsStore,
  app: AudienceApp,
  kind: ValueKind,
  ranges: readonly TimeRange[],
  read: ReadLimits,
): Promise<ValueSessions[]> {
  const rows: Rows<ValueSessions> = {
    reader:
      () =>
      ([value, ...counts]) => ({ value: column.text(value), sessions: counts.map(column.integer) }),
  };
  return facts.query(valueSessionsSql(app, kind, ranges), { ...read, rows });
}

const VALUE_AND_COUNTS: Rows<{ value: string; counts: number[] }> = {
  reader:
    () =>
    ([value, ...counts]) => ({ value: column.text(value), counts: counts.map(column.integer) }),
};
