import { civilFromDays, daysFromCivil } from '../../domain/time/civil.ts';
import type { EpochMs } from '../../domain/time/instant.ts';
import type { FactsStore, ReadLimits } from '../../store/facts/facts-store.ts';
import { column, tupleOf } from '../../store/facts/rows.ts';
import type { AudienceApp } from '../audience/audience-app.ts';
import { readExtent } from '../audience/extent.ts';
import { localHourOf } from '../audience/local-clock.sql.ts';
import { readUserLinks } from '../audience/user-links.ts';
import { retentionSql } from './retention.sql.ts';
import type { RetentionRule, RetentionUnit } from './rule.ts';

export interface RetentionQuestion {
  readonly app: AudienceApp;
  readonly unit: RetentionUnit;
  readonly rule: RetentionRule;
  /** Key of the event whose occurrence counts as activity; null for sessions. */
  readonly event: string | null;
  /** Local days since 1970-01-01 that lie in the first and in the last cohort's unit, and the day it is now. */
  readonly first: number;
  readonly last: number;
  readonly today: number;
}

export interface Cohort {
  /** First local day of the unit. */
  readonly day: number;
  /** Users whose first session ever lies in the unit. */
  readonly users: number;
  /** How many of them were retained in unit 1, 2, … up to the running one. */
  readonly retained: readonly number[];
}

export interface Retention {
  /** Cohorts with users, in order. Failures of a store are thrown; `storeProblem` understands them. */
  ask(question: RetentionQuestion): Promise<readonly Cohort[]>;
}

export interface RetentionParts {
  readonly facts: FactsStore;
  readonly barrier: () => Promise<EpochMs>;
  readonly limits?: Pick<ReadLimits, 'timeoutMs' | 'maxMemoryBytes'>;
}

/** In SQL local days are counted from here. */
const EPOCH_DAY = 36_525;
const TABLES = ['sessions_15m', 'early_requests_15m', 'event_values_15m'];
/** No cohort is followed for longer. */
const MAX_UNITS = 366;

export function createRetention({ facts, barrier, limits = {} }: RetentionParts): Retention {
  return {
    async ask({ app, unit, rule, event, first, last, today }) {
      await barrier();
      const read: ReadLimits = { ...limits, tag: 'retention' };
      const extent = await readExtent(facts, app, TABLES, read);
      if (extent === null) return [];
      const links = await readUserLinks(facts, app, read);
      const hourOf = localHourOf(app.zone, extent);
      const rows = await facts.query(
        retentionSql({ app, links, unit, rule, event, hourOf, first: first + EPOCH_DAY, last: last + EPOCH_DAY }),
        { ...read, rows: tupleOf(column.integer, column.integer, column.integer) },
      );
      const cohorts = new Map<number, Map<number, number>>();
      for (const [cohort, offset, users] of rows) {
        const offsets = cohorts.get(cohort) ?? new Map<number, number>();
        cohorts.set(cohort, offsets.set(offset, users));
      }
      const running = unitOfDay(unit, today);
      return [...cohorts]
        .toSorted(([a], [b]) => a - b)
        .map(([cohort, offsets]) => ({
          day: firstDayOf(unit, cohort),
          users: usersOf(rule, offsets),
          retained: retainedIn(rule, offsets, Math.min(running - cohort, MAX_UNITS)),
        }));
    },
  };
}

/** Number of the unit that holds a local day, as SQL counts them. */
function unitOfDay(unit: RetentionUnit, day: number): number {
  if (unit === 'day') return day + EPOCH_DAY;
  if (unit === 'week') return Math.floor((day + EPOCH_DAY + 4) / 7);
  const { year, month } = civilFromDays(day);
  return year * 12 + month - 1;
}

function firstDayOf(unit: RetentionUnit, number: number): number {
  if (unit === 'day') return number - EPOCH_DAY;
  if (unit === 'week') return number * 7 - 4 - EPOCH_DAY;
  return daysFromCivil(Math.floor(number / 12), (number % 12) + 1, 1);
}

function usersOf(rule: RetentionRule, offsets: ReadonlyMap<number, number>): number {
  return rule === 'exact' ? (offsets.get(0) ?? 0) : [...offsets.values()].reduce((sum, users) => sum + users, 0);
}

function retainedIn(rule: RetentionRule, offsets: ReadonlyMap<number, number>, units: number): number[] {
  const all = Array.from({ length: Math.max(units, 0) }, (_, index) => index + 1);
  if (rule === 'exact') return all.map((unit) => offsets.get(unit) ?? 0);
  return all.map((unit) => [...offsets].reduce((sum, [offset, users]) => (offset >= unit ? sum + users : sum), 0));
}
