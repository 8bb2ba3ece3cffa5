import { describe, expect, test } from 'vitest';
import { sinceInstant, windowOf, type WindowOptions } from '../../src/cli/remote/window.ts';
import { parseFilter } from '../../src/cli/query/filter.ts';
import { answerCsv, answerTable } from '../../src/cli/query/render-answer.ts';

import { formatRfc3339Utc, parseRfc3339 } from '../../src/domain/time/rfc3339.ts';
import { UTC } from '../../src/domain/time/zones.ts';

describe('--filter', () => {
  test.each([
    ['service=web', { dimension: 'service', operator: 'in', values: ['web'] }],
    ['service=web,cdn', { dimension: 'service', operator: 'in', values: ['web', 'cdn'] }],
    ['status!=200,304', { dimension: 'status', operator: 'not_in', values: [200, 304] }],
    ['status=abc', { dimension: 'status', operator: 'in', values: ['abc'] }],
    ['url~a=b', { dimension: 'url', operator: 'contains', values: ['a=b'] }],
    ['url^=/api', { dimension: 'url', operator: 'starts_with', values: ['/api'] }],
    ['user=', { dimension: 'user', operator: 'in', values: [null] }],
    ['user=,ann', { dimension: 'user', operator: 'in', values: [null, 'ann'] }],
    ['device=a\\,b\\\\,c\\d', { dimension: 'device', operator: 'in', values: ['a,b\\', 'c\\d'] }],
    ['organization=17', { dimension: 'organization', operator: 'in', values: ['17'] }],
    ['nonsense=1', { dimension: 'nonsense', operator: 'in', values: ['1'] }],
  ])('%s', (condition, filter) => {
    expect(parseFilter(condition, 'requests')).toEqual(filter);
  });

  test.each(['service', '=web', '', 'a b=c', 'url~', 'url^='])('"%s" is no condition', (condition) => {
    expect(() => parseFilter(condition, 'requests')).toThrow('--filter');
  });
});

describe('--since and --until', () => {
  const now = parseRfc3339('2026-03-30T10:00:00Z') ?? expect.fail();
  const read = (options: WindowOptions): (string | null)[] => {
    const { since, until, zone } = windowOf(options);
    const from = since === null ? null : formatRfc3339Utc(sinceInstant(since, now, zone ?? UTC));
    return [from, until === null ? null : formatRfc3339Utc(until)];
  };

  test.each<[WindowOptions, (string | null)[]]>([
    [{}, [null, null]],
    [
      { since: '2026-01-01T00:00:00+01:00', until: '2026-02-01T00:00:00Z' },
      ['2025-12-31T23:00:00Z', '2026-02-01T00:00:00Z'],
    ],
    [
      { since: '2026-01-01', until: '2026-07-01 12:00', zone: 'Europe/Berlin' },
      ['2025-12-31T23:00:00Z', '2026-07-01T10:00:00Z'],
    ],
    [{ since: '90m' }, ['2026-03-30T08:30:00Z', null]],
    [{ since: '24h' }, ['2026-03-29T10:00:00Z', null]],
    // The clock went forward in between: a day of the calendar had 23 hours.
    [{ since: '2d', zone: 'Europe/Berlin' }, ['2026-03-28T11:00:00Z', null]],
    [{ since: '1w' }, ['2026-03-23T10:00:00Z', null]],
    [{ since: '1M' }, ['2026-02-28T10:00:00Z', null]],
    [{ since: '1y' }, ['2025-03-30T10:00:00Z', null]],
  ])('%j', (options, window) => {
    expect(read(options)).toEqual(window);
  });

  test.each<[WindowOptions, string]>([
    [{ since: '2026-01-01' }, '--since: "2026-01-01" has no offset; give --zone, or 2026-01-01T00:00:00Z'],
    [{ until: '2026-01-01T10:00' }, '--until: "2026-01-01T10:00" has no offset; give --zone, or 2026-01-01T00:00:00Z'],
    [{ since: '7D' }, '--since: "7D" is no length; give a number and one of s, m, h, d, w, M (months), y'],
    [{ since: '0d' }, '--since: "0d" is no length'],
    [{ since: 'yesterday' }, '--since: "yesterday" is no time'],
    [{ since: '2026-02-30', zone: 'UTC' }, '--since: "2026-02-30" is no time'],
    [{ since: '7d', until: '2026-02-01T00:00:00Z' }, '--since 7d counts back from now: beside --until give a time'],
    [{ zone: 'Mars' }, '--zone: "Mars" is no time zone; give one like Europe/Berlin'],
  ])('%j is wrong usage', (options, message) => {
    expect(() => windowOf(options)).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringContaining(message) }),
    );
  });
});

describe('an answer is printed', () => {
  const rows = [
    { service: 'wéb', count: 10, status: 200, duration_ms: null },
    { service: 'a,"b"\u001b[31m', count: '90071992547409931', status: null, duration_ms: 1.5 },
  ];
  const columns = ['service', 'status', 'count', 'duration_ms'];

  test('as a table without lines or colours, with control characters made visible', () => {
    expect(answerTable(rows, columns)).toBe(
      'service          status              count  duration_ms\n' +
        'wéb                 200                 10            -\n' +
        'a,"b"\\u001b[31m       -  90071992547409931          1.5\n',
    );
    expect(answerTable([], columns)).toBe('service  status  count  duration_ms\n');
  });

  test('as CSV', () => {
    expect(answerCsv(rows, columns)).toBe(
      'service,status,count,duration_ms\r\nwéb,200,10,\r\n"a,""b""\u001b[31m",,90071992547409931,1.5\r\n',
    );
  });
});
