import { describe, expect, test } from 'vitest';
import type { CalendarQuestion } from '../../../src/domain/question.ts';
import { organizationId } from '../../../src/domain/scope.ts';
import { streams } from '../../../src/domain/streams/index.ts';
import { bucketEdges, type BucketUnit } from '../../../src/domain/time/buckets.ts';
import { epochMs, type TimeRange } from '../../../src/domain/time/instant.ts';
import { parseZone } from '../../../src/domain/time/zones.ts';
import { planOf } from '../../../src/queries/ask/plan.ts';

/** Sources of the answer as text: table and ranges. */
function planned(change: Partial<CalendarQuestion> & { range: TimeRange }): string[] {
  const question: CalendarQuestion = {
    stream: 'requests',
    scope: { organizations: [organizationId(1)] },
    bucket: null,
    measures: ['count'],
    dimensions: [],
    filters: [],
    ...change,
  };
  const found = question.bucket === null ? null : bucketEdges(question.range, question.bucket, 100_000);
  const plan = planOf(streams[question.stream], question, found?.ok === true ? found.edges : []);
  const line = (table: string, { from, to }: TimeRange): string =>
    `${table} ${new Date(from).toISOString()} ${new Date(to).toISOString()}`;
  return [
    ...(plan.rollup === null ? [] : [line(plan.rollup.declaration.table, plan.rollup.range)]),
    ...plan.raw.map((range) => line(question.stream, range)),
  ];
}

const range = (from: string, to: string): TimeRange => ({
  from: epochMs(Date.parse(from)),
  to: epochMs(Date.parse(to)),
});
const bucket = (unit: BucketUnit, zone: string, count = 1): CalendarQuestion['bucket'] => {
  const known = parseZone(zone);
  if (known === null) throw new Error(zone);
  return { unit, count, zone: known };
};
const DAY = range('2025-06-02T00:00:00Z', '2025-06-03T00:00:00Z');

describe('where the rows of an answer come from', () => {
  test('the smallest rollup that has everything', () => {
    const requests = 'requests_by_service_15m 2025-06-02T00:00:00.000Z 2025-06-03T00:00:00.000Z';
    expect(planned({ range: DAY })).toEqual([requests]);
    expect(
      planned({ range: DAY, dimensions: ['organization', 'service'], measures: ['duration_ms', 'bytes'] }),
    ).toEqual([requests]);
    const wider = ['requests_15m 2025-06-02T00:00:00.000Z 2025-06-03T00:00:00.000Z'];
    expect(planned({ range: DAY, dimensions: ['cache'] })).toEqual(wider);
    expect(planned({ range: DAY, filters: [{ dimension: 'status', operator: 'in', values: [500] }] })).toEqual(wider);
    expect(planned({ range: DAY, scope: { organizations: 'all', only: { cache: ['HIT'] } } })).toEqual(wider);
  });

  test('raw rows where no rollup has the dimension or the measure, or when told so', () => {
    const raw = ['requests 2025-06-02T00:00:00.000Z 2025-06-03T00:00:00.000Z'];
    expect(planned({ range: DAY, dimensions: ['url'] })).toEqual(raw);
    expect(planned({ range: DAY, measures: ['count', 'unique_users'] })).toEqual(raw);
    expect(planned({ range: DAY, rollups: 'never' })).toEqual(raw);
  });

  test('what sticks out of whole slots comes from raw rows', () => {
    expect(planned({ range: range('2025-06-02T08:07:30.001Z', '2025-06-02T10:00:00.001Z') })).toEqual([
      'requests_by_service_15m 2025-06-02T08:15:00.000Z 2025-06-02T10:00:00.000Z',
      'requests 2025-06-02T08:07:30.001Z 2025-06-02T08:15:00.000Z',
      'requests 2025-06-02T10:00:00.000Z 2025-06-02T10:00:00.001Z',
    ]);
    expect(planned({ range: range('1969-12-31T23:50:00Z', '1970-01-01T00:20:00Z') })).toEqual([
      'requests_by_service_15m 1970-01-01T00:00:00.000Z 1970-01-01T00:15:00.000Z',
      'requests 1969-12-31T23:50:00.000Z 1970-01-01T00:00:00.000Z',
      'requests 1970-01-01T00:15:00.000Z 1970-01-01T00:20:00.000Z',
    ]);
  });

  test('no whole slot inside: raw rows alone', () => {
    expect(planned({ range: range('2025-06-02T08:01:00Z', '2025-06-02T08:29:00Z') })).toEqual([
      'requests 2025-06-02T08:01:00.000Z 2025-06-02T08:29:00.000Z',
    ]);
  });

  test('buckets of whole slots in any zone of today, 45-minute offsets included', () => {
    expect(planned({ range: DAY, bucket: bucket('hour', 'Asia/Kathmandu') })).toHaveLength(1);
    expect(planned({ range: DAY, bucket: bucket('day', 'Asia/Kathmandu') })[0]).toMatch(/^requests_by_service_15m /);
    expect(planned({ range: DAY, bucket: bucket('minute', 'UTC', 15) })[0]).toMatch(/^requests_by_service_15m /);
  });

  test('buckets that begin inside a slot: raw rows', () => {
    expect(planned({ range: DAY, bucket: bucket('minute', 'UTC', 10) })[0]).toMatch(/^requests 2/);
    const liberia = range('1971-06-01T00:00:00Z', '1971-06-03T00:00:00Z');
    expect(planned({ range: liberia, bucket: bucket('day', 'Africa/Monrovia') })[0]).toMatch(/^requests 1971/);
  });

  test('edges outside of the range do not matter', () => {
    const minute = range('2025-06-02T08:15:00Z', '2025-06-02T08:30:00Z');
    expect(planned({ range: minute, bucket: bucket('minute', 'UTC', 20) })).toEqual([
      'requests 2025-06-02T08:15:00.000Z 2025-06-02T08:30:00.000Z',
    ]);
    expect(planned({ range: minute, bucket: bucket('minute', 'UTC', 40) })).toEqual([
      'requests_by_service_15m 2025-06-02T08:15:00.000Z 2025-06-02T08:30:00.000Z',
    ]);
  });
});
