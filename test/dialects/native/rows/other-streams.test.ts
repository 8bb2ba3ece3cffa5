import { describe, expect, test } from 'vitest';
import type { StreamName } from '../../../../src/domain/streams/index.ts';
import { parseRow } from '../support/parse-row.ts';

function row(stream: StreamName, members: string): unknown {
  return parseRow(stream, `{"time":"2026-11-21T10:00:00Z",${members}}`);
}

const KEPT = { organization: 7, id: '', time: '2026-11-21T10:00:00Z' };

describe('usage', () => {
  test('names product, application and metric of the directory', () => {
    expect(row('usage', '"product":"weather","application":41,"metric":"hits","value":0,"code":429')).toEqual({
      ...KEPT,
      product: 'weather',
      application: 41,
      metric: 'hits',
      value: 0,
      code: 429,
    });
  });

  test('may name a method where a metric is asked for', () => {
    expect(row('usage', '"product":"weather","application":"41","metric":"search"')).toMatchObject({
      metric: 'search',
    });
  });

  test.each([
    ['"product":"tides","application":41,"metric":"hits"', 'product', 'is no product of the organization'],
    ['"product":"weather","application":42,"metric":"hits"', 'application', 'is no application of the product'],
    ['"product":"weather","application":41,"metric":"hit"', 'metric', 'is no metric or method of the product'],
    ['"product":"weather","application":41,"metric":"__proto__"', 'metric', 'is no metric or method of the product'],
    ['"application":41,"metric":"hits"', 'product', 'is required'],
    ['"product":"weather","metric":"hits"', 'application', 'is required'],
    ['"product":"weather","application":41', 'metric', 'is required'],
  ])('%s is refused', (members, field, problem) => {
    expect(row('usage', members)).toEqual({ field, problem });
  });

  test('what belongs to one organization is unknown in another', () => {
    const members = '"organization":"NORTH_LAB","product":"weather","application":41,"metric":"hits"';
    expect(row('usage', members)).toEqual({ field: 'product', problem: 'is no product of the organization' });
  });

  test.each([
    ['value', '-1'],
    ['value', '1.5'],
    ['code', '99'],
    ['code', '"200"'],
  ])('%s cannot be %s', (field, value) => {
    expect(row('usage', `"product":"weather","application":41,"metric":"hits","${field}":${value}`)).toHaveProperty(
      'field',
      field,
    );
  });
});

