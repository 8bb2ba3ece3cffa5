import type { Problem } from '../../../domain/problem.ts';
import type { CalendarQuestion, Filter } from '../../../domain/question.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import type { OrganizationId } from '../../../domain/scope.ts';
import { isStreamName, streamNames } from '../../../domain/streams/index.ts';
import type { Bucketing } from '../../../domain/time/buckets.ts';
import { isStorable, STORABLE, type EpochMs, type TimeRange, type ZoneId } from '../../../domain/time/instant.ts';
import { parseRfc3339 } from '../../../domain/time/rfc3339.ts';
import { parseZone } from '../../../domain/time/zones.ts';
import type { QueryRequest } from '../wire.ts';
import { before, EVERY_FORM, parseEvery } from './bucket-text.ts';

/** What a question of this caller starts from. */
export interface AskedBy {
  readonly now: EpochMs;
  /** Zone of buckets that name none. */
  readonly zone: ZoneId;
  /** Resolves names to organizations the caller may read; a problem names the one that is not. */
  readonly organizations: (
    names: readonly string[] | undefined,
    descendants: boolean,
  ) => Result<readonly OrganizationId[]>;
  /** One of those, for filters on the dimension `organization`. */
  readonly organization: (name: string) => OrganizationId | null;
}

/** Translates a query into the value every question is (design 5). Names of measures and the like are checked by it. */
export function questionFromWire(wire: QueryRequest, by: AskedBy): Result<CalendarQuestion> {
  if (!isStreamName(wire.stream))
    return invalid('stream', `there is no such stream; there are ${streamNames.join(', ')}`);
  const bucket = bucketFromWire(wire.bucket, by.zone);
  if (!bucket.ok) return bucket;
  const range = rangeFromWire(wire, by.now, bucket.value?.zone ?? by.zone);
  if (!range.ok) return range;
  const organizations = by.organizations(wire.organizations, wire.descendants ?? false);
  if (!organizations.ok) return organizations;
  const filters = filtersFromWire(wire.filters ?? [], by);
  if (!filters.ok) return filters;
  return ok({
    stream: wire.stream,
    scope: { organizations: organizations.value },
    range: range.value,
    bucket: bucket.value,
    measures: wire.measures,
    dimensions: wire.dimensions ?? [],
    filters: filters.value,
    ...(wire.order === undefined
      ? {}
      : { order: wire.order.map(({ by: name, direction = 'ascending' }) => ({ by: name, direction })) }),
    ...(wire.limit === undefined ? {} : { limit: wire.limit }),
    ...(wire.offset === undefined ? {} : { offset: wire.offset }),
    ...(wire.fill === undefined ? {} : { fill: wire.fill }),
  });
}

function bucketFromWire(bucket: QueryRequest['bucket'], usual: ZoneId): Result<Bucketing | null> {
  if (bucket === undefined) return ok(null);
  const every = parseEvery(bucket.every);
  if (every === null) return invalid('bucket.every', EVERY_FORM);
  const zone = bucket.zone === undefined ? usual : parseZone(bucket.zone);
  return zone === null ? invalid('bucket.zone', 'is no IANA time zone') : ok({ ...every, zone });
}

function rangeFromWire({ from, to, last }: QueryRequest, now: EpochMs, zone: ZoneId): Result<TimeRange> {
  if (last !== undefined) {
    if (from !== undefined || to !== undefined) return invalid('last', 'cannot stand beside from and to');
    const length = parseEvery(last);
    if (length === null) return invalid('last', EVERY_FORM);
    const start = before(now, length, zone);
    return start === null ? invalid('last', 'goes back further than the year 1900') : ok({ from: start, to: now });
  }
  if (from === undefined) return fail({ kind: 'missing_field', field: 'from' });
  const start = instant('from', from);
  if (!start.ok) return start;
  if (to === undefined) return fail({ kind: 'missing_field', field: 'to' });
  const end = instant('to', to);
  if (!end.ok) return end;
  return end.value < start.value ? invalid('to', 'lies before from') : ok({ from: start.value, to: end.value });
}

/** An instant that facts can have, or the end of them all. */
export function instant(field: string, text: string): Result<EpochMs> {
  const at = parseRfc3339(text);
  if (at === null) return invalid(field, 'has to be an RFC 3339 time with offset, such as 2026-11-21T10:00:00Z');
  if (!isStorable(at) && at !== STORABLE.to) return invalid(field, 'has to lie in the years 1900 to 2299 (UTC)');
  return ok(at);
}

/** Organizations are named by uid or key outside and are numbers inside. */
function filtersFromWire(filters: NonNullable<QueryRequest['filters']>, by: AskedBy): Result<Filter[]> {
  const translated: Filter[] = [];
  for (const [index, { dimension, operator = 'in', values }] of filters.entries()) {
    if (dimension !== 'organization') {
      translated.push({ dimension, operator, values });
      continue;
    }
    const ids: number[] = [];
    for (const [position, value] of values.entries()) {
      const id = typeof value === 'string' ? by.organization(value) : null;
      if (id === null)
        return invalid(`filters[${index}].values[${position}]`, 'is none of the organizations that the key covers');
      ids.push(id);
    }
    translated.push({ dimension, operator, values: ids });
  }
  return ok(translated);
}

function invalid(field: string, reason: string): { readonly ok: false; readonly problem: Problem } {
  return fail({ kind: 'invalid_field', field, reason });
}
