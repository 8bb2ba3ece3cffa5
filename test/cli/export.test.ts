import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { startServer, type TestServer } from '../support/server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { cli, client, startCli, type CliResult } from './run-cli.ts';

// Each test starts several processes, perhaps on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const DIRECTORY = `
organizations:
  - key: NORTH
    uid: north
    name: North
    native_keys: [{key: th_north, scopes: [ingest, read]}]
    apps: [{id: 5f0000000000000000000001, name: Shop}]
  - {key: SOUTH, uid: south, name: South, parent: north, native_keys: [{key: th_south, scopes: [ingest, read]}]}
`;

const REQUESTS = [
  {
    time: '2026-01-01T00:00:00.000Z',
    organization: 'north',
    id: 'a',
    service: 'web',
    url: '/a?b="c",d',
    status: 200,
    bytes: 12345678901,
    duration_ms: 0,
  },
  {
    time: '2026-01-01T00:00:00.001Z',
    organization: 'north',
    id: 'b',
    service: 'wéb 🎉',
    device: 'two\nlines\r\nand a \\ and a \u0001',
    user: "'",
    count: 3,
  },
  { time: '2026-01-02T00:00:00.000Z', organization: 'south', id: 'c,"d"', service: 'NULL', url: ' \\N ', user: '-' },
];
const EVENTS = [
  {
    time: '2026-01-01T00:00:00.000Z',
    organization: 'north',
    id: 'a',
    app: '5f0000000000000000000001',
    device: 'd',
    key: 'buy',
    sum: 0.1,
    duration: 1e-7,
    segmentation: { a: 'x,"y"\n', b: 1.5, c: true },
  },
  {
    time: '2026-01-01T00:00:01.000Z',
    organization: 'north',
    id: 'b',
    app: '5f0000000000000000000001',
    device: 'd',
    key: 'buy',
    count: 9007199254740991,
  },
];

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY });
  expect(await importText('requests', ndjson(REQUESTS), 'ndjson', server)).toMatchObject({ code: 0 });
  expect(await importText('events', ndjson(EVENTS), 'ndjson', server)).toMatchObject({ code: 0 });
});
afterAll(async () => server.stop());

function ndjson(rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

async function importText(stream: string, stdin: string, format: string, to: TestServer): Promise<CliResult> {
  return cli(['import', stream, '-', '--format', format, '--strict'], { env: client(to, 'th_north'), stdin });
}

async function exported(from: TestServer, stream: string, ...args: readonly string[]): Promise<string> {
  const result = await cli(['export', stream, '--descendants', ...args], { env: client(from, 'th_north') });
  expect(result).toMatchObject({ code: 0, stderr: '' });
  return result.stdout;
}

function rowsOf(text: string): unknown[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

test('rows are exported as they came in', async () => {
  const defaults = { bytes: 0, count: 1 };
  expect(rowsOf(await exported(server, 'requests'))).toEqual(REQUESTS.map((row) => ({ ...defaults, ...row })));
  expect(rowsOf(await exported(server, 'events'))).toEqual(
    EVENTS.map((row) => ({ count: 1, sum: 0, duration: 0, ...row })),
  );
});

test('without --descendants there are only rows of the organization itself, with --organization those of another', async () => {
  const own = await cli(['export', 'requests', '--format', 'csv'], { env: client(server, 'th_north') });
  expect(own.stdout.match(/"south"/g)).toBeNull();
  const south = await cli(['export', 'requests', '--organization', 'SOUTH'], { env: client(server, 'th_north') });
  expect(rowsOf(south.stdout)).toEqual([expect.objectContaining({ id: 'c,"d"', service: 'NULL' })]);
});

test('--since is included and --until is not', async () => {
  const range = ['--since', '2026-01-01T00:00:00.001Z', '--until', '2026-01-02', '--zone', 'UTC'];
  expect(rowsOf(await exported(server, 'requests', ...range))).toEqual([expect.objectContaining({ id: 'b' })]);
});

test.each(['csv', 'ndjson'])(
  'another server that imports the export as %s has the same facts',
  async (format) => {
    const other = await startServer({ directory: DIRECTORY });
    onTestFinished(async () => void (await other.stop()));
    for (const stream of ['requests', 'events']) {
      const rows = await exported(server, stream, '--format', format);
      expect(await importText(stream, rows, format, other)).toMatchObject({ code: 0 });
      expect(await exported(other, stream, '--format', format)).toBe(rows);
      // A second time they are known by their ids.
      const again = await importText(stream, rows, format, other);
      expect(again.stdout).toMatch(/accepted +0\n/);
    }
  },
  60_000,
);

test('Parquet is a file that the engine reads back, with types', async () => {
  const file = join(temporaryDirectory(), 'requests.parquet');
  expect(await exported(server, 'requests', '--format', 'parquet', '--out', file)).toBe('');
  const script = `
    const { query } = require('chdb');
    process.stdout.write(query("SELECT toString(time), service, bytes, duration_ms, user FROM file('${file}', Parquet) ORDER BY time FORMAT JSONCompactEachRow"));
    process.stdout.write(query("SELECT DISTINCT toTypeName(time), toTypeName(bytes) FROM file('${file}', Parquet) FORMAT JSONCompactEachRow"));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { cwd: process.cwd() });
  expect(rowsOf(stdout)).toEqual([
    ['2026-01-01 00:00:00.000', 'web', 12345678901, 0, null],
    ['2026-01-01 00:00:00.001', 'wéb 🎉', 0, null, "'"],
    ['2026-01-02 00:00:00.000', 'NULL', 0, null, '-'],
    [
      expect.stringMatching(/^(Nullable\()?DateTime64\(3, 'UTC'\)\)?$/),
      expect.stringMatching(/^(Nullable\()?U?Int64\)?$/),
    ],
  ]);
});

