import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { chunksOf } from '../../../src/cli/import/byte-source.ts';
import { cloudFrontReader, combinedReader } from '../../../src/cli/import/access-log-rows.ts';
import { csvReader } from '../../../src/cli/import/csv-rows.ts';
import { mappedField, type FieldMap } from '../../../src/cli/import/json-fields.ts';
import { jsonReader } from '../../../src/cli/import/json-rows.ts';
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
  for await (const { rows, refused } of reader(chunksOf(source, () => undefined, new AbortController().signal))) {
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
  const reader = csvReader({ stream: 'events', service: '', map: new Map() });

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
  const reader = combinedReader({ stream: 'requests', service: 'shop', map: new Map() });

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

describe("CloudFront's standard log", () => {
  const reader = cloudFrontReader({ stream: 'requests', service: 'cdn', map: new Map() });
  /** The 33 columns that CloudFront writes, and lines of its documentation's kind. */
  const HEADER =
    '#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) ' +
    'cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes ' +
    'time-taken x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version fle-status ' +
    'fle-encrypted-fields c-port time-to-first-byte x-edge-detailed-result-type sc-content-type sc-content-len ' +
    'sc-range-start sc-range-end\n';
  const line = (changes: Readonly<Record<number, string>> = {}): string => {
    const fields =
      '2019-12-04\t21:02:31\tLAX1\t392\t192.0.2.100\tGET\td111111abcdef8.cloudfront.net\t/index.html\t200\t-\t' +
      'Mozilla/5.0%20(Windows%20NT%2010.0;%20Win64;%20x64)\t-\t-\tHit\tSOX4xwn4XV6Q4rgb7XiVGOHms_BGlTAC4KyHmureZmBNrjGdRLiNIQ==\t' +
      'www.example.com\thttps\t23\t0.001\t-\tTLSv1.2\tECDHE-RSA-AES128-GCM-SHA256\tHit\tHTTP/2.0\t-\t-\t11040\t0.001\tHit\t' +
      'text/html\t78\t-\t-';
    return fields
      .split('\t')
      .map((field, index) => changes[index] ?? field)
      .join('\t');
  };
  const row = {
    service: 'cdn',
    time: '2019-12-04T21:02:31Z',
    ip: '192.0.2.100',
    method: 'GET',
    url: 'https://www.example.com/index.html',
    status: 200,
    bytes: 392,
    cache: 'HIT',
    device: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)',
    duration_ms: 1,
  };

  test('gives rows of requests, compressed or not, with Windows line ends or not', async () => {
    const expected = { rows: [{ line: 3, row, hasId: false }], refused: [] };
    expect(await read(reader, `${HEADER}${line()}\n`)).toEqual(expected);
    expect(await read(reader, gzipSync(`${HEADER}${line()}\r\n\r\n`))).toEqual(expected);
  });

  test.each([
    [{ 11: 'a=1&b=2' }, { url: 'https://www.example.com/index.html?a=1&b=2' }],
    [{ 7: '/a%2520b%20c' }, { url: 'https://www.example.com/a%20b%20c' }],
    [{ 10: 'Mozilla/5.0%2520(X11)' }, { device: 'Mozilla/5.0 (X11)' }],
    [{ 10: '%ff' }, { device: '%ff' }],
    [{ 13: 'RefreshHit' }, { cache: 'HIT' }],
    [{ 13: 'OriginShieldHit' }, { cache: 'HIT' }],
    [{ 13: 'Miss' }, { cache: 'MISS' }],
    [{ 13: 'LimitExceeded' }, { cache: 'LimitExceeded' }],
    [{ 15: '-' }, { url: 'https://d111111abcdef8.cloudfront.net/index.html' }],
    [{ 16: 'http' }, { url: 'http://www.example.com/index.html' }],
    [{ 18: '1.2345' }, { duration_ms: 1235 }],
    [{ 3: '4294967296' }, { bytes: 4294967296 }],
  ])('reads %j as %j', async (changes, difference) => {
    const { rows } = await read(reader, `${HEADER}${line(changes)}\n`);
    expect(rows).toEqual([{ line: 3, row: { ...row, ...difference }, hasId: false }]);
  });

  test('a viewer that went away has no status, and a dash is an absent value', async () => {
    const { status: _, device: __, cache: ___, duration_ms: ____, ...rest } = row;
    const { rows } = await read(reader, `${HEADER}${line({ 8: '000', 10: '-', 13: '-', 18: '-' })}\n`);
    expect(rows).toEqual([{ line: 3, row: rest, hasId: false }]);
  });

  test('the columns are where the last header says, also when files are put together', async () => {
    const other = '#Fields: time date sc-status c-country\n21:02:32\t2019-12-04\t304\tTR\n';
    expect((await read(reader, `${HEADER}${line()}\n${other}`)).rows).toEqual([
      { line: 3, row, hasId: false },
      { line: 5, row: { service: 'cdn', time: '2019-12-04T21:02:32Z', status: 304, country: 'TR' }, hasId: false },
    ]);
  });

  test('damaged lines are refused by number', async () => {
    const lines = [
      line().slice(0, 40),
      line({ 0: '2019-02-30' }),
      line({ 8: 'OK' }),
      line({ 3: '-1' }),
      line({ 1: '25:00:00' }),
    ];
    expect((await read(reader, `${line()}\n${HEADER}${lines.join('\n')}\n`)).refused).toEqual([
      { line: 1, problem: 'has no #Fields line before it' },
      { line: 4, problem: 'has 5 fields, the #Fields line before it names 33' },
      { line: 5, problem: 'has a time that does not exist: 2019-02-30 21:02:31' },
      { line: 6, problem: 'sc-status is no number: OK' },
      { line: 7, problem: 'sc-bytes is no number: -1' },
      { line: 8, problem: 'has a time that does not exist: 2019-12-04 25:00:00' },
    ]);
  });
});

