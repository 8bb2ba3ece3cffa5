import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startServer, type TestServer } from '../support/server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { cli, client, freePort, type CliResult } from './run-cli.ts';

// Each test starts several processes, perhaps on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const LOG = fileURLToPath(new URL('../fixtures/access-combined-2015.log', import.meta.url));
const NAMES = ['cloudfront', 'json', 'real', 'grown', 'mended', 'split', 'pipe', 'rows', 'twice', 'none'] as const;
const organizations = NAMES.map(
  (name) => `  - {key: ${name}, name: ${name}, native_keys: [{key: th_${name}, scopes: [ingest, read]}]}`,
);
const DIRECTORY = `organizations:\n${organizations.join('\n')}\n  - {key: X, name: X, native_keys: [{key: th_reader, scopes: [read]}]}\n`;

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY });
});
afterAll(async () => server.stop());

async function importInto(name: (typeof NAMES)[number], args: readonly string[], stdin = ''): Promise<CliResult> {
  return cli(['import', 'requests', ...args], { env: client(server, `th_${name}`), stdin });
}

async function counts(name: (typeof NAMES)[number], args: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await importInto(name, [...args, '--json']);
  const { lines, accepted, duplicate, rejected } = JSON.parse(stdout) as Record<string, number>;
  return { code, lines, accepted, duplicate, rejected, stderr };
}

async function query(name: (typeof NAMES)[number], ...args: readonly string[]): Promise<string> {
  const range = ['--since', '2000-01-01T00:00:00Z', '--until', '2100-01-01T00:00:00Z', '--format', 'csv'];
  return (await cli(['query', 'requests', ...range, ...args], { env: client(server, `th_${name}`) })).stdout;
}

/** Lines of a log that are all different, one a second. */
function log(from: number, to: number): string {
  let text = '';
  for (let n = from; n < to; n += 1) {
    const time = `${String(Math.floor(n / 60) % 60).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}`;
    text += `10.0.0.1 - - [01/Jan/2026:00:${time} +0000] "GET /${n} HTTP/1.1" 200 ${n} "-" "curl"\n`;
  }
  return text;
}

describe('a real access log', () => {
  test('comes in whole but for its damaged line, which is told by number, and exactly once', async () => {
    expect(await importInto('real', [LOG])).toEqual({
      code: 0,
      stdout: 'lines      10000\naccepted    9999\nduplicate      0\nrejected       1\n',
      stderr: 'line 8899: the user agent has no closing quote\n',
    });
    expect(await query('real', '--measures', 'count,bytes,unique_ips')).toBe(
      'count,bytes,unique_ips\r\n9999,2747282505,1753\r\n',
    );
    expect(await query('real', '--by', 'status')).toBe(
      'status,count\r\n200,9125\r\n206,45\r\n301,164\r\n304,445\r\n403,2\r\n404,213\r\n416,2\r\n500,3\r\n',
    );
    expect(await query('real', '--every', '1d', '--zone', 'UTC')).toBe(
      'bucket,count\r\n2015-05-17T00:00:00+00:00,1632\r\n2015-05-18T00:00:00+00:00,2893\r\n2015-05-19T00:00:00+00:00,2896\r\n2015-05-20T00:00:00+00:00,2578\r\n',
    );

    // Under another name, compressed, and with its format said instead of guessed.
    const renamed = join(temporaryDirectory(), 'renamed.gz');
    writeFileSync(renamed, gzipSync(readFileSync(LOG)));
    expect(await importInto('real', [renamed, '--format', 'combined'])).toEqual({
      code: 0,
      stdout: 'lines      10000\naccepted       0\nduplicate   9999\nrejected       1\n',
      stderr: 'line 8899: the user agent has no closing quote\n',
    });
    expect(await query('real', '--measures', 'count,bytes,unique_ips')).toBe(
      'count,bytes,unique_ips\r\n9999,2747282505,1753\r\n',
    );
  });
});