describe('--out', () => {
  test('replaces an earlier file with the whole new one, and leaves nothing else behind', async () => {
    const directory = temporaryDirectory();
    const file = join(directory, 'rows.ndjson');
    writeFileSync(file, 'old\n');
    expect(await exported(server, 'requests', '--out', file)).toBe('');
    expect(rowsOf(readFileSync(file, 'utf8'))).toHaveLength(3);
    expect(readdirSync(directory)).toEqual(['rows.ndjson']);
  });

  test('writes to what is no file directly', async () => {
    const pipe = join(temporaryDirectory(), 'pipe');
    await promisify(execFile)('mkfifo', [pipe]);
    const [read] = await Promise.all([readFile(pipe, 'utf8'), exported(server, 'requests', '--out', pipe)]);
    expect(rowsOf(read)).toHaveLength(3);
    expect(statSync(pipe).isFIFO()).toBe(true);
  });

  test('keeps the earlier file when the answer breaks off or is a refusal', async () => {
    const directory = temporaryDirectory();
    const file = join(directory, 'rows.ndjson');
    writeFileSync(file, 'old\n');
    // Half an answer, as a server gives it that dies while it exports.
    const dying = createServer((request, response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' }).write('{"time":');
      setTimeout(() => request.socket.destroy(), 100);
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void dying.close());
    await once(dying, 'listening');
    const url = `http://127.0.0.1:${(dying.address() as AddressInfo).port}`;

    expect(await cli(['export', 'requests', '--out', file], { env: client({ url }, 'k') })).toEqual({
      code: 1,
      stdout: '',
      stderr: 'tallyhouse: the export broke off after 8 bytes; no file was written\n',
    });
    expect(await cli(['export', 'requests', '--out', file], { env: client(server, 'wrong') })).toMatchObject({
      code: 1,
    });
    expect(readFileSync(file, 'utf8')).toBe('old\n');
    expect(readdirSync(directory)).toEqual(['rows.ndjson']);
  });

  test('that cannot be written is told', async () => {
    const result = await cli(['export', 'requests', '--out', '/dev/null/rows'], { env: client(server, 'th_north') });
    expect(result).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^tallyhouse: --out: .*not a directory.*\n$/),
    });
  });
});

test('a reader that has had enough ends the export quietly', async () => {
  const { child } = startCli(['export', 'requests', '--format', 'csv'], { env: client(server, 'th_north') });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdout.destroy();
  await once(child, 'exit');
  expect([child.exitCode, stderr]).toEqual([0, '']);
});
