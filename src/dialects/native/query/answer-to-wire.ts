import type { Answer, AnswerRow, CalendarQuestion } from '../../../domain/question.ts';
import type { OrganizationId } from '../../../domain/scope.ts';
import type { EpochMs } from '../../../domain/time/instant.ts';
import { formatRfc3339Utc, formatWithOffset } from '../../../domain/time/rfc3339.ts';
import type { QueryAnswer } from '../wire.ts';

type WireRow = QueryAnswer['rows'][number];
type WireValue = WireRow[string];

/** Writes an answer: rows as objects, buckets in the local time of their zone, organizations by their uid. */
export function answerToWire(
  answer: Answer,
  { bucket, dimensions, measures }: CalendarQuestion,
  uidOf: (organization: OrganizationId) => string | null,
): QueryAnswer {
  const local = (at: EpochMs): string => (bucket === null ? formatRfc3339Utc(at) : formatWithOffset(at, bucket.zone));
  const buckets = answer.buckets.map(({ from, to, complete }) => ({ start: local(from), end: local(to), complete }));

  const rowToWire = (row: AnswerRow): WireRow => {
    const wire: WireRow = {};
    if (row.bucket >= 0) wire['bucket'] = buckets[row.bucket]?.start ?? null;
    dimensions.forEach((name, index) => {
      const value = row.dimensions[index] ?? null;
      wire[name] = name === 'organization' ? uidOf(Number(value) as OrganizationId) : value;
    });
    measures.forEach((name, index) => {
      wire[name] = exact(row.measures[index] ?? null);
    });
    return wire;
  };

  return {
    rows: answer.rows.map(rowToWire),
    from: formatRfc3339Utc(answer.range.from),
    to: formatRfc3339Utc(answer.range.to),
    zone: bucket === null ? null : bucket.zone,
    buckets,
    watermark: formatRfc3339Utc(answer.watermark),
    ...(answer.totalRows === undefined ? {} : { total_rows: answer.totalRows }),
  };
}

/** Integers that JSON readers would round travel as texts. */
export function exact(value: number | bigint | null): WireValue {
  if (typeof value !== 'bigint') return value;
  return value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER ? Number(value) : String(value);
}