describe('a file that was imported before', () => {
  test('and has grown adds its new lines', async () => {
    const file = join(temporaryDirectory(), 'access.log');
    writeFileSync(file, log(0, 700));
    expect(await counts('grown', [file])).toMatchObject({ lines: 700, accepted: 700, duplicate: 0 });
    writeFileSync(file, log(0, 1_000));
    expect(await counts('grown', [file])).toMatchObject({ lines: 1000, accepted: 300, duplicate: 700 });
    const rotated = join(temporaryDirectory(), 'access.log.1');
    copyFileSync(file, rotated);
    writeFileSync(file, log(1_000, 1_200));
    expect(await counts('grown', [rotated, file])).toMatchObject({ lines: 1200, accepted: 200, duplicate: 1000 });
    expect(await query('grown')).toBe('count\r\n1200\r\n');
  });

  test('and had a line mended adds that line', async () => {
    const file = join(temporaryDirectory(), 'access.log');
    const damaged = '10.0.0.2 - - [01/Jan/2026:00:00:00 +0000] "GET /damaged';
    writeFileSync(file, `${log(0, 10)}${damaged}\n${log(10, 20)}`);
    expect(await counts('mended', [file])).toMatchObject({ accepted: 20, rejected: 1 });
    writeFileSync(file, `${log(0, 10)}${damaged} HTTP/1.1" 200 1\n${log(10, 20)}`);
    expect(await counts('mended', [file])).toMatchObject({ accepted: 1, duplicate: 20, rejected: 0 });
  });

  test('adds nothing when it is cut in other pieces', async () => {
    const directory = temporaryDirectory();
    const pieces: [string, string][] = [
      ['a.log', log(0, 50) + log(20, 60)],
      ['b.log', log(0, 30)],
      ['c.log', log(30, 50) + log(20, 60)],
    ];
    for (const [name, text] of pieces) writeFileSync(join(directory, name), text);
    const [a = '', b = '', c = ''] = pieces.map(([name]) => join(directory, name));
    expect(await counts('split', [a])).toMatchObject({ lines: 90, accepted: 90 });
    expect(await counts('split', [b, c])).toMatchObject({ lines: 90, accepted: 0, duplicate: 90 });
    // Equal lines are told apart by how often they came, so a piece alone has nothing new either.
    expect(await counts('split', [c])).toMatchObject({ lines: 60, accepted: 0, duplicate: 60 });
  });
});

describe('logs of other forms', () => {
  test("CloudFront's come in exactly once, compressed and under their own names", async () => {
    const columns =
      '#Version: 1.0\n#Fields: date time c-ip cs-method cs(Host) cs-uri-stem sc-status sc-bytes x-edge-result-type\n';
    const rows = Array.from({ length: 1_200 }, (_, n) => {
      const clock = `00:${String(Math.floor(n / 60)).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}`;
      return `2026-01-01\t${clock}\t192.0.2.1\tGET\td1.cloudfront.net\t/${n}\t200\t3000000\t${n % 3 === 0 ? 'Miss' : 'Hit'}`;
    });
    rows[700] = '2026-01-01\tdamaged';
    const file = join(temporaryDirectory(), 'E2EXAMPLE12345.2026-01-01-00.abcd1234.gz');
    writeFileSync(file, gzipSync(`${columns}${rows.join('\n')}\n`));
    expect(await importInto('cloudfront', [file, '--service', 'cdn'])).toEqual({
      code: 0,
      stdout: 'lines      1200\naccepted   1199\nduplicate     0\nrejected      1\n',
      stderr: 'line 703: has 2 fields, the #Fields line before it names 9\n',
    });
    expect(await counts('cloudfront', [file, '--service', 'cdn'])).toMatchObject({ accepted: 0, duplicate: 1199 });
    expect(await query('cloudfront', '--measures', 'count,bytes', '--by', 'service,cache')).toBe(
      'service,cache,count,bytes\r\ncdn,HIT,799,2397000000\r\ncdn,MISS,400,1200000000\r\n',
    );
  });

  test('JSON comes in exactly once, whether as lines or as an array', async () => {
    const records = Array.from({ length: 50 }, (_, n) =>
      JSON.stringify({
        at: { ms: 1_767_225_600_000 + n },
        request: `GET /${n} HTTP/1.1`,
        status: 200,
        service: 'shop',
      }),
    );
    const directory = temporaryDirectory();
    const [lines, array] = ['lines.json', 'array.json'].map((name) => join(directory, name));
    writeFileSync(lines ?? '', `${records.slice(0, 30).join('\n')}\n{"half\n`);
    writeFileSync(array ?? '', `[${records.join(',')}]`);
    const mapped = ['--format', 'json', '--map', 'time=at.ms'];
    expect(await importInto('json', [lines ?? '', ...mapped])).toEqual({
      code: 0,
      stdout: 'lines      31\naccepted   30\nduplicate   0\nrejected    1\n',
      stderr: 'line 31: is not JSON\n',
    });
    expect(await counts('json', [array ?? '', ...mapped])).toMatchObject({ lines: 50, accepted: 20, duplicate: 30 });
    expect(await query('json', '--by', 'service,method', '--measures', 'count,unique_urls')).toBe(
      'service,method,count,unique_urls\r\nshop,GET,50,50\r\n',
    );
  });

  test('--map without JSON, or with a field that is none, is wrong usage', async () => {
    expect(await importInto('json', ['-', '--format', 'combined', '--map', 'time=at'])).toMatchObject({
      code: 2,
      stderr: 'tallyhouse: --map is for --format json\n',
    });
    const { code, stderr } = await importInto('json', ['-', '--format', 'json', '--map', 'colour=at']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('Give field=path; fields are time, service, url,')]);
  });
});

