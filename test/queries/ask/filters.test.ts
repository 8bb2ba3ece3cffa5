import { beforeAll, describe, expect, test } from 'vitest';
import type { Filter } from '../../../src/domain/question.ts';
import type { OrganizationId } from '../../../src/domain/scope.ts';
import { worldOf, range, scope, table } from '../world.ts';
import { factsEngines } from '../../support/facts.ts';

describe.each(factsEngines)('$name', (engine) => {
  const world = worldOf(engine);
  let north: OrganizationId;
  const URLS = [
    '/100%',
    '/1000',
    '/a_b',
    '/aXb',
    '/ABC',
    '/abc',
    '/it’s',
    "/it's",
    '/back\\slash',
    '/größe',
    '/😀',
    "' OR 1=1 --",
    '/tab\tnull\0end',
  ];
  beforeAll(async () => {
    north = world.newOrganization();
    const at = { time: '2025-06-02T08:00:00Z', service: 's' };
    await world.insert('requests', north, [
      ...URLS.map((url, index) => ({ ...at, url, status: 200 + index, application: 2 ** 52 + index })),
      { ...at },
    ]);
  });

  async function urls(...filters: readonly Filter[]): Promise<unknown[]> {
    const answer = await world.ask({
      stream: 'requests',
      scope: scope(north),
      range: range('2025-06-02T00:00:00Z', '2025-06-03T00:00:00Z'),
      measures: ['rows'],
      dimensions: ['url'],
      filters,
    });
    return table(answer).map(([url]) => url);
  }

  const url = (operator: Filter['operator'], ...values: Filter['values']): Filter => ({
    dimension: 'url',
    operator,
    values,
  });

  describe('filters', () => {
    test('in: any of the values, exactly as written', async () => {
      expect(await urls(url('in', '/abc', '/größe', '/nowhere'))).toEqual(['/abc', '/größe']);
      for (const each of URLS) expect(await urls(url('in', each))).toEqual([each]);
    });

    test('null is the absent value', async () => {
      expect(await urls(url('in', null, '/abc'))).toEqual([null, '/abc']);
      expect(await urls(url('not_in', null))).toHaveLength(URLS.length);
      expect(await urls({ dimension: 'status', operator: 'in', values: [null] })).toEqual([null]);
      expect(await urls({ dimension: 'status', operator: 'not_in', values: [null, 201] })).toHaveLength(
        URLS.length - 1,
      );
    });

    test('not_in keeps rows without a value', async () => {
      expect(await urls(url('not_in', ...URLS.slice(1)))).toEqual([null, '/100%']);
    });

    test('no values: in matches nothing, not_in everything', async () => {
      expect(await urls(url('in'))).toEqual([]);
      expect(await urls(url('contains'))).toEqual([]);
      expect(await urls(url('not_in'))).toHaveLength(URLS.length + 1);
    });

    test('contains and starts_with take their text literally, in its case', async () => {
      expect(await urls(url('contains', '%'))).toEqual(['/100%']);
      expect(await urls(url('contains', 'a_b'))).toEqual(['/a_b']);
      expect(await urls(url('starts_with', '/a_'))).toEqual(['/a_b']);
      expect(await urls(url('contains', 'BC'))).toEqual(['/ABC']);
      expect(await urls(url('contains', '\\'))).toEqual(['/back\\slash']);
      expect(await urls(url('contains', 'ö', '😀'))).toEqual(['/größe', '/😀']);
      expect(await urls(url('contains', '\0end'))).toEqual(['/tab\tnull\0end']);
      expect(await urls(url('starts_with', "'"))).toEqual(["' OR 1=1 --"]);
      expect(await urls(url('contains', 'null'))).toEqual(['/tab\tnull\0end']);
    });

    test('a filter on a column of few values', async () => {
      expect(await urls({ dimension: 'service', operator: 'starts_with', values: ['S'] })).toEqual([]);
      expect(await urls({ dimension: 'service', operator: 'contains', values: ['s'] })).toHaveLength(URLS.length + 1);
    });

    test('several filters have to hold together', async () => {
      expect(await urls(url('starts_with', '/a'), url('not_in', '/abc'), url('contains', 'b'))).toEqual([
        '/aXb',
        '/a_b',
      ]);
    });

    test('integers up to 2^53 are exact', async () => {
      expect(await urls({ dimension: 'application', operator: 'in', values: [2 ** 52 + 1] })).toEqual(['/1000']);
    });

    test('thousands of values', async () => {
      const many = Array.from({ length: 9_000 }, (_, index) => `/none${index}`);
      expect(await urls(url('in', ...many, '/abc'))).toEqual(['/abc']);
      expect(await urls(url('contains', ...many.slice(0, 500), 'abc'))).toEqual(['/abc']);
    });
  });
});
