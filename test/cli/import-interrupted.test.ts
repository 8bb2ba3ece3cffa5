import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { startServer, type TestServer } from '../support/server.ts';
import { cli, client, freePort, startCli } from './run-cli.ts';

const LINES = 20_000;
const DIRECTORY = 'organizations:\n  - {key: A, name: A, native_keys: [{key: th_a, scopes: [ingest, read]}]}\n';
const IMPORT = ['import', 'requests', '-', '--format', 'combined'];

/** Lines of a log that are all different. */
function log(from: number, to: number): string {
  let text = '';
  for (let n = from; n < to; n += 1) {
    const clock = [n / 3600, (n / 60) % 60, n % 60].map((part) => String(Math.floor(part)).padStart(2, '0')).join(':');
    text += `10.0.0.1 - - [01/Jan/2026:${clock} +0000] "GET /${n} HTTP/1.1" 200 1 "-" "curl"\n`;
  }
  return text;
}

async function stored(server: Pick<TestServer, 'url'>): Promise<number> {
  const range = ['--since', '2026-01-01T00:00:00Z', '--until', '2026-01-03T00:00:00Z'];
  const { stdout } = await cli(['query', 'requests', ...range, '--format', 'csv'], { env: client(server, 'th_a') });
  return Number(stdout.split('\r\n')[1]);
}

/** An import that has stored a part of what it was given, and waits for more. */
async function halfWay(server: TestServer, ...args: readonly string[]) {
  const running = startCli([...IMPORT, ...args], { env: client(server, 'th_a'), stdin: null });
  const outcome = running.done();
  running.child.stdin.write(log(0, LINES / 2));
  while ((await stored(server)) === 0) await sleep(20);
  return { ...running, outcome };
}

test.each(['SIGKILL', 'SIGINT'] as const)(
  'an import ended by %s is finished by the same command, and each line is stored once',
  async (signal) => {
    const server = await startServer({ directory: DIRECTORY });
    onTestFinished(async () => void (await server.stop()));
    const first = await halfWay(server);
    first.child.kill(signal);
    const ended = await first.outcome;
    const before = await stored(server);
    expect(before).toBeLessThan(LINES);
    if (signal === 'SIGKILL') expect(ended).toEqual({ code: null, stdout: '', stderr: '' });
    else {
      expect(ended).toEqual({
        code: 1,
        stdout: '',
        stderr: `before it ended: ${before} accepted, 0 duplicate, 0 rejected\ntallyhouse: interrupted; the same command goes on where this one ended\n`,
      });
    }

    const second = await cli([...IMPORT, '--json'], { env: client(server, 'th_a'), stdin: log(0, LINES) });
    expect(JSON.parse(second.stdout)).toEqual({
      lines: LINES,
      accepted: LINES - before,
      duplicate: before,
      rejected: 0,
      repeated: 0,
    });
    expect(await stored(server)).toBe(LINES);
  },
  120_000,
);

test('an import survives that its server is killed and comes back', async () => {
  const env = { TALLYHOUSE_PORT: String(await freePort()) };
  const first = await startServer({ directory: DIRECTORY, env });
  const running = await halfWay(first, '--json');
  running.child.stdin.end(log(LINES / 2, LINES));
  await first.kill();
  await sleep(1_000);
  const second = await startServer({ env, dataDirectory: first.dataDirectory });
  onTestFinished(async () => void (await second.stop()));

  const { code, stdout, stderr } = await running.outcome;
  expect(stderr).toMatch(/^(no answer from http:\/\/127\.0\.0\.1:\d+: .+; trying again in \d+ s\n)+$/);
  expect(code).toBe(0);
  const { repeated = Number.NaN, ...counts } = JSON.parse(stdout) as Record<string, number>;
  // What was stored before its answer got lost is a duplicate of itself, and said to be.
  expect(counts).toEqual({ lines: LINES, accepted: LINES - repeated, duplicate: repeated, rejected: 0 });
  expect(await stored(second)).toBe(LINES);
}, 120_000);

test('an import gives up on a server that stays away, and says what to do', async () => {
  const server = await startServer({ directory: DIRECTORY });
  const running = await halfWay(server, '--patience', '1');
  await server.kill();
  running.child.stdin.end(log(LINES / 2, LINES));
  const { code, stdout, stderr } = await running.outcome;
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(
    /tallyhouse: no answer from http:\S+: nothing listens there; the same command goes on where this one ended\n$/,
  );
}, 60_000);

test('a server that takes only small requests, and few a second, gets them so', async () => {
  const env = { TALLYHOUSE_BODY_BYTES: '100K', TALLYHOUSE_NATIVE_RATE: '5' };
  const server = await startServer({ directory: DIRECTORY, env });
  onTestFinished(async () => void (await server.stop()));
  const { code, stdout, stderr } = await cli(IMPORT, { env: client(server, 'th_a'), stdin: log(0, 2_000) });
  expect(stdout).toBe('lines      2000\naccepted   2000\nduplicate     0\nrejected      0\n');
  expect(code).toBe(0);
  expect(stderr).toMatch(/^http:\S+ cannot take this now: .*[^.]; trying again in 1 s\n$/);
}, 60_000);