test('equal lines of one log are as many rows', async () => {
  const file = join(temporaryDirectory(), 'access.log');
  writeFileSync(file, log(1, 2).repeat(5));
  expect(await counts('twice', [file])).toMatchObject({ lines: 5, accepted: 5, duplicate: 0 });
  writeFileSync(file, log(1, 2).repeat(7));
  expect(await counts('twice', [file])).toMatchObject({ lines: 7, accepted: 2, duplicate: 5 });
});

test('rows of NDJSON and CSV that the server refuses are told by file and line', async () => {
  const directory = temporaryDirectory();
  const [ndjson, csv, rejects] = ['rows.ndjson', 'rows.csv', 'rejects.ndjson'].map((name) => join(directory, name));
  writeFileSync(
    ndjson ?? '',
    '{"time":"2026-01-01T00:00:00Z","service":"a"}\n\n{"time":"2026-01-01T00:00:00Z"}\nnot json\n{"time":"2026-01-01T00:00:00Z","service":"a","id":"mine"}\n',
  );
  writeFileSync(
    csv ?? '',
    'time,service,status\n2026-01-01T00:00:00Z,b,200\n2026-01-01T00:00:00Z,"b\nc",9000\n"",b,\n',
  );
  const result = await importInto('rows', [ndjson ?? '', csv ?? '', '--rejects', rejects ?? '', '--strict']);
  const told = [
    { file: ndjson, line: 4, problem: 'is not JSON' },
    { file: ndjson, line: 3, problem: 'service: is required' },
    { file: csv, line: 3, problem: 'status: has to be an integer from 100 to 599' },
    { file: csv, line: 5, problem: 'time: is required' },
  ];
  expect(result).toEqual({
    code: 1,
    stdout: 'lines      7\naccepted   3\nduplicate  0\nrejected   4\n',
    stderr: `${told.map(({ file, line, problem }) => `${file}, line ${line}: ${problem}\n`).join('')}tallyhouse: 4 of 7 lines were rejected\n`,
  });
  const written = readFileSync(rejects ?? '', 'utf8')
    .trim()
    .split('\n');
  expect(written.map((line) => JSON.parse(line) as unknown)).toEqual(told);
  expect(await query('rows', '--by', 'service')).toBe('service,count\r\na,2\r\nb,1\r\n');
});

test('standard input is imported when its format is said', async () => {
  expect(await importInto('pipe', ['-', '--format', 'combined', '--service', 'shop.example'], log(0, 3))).toEqual({
    code: 0,
    stdout: 'lines      3\naccepted   3\nduplicate  0\nrejected   0\n',
    stderr: '',
  });
  expect(await query('pipe', '--by', 'service')).toBe('service,count\r\nshop,3\r\n');
});

