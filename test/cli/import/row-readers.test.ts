import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { chunksOf } from '../../../src/cli/import/byte-source.ts';
import { combinedReader } from '../../../src/cli/import/combined-rows.ts';
import { csvReader } from '../../../src/cli/import/csv-rows.ts';
import { linesOf } from '../../../src/cli/import/lines.ts';
import { ndjsonReader } from '../../../src/cli/import/ndjson-rows.ts';
import { formatOfName, type RowReader } from '../../../src/cli/import/row-format.ts';

async function read(reader: RowReader, bytes: string | Buffer): Promise<{ rows: unknown[]; refused: unknown[] }> {
  const source = {
    name: 'test',
    open: async function* () {
      yield Buffer.from(bytes);
    },
  };
  const found = { rows: [] as unknown[], refused: [] as unknown[] };
  for await (const { rows, refused } of reader(
    linesOf(chunksOf(source, () => undefined, new AbortController().signal)),
  )) {
    found.rows.push(...rows.map(({ line, open, hasId }) => ({ line, row: JSON.parse(`${open}}`) as unknown, hasId })));
    found.refused.push(...refused);
  }
  return found;
}

describe('NDJSON', () => {
  test('lines are rows as they are written; blank ones are none', async () => {
    expect(await read(ndjsonReader, '{"a":1}\r\n\n  {"id":7,"b":"ü"} \n{}\n{"id":""}\n{"id":null}')).toEqual({
      rows: [
        { line: 1, row: { a: 1 }, hasId: false },
        { line: 3, row: { id: 7, b: 'ü' }, hasId: true },
        { line: 4, row: {}, hasId: false },
        { line: 5, row: { id: '' }, hasId: false },
        { line: 6, row: { id: null }, hasId: false },
      ],
      refused: [],
    });
  });

  test('lines that are no objects are refused by number', async () => {
    const latin1 = Buffer.concat([
      Buffer.from('{"a":\n[1]\n"x"\n1\nnull\n[\n{"a":"'),
      Buffer.of(0xe4),
      Buffer.from('"}\n'),
    ]);
    expect((await read(ndjsonReader, latin1)).refused).toEqual([
      { line: 1, problem: 'is not JSON' },
      { line: 2, problem: 'is an array: give one object a line' },
      { line: 3, problem: 'is no JSON object' },
      { line: 4, problem: 'is no JSON object' },
      { line: 5, problem: 'is no JSON object' },
      { line: 6, problem: 'is a bracket: give one object a line instead of an array' },
      { line: 7, problem: 'is not UTF-8' },
    ]);
  });
});

describe('CSV', () => {
  const reader = csvReader({ stream: 'events', service: '' });

  test('fields get the types of the stream; empty ones are absent', async () => {
    const csv = 'time,app,sum,count,segmentation,key\r\n2026-01-01T00:00:00Z,5,2.50,3,"{""a"":1}",\r\n,,,x,,k\r\n';
    expect(await read(reader, csv)).toEqual({
      rows: [
        {
          line: 2,
          row: { time: '2026-01-01T00:00:00Z', app: '5', sum: 2.5, count: 3, segmentation: { a: 1 } },
          hasId: false,
        },
        { line: 3, row: { count: 'x', key: 'k' }, hasId: false },
      ],
      refused: [],
    });
  });

  test('records that cannot be rows are refused by the number of their first line', async () => {
    expect((await read(reader, 'id,segmentation\n1,"{\n"\n2\n3,x,y\n4,{"\n5,{}\n')).refused).toEqual([
      { line: 2, problem: 'segmentation is not JSON' },
      { line: 4, problem: 'has 1 fields, the header has 2' },
      { line: 5, problem: 'has 3 fields, the header has 2' },
      { line: 6, problem: 'is longer than 1048576 bytes, or has a quote that nothing closes' },
    ]);
  });

  test.each([
    [
      'time,nonsense\n',
      'the header names "nonsense"; rows of events have id, organization, time, app, device, key, count, sum, duration, segmentation',
    ],
    ['time,time\n', 'the header names "time" twice'],
    ['"time\n', 'the first line is no CSV header in UTF-8'],
  ])('a header that is wrong is told at once: %j', async (csv, problem) => {
    await expect(read(reader, csv)).rejects.toThrow(problem);
  });
});

describe('an access log', () => {
  const reader = combinedReader({ stream: 'requests', service: 'shop' });

  test('gives rows of requests under the service named, compressed or not', async () => {
    const log = 'h - - [01/Jan/2026:00:00:00 +0100] "GET /\xe4 HTTP/1.1" 200 1\n\nbroken\n';
    const expected = {
      rows: [
        {
          line: 1,
          row: {
            service: 'shop',
            time: '2026-01-01T00:00:00+01:00',
            ip: 'h',
            method: 'GET',
            url: '/ä',
            status: 200,
            bytes: 1,
          },
          hasId: false,
        },
      ],
      refused: [{ line: 3, problem: 'is no access log line: it has no time in brackets' }],
    };
    expect(await read(reader, Buffer.from(log, 'latin1'))).toEqual(expected);
    expect(await read(reader, gzipSync(Buffer.from(log, 'latin1')))).toEqual(expected);
  });
});

test.each([
  ['a.ndjson', 'ndjson'],
  ['a.jsonl.gz', 'ndjson'],
  ['A.CSV', 'csv'],
  ['/var/log/access.log', 'combined'],
  ['access.log.1', 'combined'],
  ['access.log.12.gz', 'combined'],
  ['access.log-20260101', 'combined'],
  ['access_log', null],
  ['a.parquet', null],
  ['-', null],
])('the name %s says %s', (name, format) => {
  expect(formatOfName(name)).toBe(format);
});
