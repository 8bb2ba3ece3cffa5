import { fail, ok, type Result } from '../../domain/result.ts';
import type { EpochMs, TimeRange } from '../../domain/time/instant.ts';
import type { FactsStore, ReadLimits } from '../../store/facts/facts-store.ts';
import { storeProblem } from '../store-problem.ts';
import type { AudienceApp } from './audience-app.ts';
import { readCalendar, type Calendar } from './calendar.ts';
import { readEventTotals, type EventTotal } from './event-totals.ts';
import { readEventKeys, readEventSeries, type EventKey, type EventSeries } from './events.ts';
import { readTotals, type Totals } from './totals.ts';
import { readUniqueUsers, type UniqueUsers } from './unique-users.ts';
import type { ValueKind } from './value-kind.ts';
import {
  readValues,
  readValueSessions,
  readValueTotals,
  type ValueDay,
  type ValueSessions,
  type ValueTotals,
} from './values.ts';

export interface AudienceContext {
  /** Dialect and question; appears in the engine's query log. */
  readonly tag: string;
  readonly signal?: AbortSignal;
}

/**
 * Questions about the users of one app: their sessions, what these carried, and events. A read sees everything
 * acknowledged before it. Each returns `query_limit`, `overloaded`, `facts_unavailable` or `records_unavailable` when
 * the stores cannot answer.
 */
export interface Audience {
  /** @param range half-open, null for everything */
  calendar(app: AudienceApp, range: TimeRange | null, context: AudienceContext): Promise<Result<Calendar>>;
  values(
    app: AudienceApp,
    kind: ValueKind,
    range: TimeRange | null,
    context: AudienceContext,
  ): Promise<Result<ValueDay[]>>;
  totals(app: AudienceApp, ranges: readonly TimeRange[], context: AudienceContext): Promise<Result<Totals[]>>;
  valueTotals(
    app: AudienceApp,
    kind: ValueKind,
    ranges: readonly TimeRange[],
    context: AudienceContext,
  ): Promise<Result<ValueTotals[]>>;
  /** Sessions alone, in the cheapest way. */
  valueSessions(
    app: AudienceApp,
    kind: ValueKind,
    ranges: readonly TimeRange[],
    context: AudienceContext,
  ): Promise<Result<ValueSessions[]>>;
  uniqueUsers(app: AudienceApp, range: TimeRange, context: AudienceContext): Promise<Result<UniqueUsers>>;
  eventKeys(app: AudienceApp, context: AudienceContext): Promise<Result<EventKey[]>>;
  eventTotals(app: AudienceApp, range: TimeRange, context: AudienceContext): Promise<Result<EventTotal[]>>;
  eventSeries(
    app: AudienceApp,
    keys: readonly string[],
    asked: { readonly range: TimeRange | null; readonly segments: 'none' | 'all' | { readonly name: string } },
    context: AudienceContext,
  ): Promise<Result<EventSeries>>;
}

export interface AudienceParts {
  readonly facts: FactsStore;
  /** Waits, within its bound, for the rows acknowledged so far. */
  readonly barrier: () => Promise<EpochMs>;
  readonly limits?: Pick<ReadLimits, 'timeoutMs' | 'maxMemoryBytes'>;
}

export function createAudience({ facts, barrier, limits = {} }: AudienceParts): Audience {
  async function answer<T>(context: AudienceContext, read: (limits: ReadLimits) => Promise<T>): Promise<Result<T>> {
    try {
      await barrier();
      const { tag, signal } = context;
      return ok(await read({ ...limits, tag, ...(signal === undefined ? {} : { signal }) }));
    } catch (error) {
      const problem = storeProblem(error);
      if (problem === null) throw error;
      return fail(problem);
    }
  }

  return {
    calendar: (app, range, context) => answer(context, (read) => readCalendar(facts, app, range, read)),
    values: (app, kind, range, context) => answer(context, (read) => readValues(facts, app, kind, range, read)),
    totals: (app, ranges, context) => answer(context, (read) => readTotals(facts, app, ranges, read)),
    valueTotals: (app, kind, ranges, context) =>
      answer(context, (read) => readValueTotals(facts, app, kind, ranges, read)),
    valueSessions: (app, kind, ranges, context) =>
      answer(context, (read) => readValueSessions(facts, app, kind, ranges, read)),
    uniqueUsers: (app, range, context) => answer(context, (read) => readUniqueUsers(facts, app, range, read)),
    eventKeys: (app, context) => answer(context, (read) => readEventKeys(facts, app, read)),
    eventTotals: (app, range, context) => answer(context, (read) => readEventTotals(facts, app, range, read)),
    eventSeries: (app, keys, asked, context) =>
      answer(context, (read) => readEventSeries(facts, app, keys, asked, read)),
  };
}
