import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startServer, type TestServer } from '../support/server.ts';
import { cli, client, type CliResult } from './run-cli.ts';

// Each test starts several processes, perhaps on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const DIRECTORY = `
organizations:
  - {key: NORTH, uid: north, name: North, timezone: Europe/Berlin, native_keys: [{key: th_north, scopes: [ingest, read]}]}
  - {key: SOUTH, uid: south, name: South, parent: north, native_keys: [{key: th_south, scopes: [ingest, read]}]}
`;
// 29 March 2026 has 23 hours in Berlin.
const ROWS = `
{"time":"2026-03-28T12:00:00Z","service":"web","status":200,"bytes":10,"url":"/a,b"}
{"time":"2026-03-28T22:59:59Z","service":"web","status":404,"bytes":20,"url":"/a/c"}
{"time":"2026-03-28T23:00:00Z","service":"cdn","status":200,"bytes":30}
{"time":"2026-03-29T21:59:59Z","service":"cdn","status":200,"bytes":40,"count":2}
{"time":"2026-03-29T22:00:00Z","service":"web","status":500,"bytes":50,"organization":"south"}
`;
const RANGE = ['--since', '2026-03-28', '--until', '2026-03-31', '--zone', 'Europe/Berlin'];

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY, clock: '2026-03-30T12:00:00Z' });
  const sent = await cli(['import', 'requests', '-', '--format', 'ndjson'], {
    env: client(server, 'th_north'),
    stdin: ROWS,
  });
  expect(sent).toMatchObject({ code: 0, stderr: '' });
});
afterAll(async () => server.stop());

async function query(...args: readonly string[]): Promise<CliResult> {
  return cli(['query', 'requests', ...args], { env: client(server, 'th_north') });
}

async function csv(...args: readonly string[]): Promise<string[]> {
  const { code, stdout, stderr } = await query(...RANGE, ...args, '--format', 'csv');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.trimEnd().split('\r\n');
}

describe('query', () => {
  test('prints a table on stdout and its time on stderr', async () => {
    expect(await query(...RANGE, '--every', '1d', '--by', 'service', '--measures', 'count,bytes')).toEqual({
      code: 0,
      stdout: [
        'bucket                     service  count  bytes',
        '2026-03-28T00:00:00+01:00  web          2     30',
        '2026-03-29T00:00:00+01:00  cdn          3     70',
        '',
      ].join('\n'),
      stderr: '2026-03-27T23:00:00Z to 2026-03-30T22:00:00Z, Europe/Berlin\n',
    });
  });

  test('prints the answer of the server as JSON', async () => {
    const { stdout } = await query(...RANGE, '--measures', 'count,bytes', '--format', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      rows: [{ count: 5, bytes: 100 }],
      from: '2026-03-27T23:00:00Z',
      to: '2026-03-30T22:00:00Z',
    });
  });

  test('counts the first measure of the stream, of the last seven days of the server, when nothing else is said', async () => {
    expect((await query('--format', 'csv')).stdout).toBe('count\r\n5\r\n');
    expect((await query('--format', 'csv', '--since', '24h')).stdout).toBe('count\r\n2\r\n');
    expect((await cli(['query', 'usage', '--format', 'csv'], { env: client(server, 'th_north') })).stdout).toBe(
      'value\r\n0\r\n',
    );
  });

  test.each([
    [
      ['--every', '1d', '--fill'],
      ['bucket,count', '2026-03-28T00:00:00+01:00,2', '2026-03-29T00:00:00+01:00,3', '2026-03-30T00:00:00+02:00,0'],
    ],
    [
      ['--filter', 'status=200'],
      ['count', '4'],
    ],
    [
      ['--filter', 'status!=200,404'],
      ['count', '0'],
    ],
    [
      ['--filter', 'url=/a\\,b'],
      ['count', '1'],
    ],
    [
      ['--filter', 'url^=/a', '--filter', 'url~c'],
      ['count', '1'],
    ],
    [
      ['--filter', 'url='],
      ['count', '3'],
    ],
    [
      ['--by', 'service', '--order', '-count,service'],
      ['service,count', 'cdn,3', 'web,2'],
    ],
    [
      ['--by', 'service', '--order', 'bytes', '--measures', 'count,bytes', '--limit', '1'],
      ['service,count,bytes', 'web,2,30'],
    ],
    [
      ['--by', 'service', '--order', 'bytes', '--limit', '1', '--offset', '1', '--measures', 'bytes'],
      ['service,bytes', 'cdn,70'],
    ],
    [
      ['--by', 'url', '--filter', 'status=404,200'],
      ['url,count', ',3', '"/a,b",1', '/a/c,1'],
    ],
    [
      ['--descendants', '--by', 'organization'],
      ['organization,count', 'north,5', 'south,1'],
    ],
    [
      ['--organization', 'SOUTH', '--by', 'status'],
      ['status,count', '500,1'],
    ],
  ])('with %j', async (args, rows) => {
    expect(await csv(...args)).toEqual(rows);
  });

  test.each([
    [['--measures', 'nonsense'], 1, /measures\[0\].*nonsense/],
    [['--by', 'nonsense'], 1, /dimensions\[0\].*nonsense/],
    [['--every', '5 days'], 1, /bucket\.every/],
    [['--organization', 'EAST'], 1, /organization/],
    [['--filter', 'nonsense'], 2, /^tallyhouse: --filter: "nonsense" is no condition/],
    [['--limit', '-1'], 2, /--limit/],
    [['--measures', 'count,'], 2, /Give names separated by commas/],
    [['--until', '2026-01-01T00:00:00Z'], 2, /^tallyhouse: --until needs a --since/],
  ])('that cannot be answered is told in one line: %j', async (args, code, problem) => {
    const result = await query(...args);
    expect(result).toMatchObject({ code, stdout: '' });
    expect(result.stderr).toMatch(problem);
    expect(result.stderr).toMatch(/^tallyhouse: .*\n$/);
  });
});