describe('what cannot be done is told in one line', () => {
  const failing = async (args: readonly string[], env: Readonly<Record<string, string>>): Promise<unknown> => {
    const { code, stdout, stderr } = await cli(['import', ...args], { env, stdin: log(0, 1) });
    return [code, stdout, stderr];
  };
  const piped = ['requests', '-', '--format', 'combined'];

  test('wrong usage ends with 2', async () => {
    const env = client(server, 'th_none');
    const { TALLYHOUSE_KEY: _, ...keyless } = env;
    expect(await failing(piped, keyless)).toEqual([
      2,
      '',
      'tallyhouse: no key: give --key or set TALLYHOUSE_KEY; "tallyhouse key add" makes one\n',
    ]);
    expect(await failing(['requests', '-'], env)).toEqual([
      2,
      '',
      'tallyhouse: -: its name does not say what it is; give --format ndjson|csv|combined|cloudfront|json\n',
    ]);
    expect(await failing(['nonsense', '-'], env)).toEqual([
      2,
      '',
      'tallyhouse: there is no stream "nonsense"; there are requests, usage, sessions, events, visits, inventory\n',
    ]);
    expect(await failing(['events', '-', '--format', 'combined'], env)).toEqual([
      2,
      '',
      'tallyhouse: an access log has rows of requests, not of events\n',
    ]);
    expect(await failing(['requests', '/nonexistent/a.log'], env)).toEqual([
      2,
      '',
      'tallyhouse: /nonexistent/a.log: there is no such file\n',
    ]);
    expect(await failing(['requests', '/'], env)).toEqual([2, '', expect.stringContaining('tallyhouse: /: ')]);
    expect(await failing([...piped, '--url', 'nonsense'], env)).toEqual([
      2,
      '',
      'tallyhouse: "nonsense" is no address of a server; give one like http://127.0.0.1:4000 with --url\n',
    ]);
    expect(await failing([...piped, '--format', 'xml'], env)).toEqual([
      2,
      '',
      expect.stringMatching(
        /^tallyhouse: option '--format <format>' argument 'xml' is invalid\. Allowed choices are ndjson, csv, combined, cloudfront, json\. .*\n$/,
      ),
    ]);
  });

  test('a key or an address that does not work ends with 1', async () => {
    const closed = `http://127.0.0.1:${await freePort()}`;
    expect(await failing(piped, client(server, 'th_unknown'))).toEqual([
      1,
      '',
      `tallyhouse: ${server.url} does not accept the key: The key is not valid, or no longer.\n`,
    ]);
    expect(await failing(piped, client(server, 'th_reader'))).toEqual([
      1,
      '',
      expect.stringContaining('tallyhouse: the key may not do this: '),
    ]);
    expect(await failing(piped, { TALLYHOUSE_URL: closed, TALLYHOUSE_KEY: 'k' })).toEqual([
      1,
      '',
      `tallyhouse: no answer from ${closed}: nothing listens there\n`,
    ]);
    expect(await failing(piped, { TALLYHOUSE_URL: 'http://nowhere.invalid', TALLYHOUSE_KEY: 'k' })).toEqual([
      1,
      '',
      expect.stringMatching(/^tallyhouse: no answer from http:\/\/nowhere\.invalid: .*host.*\n$/),
    ]);
  });

  test('a file of another format ends with 1 before anything is sent', async () => {
    const file = join(temporaryDirectory(), 'rows.ndjson');
    writeFileSync(file, log(0, 5_000));
    expect(await importInto('none', [file])).toEqual({
      code: 1,
      stdout: '',
      stderr: `tallyhouse: ${file}: line 1 is not JSON, and so on: is --format right?\n`,
    });
    writeFileSync(file, 'one\n');
    expect(await importInto('none', [file])).toMatchObject({
      code: 1,
      stderr: 'line 1: is not JSON\ntallyhouse: every line was rejected: are stream and --format right?\n',
    });
  });

  test('gzip data that ends early is imported as far as it goes', async () => {
    const file = join(temporaryDirectory(), 'cut.log.gz');
    writeFileSync(file, gzipSync(readFileSync(LOG)).subarray(0, 100_000));
    const result = await importInto('none', [file]);
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(
      /^before it ended: \d+ accepted, 0 duplicate, \d rejected\ntallyhouse: .*cut\.log\.gz: the gzip data ends early; what came before was imported\n$/,
    );
    const accepted = /(\d+) accepted/.exec(result.stderr)?.[1];
    expect(await query('none')).toBe(`count\r\n${accepted}\r\n`);
  });
});