describe('events', () => {
  const app = '"app":"5f0000000000000000000001"';

  test('keep sum, duration and segmentation as they came', () => {
    expect(
      row(
        'events',
        `${app},"device":"d1","key":"purchase","count":2,"sum":-4.99,"duration":0.5,
        "segmentation":{"plan":"pro","build":1.5,"paid":true}`,
      ),
    ).toEqual({
      ...KEPT,
      app: '5f0000000000000000000001',
      device: 'd1',
      key: 'purchase',
      count: 2,
      sum: -4.99,
      duration: 0.5,
      segmentation: '{"plan":"pro","build":1.5,"paid":true}',
      era: 0,
      sum_given: 1,
      duration_given: 1,
    });
  });

  test('are of an app of the organization', () => {
    const problem = { field: 'app', problem: 'is no app of the organization' };
    expect(row('events', '"app":"5f0000000000000000000009","device":"d1","key":"k"')).toEqual(problem);
    expect(row('events', `"organization":"NORTH_LAB",${app},"device":"d1","key":"k"`)).toEqual(problem);
  });

  test('take ids as numbers too', () => {
    expect(row('events', '"app":42,"device":7,"key":"k"')).toMatchObject({ app: '42', device: '7' });
  });

  test.each([
    [`"device":"d1","key":"k"`, 'app'],
    [`${app},"key":"k"`, 'device'],
    [`${app},"device":"","key":"k"`, 'device'],
    [`${app},"device":"d1"`, 'key'],
  ])('%s lacks a field', (members, field) => {
    expect(row('events', members)).toEqual({ field, problem: 'is required' });
  });

  test.each(['"sum":"4.99"', '"sum":1e999', '"sum":true', '"duration":[]'])('%s is no number', (member) => {
    expect(row('events', `${app},"device":"d1","key":"k",${member}`)).toHaveProperty(
      'problem',
      'has to be a number that fits 64 bits',
    );
  });

  test.each([
    ['[]', 'segmentation', 'has to be an object'],
    ['"plan"', 'segmentation', 'has to be an object'],
    ['{"a":{"b":1}}', 'segmentation.a', 'has to be a text, a number, true or false'],
    ['{"a":[1]}', 'segmentation.a', 'has to be a text, a number, true or false'],
    ['{"a":1e999}', 'segmentation.a', 'has to be a number that fits 64 bits'],
    ['{"a":"\\udc00"}', 'segmentation.a', 'has an unpaired surrogate, which is no character'],
    ['{"\\udc00":1}', 'segmentation', 'has a name with an unpaired surrogate'],
  ])('segmentation %s is refused', (segmentation, field, problem) => {
    expect(row('events', `${app},"device":"d1","key":"k","segmentation":${segmentation}`)).toEqual({ field, problem });
  });

  test('a segment called __proto__ is a segment', () => {
    expect(row('events', `${app},"device":"d1","key":"k","segmentation":{"__proto__":"x"}`)).toMatchObject({
      segmentation: '{"__proto__":"x"}',
    });
  });

  test('segments that are null, and a segmentation without segments, are absent', () => {
    expect(row('events', `${app},"device":"d1","key":"k","segmentation":{"a":null,"b":1}`)).toMatchObject({
      segmentation: '{"b":1}',
    });
    expect(row('events', `${app},"device":"d1","key":"k","segmentation":{}`)).not.toHaveProperty('segmentation');
  });

  test('a segmentation has at most 65,536 bytes of JSON', () => {
    const long = (length: number): string =>
      `${app},"device":"d1","key":"k","segmentation":{"a":"${'x'.repeat(length - '{"a":""}'.length)}"}`;
    expect(row('events', long(65_536))).toHaveProperty('segmentation');
    expect(row('events', long(65_537))).toEqual({
      field: 'segmentation',
      problem: 'is longer than 65536 bytes of JSON',
    });
  });
});

describe('visits', () => {
  test('of a device count for the array and deployment it belongs to now', () => {
    expect(row('visits', '"device":"D00017","count":2,"dwell_ms":0,"direction":"in"')).toEqual({
      ...KEPT,
      device: 'D00017',
      array: '1AMDK',
      deployment: '7QX2B',
      count: 2,
      dwell_ms: 0,
      direction: 'in',
    });
  });

  test('may name the array alone', () => {
    expect(row('visits', '"array":"1AMDK"')).toEqual({ ...KEPT, array: '1AMDK', deployment: '7QX2B' });
  });

  test.each([
    ['"device":"D00017","array":"1AMDK"', 'array', 'cannot stand beside device: a row names one of them'],
    ['"device":"D00018"', 'device', 'is no device of the organization'],
    ['"array":"1AMDX"', 'array', 'is no array of the organization'],
    ['"organization":"NORTH_LAB","device":"D00017"', 'device', 'is no device of the organization'],
    ['"count":1', 'device', 'is required'],
    ['"device":"D00017","deployment":"7QX2B"', 'deployment', 'unknown field'],
    ['"device":"D00017","direction":"sideways"', 'direction', 'has to be one of in, out'],
    ['"device":"D00017","count":0', 'count', 'has to be an integer from 1 to 9007199254740991'],
    ['"device":"D00017","dwell_ms":-1', 'dwell_ms', 'has to be an integer from 0 to 9007199254740991'],
  ])('%s is refused', (members, field, problem) => {
    expect(row('visits', members)).toEqual({ field, problem });
  });
});

describe('inventory', () => {
  test('tells what was created', () => {
    expect(row('inventory', '"kind":"project","uid":"p1"')).toEqual({ ...KEPT, kind: 'project', uid: 'p1' });
  });

  test.each([
    ['"kind":"stack","uid":"p1"', 'kind', 'has to be one of project, environment, domain'],
    ['"uid":"p1"', 'kind', 'is required'],
    ['"kind":"domain"', 'uid', 'is required'],
    [`"kind":"domain","uid":"${'x'.repeat(129)}"`, 'uid', 'is longer than 128 characters'],
  ])('%s is refused', (members, field, problem) => {
    expect(row('inventory', members)).toEqual({ field, problem });
  });
});
