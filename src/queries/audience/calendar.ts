import type { TimeRange } from '../../domain/time/instant.ts';
import type { FactsStore, ReadLimits } from '../../store/facts/facts-store.ts';
import { column, tupleOf } from '../../store/facts/rows.ts';
import type { AudienceApp } from './audience-app.ts';
import { activitySql, sessionsSql } from './calendar.sql.ts';
import { readExtent } from './extent.ts';
import { localClockOf, localDay, localHour } from './local-clock.sql.ts';
import { readUserLinks } from './user-links.ts';

/**
 * An app's sessions over the local calendar. Hours are counted from 1970-01-01T00 and days from 1970-01-01 as the zone's
 * clock shows them; an hour that it shows twice is one. Everything is exact and of counted sessions in order of the time
 * they began; with a range, users are those of the range, while new, gap and ordinal look at the whole past.
 */
export interface Calendar {
  readonly hours: readonly CalendarHour[];
  readonly activity: readonly { readonly hour: number; readonly requests: number; readonly seconds: number }[];
  /** Sessions by the time since the user's session before (`classes.sql.ts`: 0 first ever … 11 31 days or more). */
  readonly gaps: readonly { readonly day: number; readonly class: number; readonly sessions: number }[];
  /** Users by which session of theirs the first of the bucket was (`classes.sql.ts`: 0 first … 8 500th or later). */
  readonly ordinals: readonly (FirstOf & { readonly day: number; readonly class: number })[];
  /** Closed sessions by length, at the day they were closed: 0 up to 10 s, 1 to 30, 60, 180, 600, 1800, 3600, 7 longer. */
  readonly lengths: readonly { readonly day: number; readonly class: number; readonly sessions: number }[];
}

/**
 * Users whose first session of the day (week, month, year, range) lies here: added up over the parts of a bucket they
 * are the bucket's unique users. Weeks are seven days from 1 January.
 */
export interface FirstOf {
  readonly ofDay: number;
  readonly ofWeek: number;
  readonly ofMonth: number;
  readonly ofYear: number;
  readonly ofRange: number;
}

export interface CalendarHour extends FirstOf {
  readonly hour: number;
  readonly sessions: number;
  /** Users whose first session ever lies here. */
  readonly newUsers: number;
  /** Unique users of the hour. */
  readonly users: number;
}

export const SESSION_TABLES = ['sessions_15m', 'early_requests_15m'];

const COUNTS = [column.integer, column.integer, column.integer, column.integer, column.integer] as const;

/** @param range half-open, from the start of an hour to the start of another; null for everything */
export async function readCalendar(
  facts: FactsStore,
  app: AudienceApp,
  range: TimeRange | null,
  read: ReadLimits,
): Promise<Calendar> {
  const [extent, links] = await Promise.all([
    readExtent(facts, app, SESSION_TABLES, read),
    readUserLinks(facts, app, read),
  ]);
  if (extent === null) return { hours: [], activity: [], gaps: [], ordinals: [], lengths: [] };
  const asked = { app, links, range, clock: localClockOf(app.zone, extent) };
  const [sessions, activity] = await Promise.all([
    facts.query(sessionsSql(asked), {
      ...read,
      rows: tupleOf(
        column.integer,
        column.integer,
        column.integer,
        column.integer,
        ...COUNTS,
        column.integer,
        column.integer,
      ),
    }),
    facts.query(activitySql(asked), {
      ...read,
      rows: tupleOf(column.integer, ...COUNTS),
    }),
  ]);

  const hours: CalendarHour[] = [];
  const gaps: Calendar['gaps'][number][] = [];
  const ordinals: Calendar['ordinals'][number][] = [];
  for (const row of sessions) {
    const [kind, bucket, group, counted, newUsers, users, ofDay, ofWeek, ofMonth, ofYear, ofRange] = row;
    const firsts = { ofDay, ofWeek, ofMonth, ofYear, ofRange };
    if (kind === 0) hours.push({ hour: localHour(bucket), sessions: counted, newUsers, users, ...firsts });
    else if (kind === 1) gaps.push({ day: localDay(bucket), class: group, sessions: counted });
    else ordinals.push({ day: localDay(bucket), class: group, ...firsts });
  }
  return {
    hours,
    gaps,
    ordinals,
    activity: activity.map(([hour, , requests, seconds]) => ({ hour: localHour(hour), requests, seconds })),
    lengths: activity
      .map(([hour, group, , , closed, reopened]) => ({
        day: Math.floor(localHour(hour) / 24),
        class: group - 1,
        sessions: closed - reopened,
      }))
      .filter((each) => each.class >= 0 && each.sessions !== 0),
  };
}
