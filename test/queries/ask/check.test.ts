import { describe, expect, test } from 'vitest';
import type { Question } from '../../../src/domain/question.ts';
import { organizationId } from '../../../src/domain/scope.ts';
import { dimensionsOf } from '../../../src/domain/streams/dimensions.ts';
import { streams } from '../../../src/domain/streams/index.ts';
import { epochMs } from '../../../src/domain/time/instant.ts';
import { UTC } from '../../../src/domain/time/zones.ts';
import { checkQuestion } from '../../../src/queries/ask/check.ts';

const good: Question = {
  stream: 'requests',
  scope: { organizations: [organizationId(1)] },
  range: { from: epochMs(0), to: epochMs(1) },
  bucket: null,
  measures: ['count'],
  dimensions: [],
  filters: [],
};

function problemOf(change: object): unknown {
  return checkQuestion({ ...good, ...change });
}

describe('a question names the field that is wrong', () => {
  test('a good question has no problem', () => {
    expect(checkQuestion(good)).toBeNull();
    expect(
      problemOf({
        bucket: { unit: 'day', count: 1, zone: UTC },
        measures: ['count', 'unique_urls'],
        dimensions: ['organization', 'service'],
        filters: [
          { dimension: 'status', operator: 'not_in', values: [404, null] },
          { dimension: 'url', operator: 'contains', values: ['%'] },
        ],
        order: [
          { by: 'bucket', direction: 'descending' },
          { by: 'unique_urls', direction: 'ascending' },
        ],
        limit: 0,
        offset: 7,
      }),
    ).toBeNull();
  });

  test('unknown names', () => {
    expect(problemOf({ stream: 'toString' })).toEqual({
      kind: 'invalid_field',
      field: 'stream',
      reason: 'unknown stream "toString"; there are requests, usage, sessions, events, visits, inventory',
    });
    expect(problemOf({ measures: ['count', 'hits'] })).toEqual({
      kind: 'invalid_field',
      field: 'measures[1]',
      reason:
        'unknown measure "hits"; there are count, rows, bytes, duration_ms, unique_users, unique_things, unique_ips, unique_urls',
    });
    expect(problemOf({ stream: 'inventory', measures: ['rows'], dimensions: ['service'] })).toEqual({
      kind: 'invalid_field',
      field: 'dimensions[0]',
      reason: 'unknown dimension "service"; there are organization, kind, uid',
    });
    expect(problemOf({ filters: [{ dimension: 'bytes', operator: 'in', values: [1] }] })).toMatchObject({
      field: 'filters[0].dimension',
    });
    expect(problemOf({ filters: [{ dimension: 'url', operator: 'like', values: ['a'] }] })).toMatchObject({
      field: 'filters[0].operator',
      reason: 'has to be one of in, not_in, contains, starts_with',
    });
    expect(problemOf({ order: [{ by: 'bytes', direction: 'ascending' }] })).toMatchObject({
      field: 'order[0].by',
      reason: '"bytes" is not part of the question',
    });
    expect(problemOf({ order: [{ by: 'bucket', direction: 'ascending' }] })).toMatchObject({ field: 'order[0].by' });
    expect(problemOf({ order: [{ by: 'count', direction: 'down' }] })).toMatchObject({ field: 'order[0].direction' });
  });

  test('no measure at all, or the same name twice', () => {
    expect(problemOf({ measures: [] })).toEqual({ kind: 'missing_field', field: 'measures' });
    expect(problemOf({ dimensions: ['url', 'url'] })).toMatchObject({
      field: 'dimensions[1]',
      reason: '"url" is named twice',
    });
  });

  test('values of another type than the dimension', () => {
    const filter = (dimension: string, operator: string, value: unknown): unknown =>
      problemOf({ filters: [{ dimension, operator, values: [value] }] });
    expect(filter('status', 'in', '200')).toEqual({
      kind: 'invalid_field',
      field: 'filters[0].values[0]',
      reason: 'has to be an integer from 100 to 599',
    });
    expect(filter('status', 'in', 0)).toMatchObject({ field: 'filters[0].values[0]' });
    expect(filter('status', 'in', 200.5)).toMatchObject({ field: 'filters[0].values[0]' });
    expect(filter('application', 'in', -1)).toMatchObject({ field: 'filters[0].values[0]' });
    expect(filter('url', 'in', 1)).toMatchObject({ field: 'filters[0].values[0]', reason: 'has to be a text' });
    expect(filter('status', 'starts_with', '2')).toMatchObject({ field: 'filters[0].operator' });
    expect(filter('url', 'contains', null)).toMatchObject({ reason: 'may not be empty' });
    expect(filter('url', 'starts_with', '')).toMatchObject({ reason: 'may not be empty' });
  });

  test('too many values, too much text', () => {
    const many = Array.from({ length: 10_001 }, (_, index) => `v${index}`);
    expect(problemOf({ filters: [{ dimension: 'url', operator: 'in', values: many }] })).toMatchObject({
      field: 'filters[0].values',
    });
    const long = ['x'.repeat(60_000), 'y'.repeat(60_000)];
    expect(problemOf({ filters: [{ dimension: 'url', operator: 'in', values: long }] })).toMatchObject({
      field: 'filters[0].values',
    });
  });

  test('ranges and numbers out of bounds', () => {
    expect(problemOf({ range: { from: 2, to: 1 } })).toMatchObject({ field: 'range.to' });
    expect(problemOf({ range: { from: NaN, to: 1 } })).toMatchObject({ field: 'range.from' });
    expect(problemOf({ range: { from: 0, to: 1e300 } })).toMatchObject({ field: 'range.to' });
    expect(problemOf({ limit: -1 })).toMatchObject({ field: 'limit' });
    expect(problemOf({ limit: 100_001 })).toMatchObject({ reason: 'has to be an integer from 0 to 100000' });
    expect(problemOf({ offset: 0.5 })).toMatchObject({ field: 'offset' });
    expect(problemOf({ bucket: { unit: 'fortnight', count: 1, zone: UTC } })).toMatchObject({ field: 'bucket.unit' });
    expect(problemOf({ bucket: { unit: 'day', count: 0, zone: UTC } })).toMatchObject({ field: 'bucket.count' });
  });

  test('a scope narrowed by what the stream does not have', () => {
    expect(problemOf({ scope: { organizations: 'all', only: { app: ['a'] } } })).toMatchObject({
      field: 'scope.only.app',
    });
  });
});

describe('declarations', () => {
  test('a name in an order means one thing only', () => {
    for (const stream of Object.values(streams)) {
      const names = ['bucket', ...dimensionsOf(stream).keys(), ...stream.measures.map(({ name }) => name)];
      expect(new Set(names).size, stream.name).toBe(names.length);
    }
  });

  test('rollups hold declared measures and dimensions, smallest first', () => {
    for (const stream of Object.values(streams)) {
      const dimensions = dimensionsOf(stream);
      for (const rollup of stream.rollups) {
        expect(rollup.dimensions.filter((name) => !dimensions.has(name))).toEqual([]);
        expect(rollup.measures.filter((name) => !stream.measures.some((measure) => measure.name === name))).toEqual([]);
      }
      const sizes = stream.rollups.map(({ dimensions: { length } }) => length);
      expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
    }
  });
});