describe('a JSON access log', () => {
  const reading = (map: FieldMap = new Map()): RowReader => jsonReader({ stream: 'requests', service: 'web', map });
  const one = async (record: object, map?: FieldMap): Promise<unknown> => {
    const { rows, refused } = await read(reading(map), JSON.stringify(record));
    return rows.length === 1 ? (rows[0] as { row: unknown }).row : refused;
  };

  test.each([
    [
      'nginx',
      {
        time_iso8601: '2026-01-02T03:04:05+03:00',
        remote_addr: '192.0.2.1',
        remote_user: '-',
        request: 'GET /a?b=1 HTTP/1.1',
        status: '200',
        body_bytes_sent: '512',
        request_time: '0.123',
        http_user_agent: 'curl/8',
        upstream_cache_status: 'HIT',
        scheme: 'https',
        host: 'example.org',
      },
      {
        time: '2026-01-02T03:04:05+03:00',
        ip: '192.0.2.1',
        method: 'GET',
        url: 'https://example.org/a?b=1',
        status: 200,
        bytes: 512,
        duration_ms: 123,
        device: 'curl/8',
        cache: 'HIT',
      },
    ],
    [
      'Caddy',
      {
        level: 'info',
        ts: 1646861401.5241024,
        request: {
          remote_ip: '127.0.0.1',
          method: 'GET',
          host: 'localhost',
          uri: '/x',
          headers: { 'User-Agent': ['curl/7.82.0'] },
        },
        duration: 0.000929675,
        size: 10900,
        status: 200,
      },
      {
        time: '2022-03-09T21:30:01.524Z',
        ip: '127.0.0.1',
        method: 'GET',
        url: '/x',
        status: 200,
        bytes: 10900,
        duration_ms: 1,
        device: 'curl/7.82.0',
      },
    ],
    [
      'Traefik',
      {
        ClientHost: '192.0.2.9',
        DownstreamContentSize: 31,
        DownstreamStatus: 404,
        Duration: 1234567,
        RequestHost: 'api.example.org',
        RequestMethod: 'PUT',
        RequestPath: '/v1',
        RequestScheme: 'https',
        StartUTC: '2026-01-02T03:04:05.678901234Z',
        'request_User-Agent': 'Go-http-client/2.0',
      },
      {
        time: '2026-01-02T03:04:05.678901234Z',
        ip: '192.0.2.9',
        method: 'PUT',
        url: 'https://api.example.org/v1',
        status: 404,
        bytes: 31,
        duration_ms: 1,
        device: 'Go-http-client/2.0',
      },
    ],
    [
      'pino-http',
      {
        time: 1767322800123,
        req: { method: 'post', url: '/items', headers: { host: 'h', 'user-agent': 'x' }, remoteAddress: '::1' },
        res: { statusCode: 201, headers: { 'content-length': '7' } },
        responseTime: 12,
      },
      {
        time: '2026-01-02T03:00:00.123Z',
        ip: '::1',
        method: 'POST',
        url: '/items',
        status: 201,
        bytes: 7,
        duration_ms: 12,
        device: 'x',
      },
    ],
    [
      'ECS',
      {
        '@timestamp': '2026-01-02T03:04:05Z',
        'http.request.method': 'GET',
        http: { response: { status_code: 200, body: { bytes: 5 } } },
        url: { original: 'https://e.org/' },
        source: { ip: '192.0.2.3' },
        user_agent: { original: 'UA' },
        event: { duration: 5_000_000 },
        client: { geo: { country_iso_code: 'DE' } },
        service: { name: 'checkout' },
      },
      {
        service: 'checkout',
        time: '2026-01-02T03:04:05Z',
        ip: '192.0.2.3',
        method: 'GET',
        url: 'https://e.org/',
        status: 200,
        bytes: 5,
        duration_ms: 5,
        device: 'UA',
        country: 'DE',
      },
    ],
    [
      'Google Cloud',
      {
        timestamp: '2026-01-02T03:04:05.5Z',
        httpRequest: {
          requestMethod: 'GET',
          requestUrl: 'https://g.example/a',
          status: 304,
          responseSize: '99',
          userAgent: 'UA',
          remoteIp: '192.0.2.4',
          cacheHit: true,
          latency: '0.25s',
        },
      },
      {
        time: '2026-01-02T03:04:05.5Z',
        ip: '192.0.2.4',
        method: 'GET',
        url: 'https://g.example/a',
        status: 304,
        bytes: 99,
        cache: 'HIT',
        duration_ms: 250,
        device: 'UA',
      },
    ],
    [
      'Cloudflare',
      {
        EdgeStartTimestamp: 1767322800123456789n.toString(),
        ClientRequestMethod: 'GET',
        ClientRequestHost: 'c.example',
        ClientRequestScheme: 'https',
        ClientRequestURI: '/u?v',
        EdgeResponseStatus: 200,
        EdgeResponseBytes: 10,
        CacheCacheStatus: 'miss',
        ClientIP: '192.0.2.5',
        ClientCountry: 'tr',
      },
      {
        time: '2026-01-02T03:00:00.123Z',
        ip: '192.0.2.5',
        method: 'GET',
        url: 'https://c.example/u?v',
        status: 200,
        bytes: 10,
        cache: 'MISS',
        country: 'tr',
      },
    ],
    [
      "Apache's time, absent and empty values",
      { time_local: '10/Oct/2000:13:55:36 -0700', status: 0, bytes: '-', url: '', method: null, user_agent: {} },
      { time: '2000-10-10T13:55:36-07:00' },
    ],
  ])('of %s is understood without being told', async (_name, record, row) => {
    expect(await one(record)).toEqual({ service: 'web', ...row });
  });

  test('--map names a place of its own, by a path or by a name with dots, and wins over the usual ones', async () => {
    const map = ['time=when.at', 'duration_s=took', 'stack=x.y', 'ip=time'].reduce(
      (earlier, text) => mappedField(text, earlier),
      new Map() as FieldMap,
    );
    expect(await one({ when: { at: 1767322800 }, took: 2, 'x.y': 'blt1', time: '9', ip: '192.0.2.1' }, map)).toEqual({
      service: 'web',
      time: '2026-01-02T03:00:00Z',
      duration_ms: 2000,
      stack: 'blt1',
      ip: '9',
    });
    expect(() => mappedField('colour=a', new Map())).toThrow(/fields are time, service, url, host, scheme, method, /);
    expect(() => mappedField('time', new Map())).toThrow('Give field=path');
  });

  test.each([
    [{}, 'has no time; --map time=PATH names where it is'],
    [{ time: '2026-01-02' }, 'has a time that is no instant: 2026-01-02'],
    [{ time: '2026-01-02T03:04:05' }, 'has a time that is no instant: 2026-01-02T03:04:05'],
    [{ time: 1e18, status: 1000 }, 'has a status that is none: 1000'],
    [{ time: 1767322800, status: 'OK' }, 'has a status that is none: OK'],
    [{ time: 1767322800, status: 20 }, 'has a status that is none: 20'],
    [{ time: 1767322800, bytes: -1 }, 'has a number of bytes that is none: -1'],
    [{ time: 1767322800, count: 0 }, 'has a count that is none: 0'],
    [{ time: 1767322800, duration_ms: 'long' }, 'has a duration that is none'],
  ])('a record that cannot be a row is refused: %j', async (record, problem) => {
    expect(await one(record)).toEqual([{ line: 1, problem }]);
  });

  const T = '"time":"2026-01-01T00:00:00Z"';
  const urls = async (text: string | Buffer): Promise<unknown> => {
    const { rows, refused } = await read(reading(), text);
    return [(rows as { line: number; row: { url: string } }[]).map(({ line, row }) => [line, row.url]), refused];
  };

  test.each([
    [
      'an object a line',
      `{${T},"url":"a"}\r\n\n{${T},"url":"b"}\n`,
      [
        [1, 'a'],
        [3, 'b'],
      ],
    ],
    [
      'an array on one line',
      `[{${T},"url":"a"},{${T},"url":"b"}]`,
      [
        [1, 'a'],
        [1, 'b'],
      ],
    ],
    [
      'an array of lines',
      `\ufeff[\n{${T},"url":"a"},\n{${T},"url":"b"}\n]\n`,
      [
        [2, 'a'],
        [3, 'b'],
      ],
    ],
    [
      'a pretty array',
      JSON.stringify(
        [
          { time: 1767322800, url: 'a}"{\\' },
          { time: 1767322800, url: 'b' },
        ],
        null,
        2,
      ),
      [
        [2, 'a}"{\\'],
        [6, 'b'],
      ],
    ],
    ['an empty array', '[]', []],
    ['nothing', '\n', []],
  ])('is %s', async (_name, text, expected) => {
    expect(await urls(text)).toEqual([expected, []]);
  });

  test('a damaged element costs its line only, in lines as in arrays', async () => {
    expect(await urls(`{${T},"url":"a"}\n{"broken\n{${T},"url":"b"}\n7\n`)).toEqual([
      [
        [1, 'a'],
        [3, 'b'],
      ],
      [
        { line: 2, problem: 'is not JSON' },
        { line: 4, problem: 'is no JSON object' },
      ],
    ]);
    const long = Array.from({ length: 600 }, (_, n) => `{${T},"url":"${n}"}`);
    const [rows, refused] = (await urls(`[\n{${T},"url":"a"},\n{"broken\n,x,7,\n${long.join(',\n')}\n]`)) as [
      unknown[],
      unknown[],
    ];
    expect(rows).toHaveLength(601);
    expect(rows.slice(0, 2)).toEqual([
      [2, 'a'],
      [5, '0'],
    ]);
    expect(refused).toEqual([
      { line: 3, problem: 'is longer than 1048576 bytes, or has a brace or quote that nothing closes' },
      { line: 4, problem: 'is not JSON' },
      { line: 4, problem: 'is no JSON object' },
    ]);
    expect(await urls(`[{${T},"url":"a"},\n{${T},"url":"b"`)).toEqual([
      [[1, 'a']],
      [{ line: 2, problem: 'is longer than 1048576 bytes, or has a brace or quote that nothing closes' }],
    ]);
  });

  test('an array of many megabytes on one line comes in whole', async () => {
    const elements = Array.from({ length: 20_000 }, (_, n) => `{${T},"url":"/${n}","pad":"${'x'.repeat(100)}"}`);
    const [rows] = (await urls(gzipSync(`[${elements.join(',')}]`))) as [unknown[]];
    expect(rows).toHaveLength(20_000);
    expect(rows.at(-1)).toEqual([1, '/19999']);
  });

  test('an element has the same id in an array and on a line, and another under another map', async () => {
    const contents = async (text: string, map?: FieldMap): Promise<string[]> => {
      const found: string[] = [];
      const chunks = async function* (): AsyncGenerator<Buffer> {
        yield Buffer.from(text);
      };
      for await (const { rows } of reading(map)(chunks())) found.push(...rows.map(({ content }) => content.toString()));
      return found;
    };
    const record = `{${T},"url":"a"}`;
    expect(await contents(`[ ${record} ]`)).toEqual([`json\nweb\n[]\n${record}`]);
    expect(await contents(` ${record} \n`)).toEqual([`json\nweb\n[]\n${record}`]);
    expect(await contents(record, mappedField('ip=url', new Map()))).toEqual([`json\nweb\n[["ip","url"]]\n${record}`]);
  });
});

test.each([
  ['E2EXAMPLE12345.2026-11-21-10.abcd1234.gz', 'cloudfront'],
  ['/logs/prefix/E2EXAMPLE12345.2026-11-21-10.abcd1234', 'cloudfront'],
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
