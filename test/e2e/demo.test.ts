import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dialects } from '../../src/dialects/registry.ts';
import { PROGRAM } from '../support/server.ts';
import { temporaryDirectoryOfSuite } from '../support/temporary-directory.ts';

const DAY_MS = 86_400_000;

/** What a new user sees: the output of `tallyhouse demo` and the lines it says to paste. */
describe('tallyhouse demo', () => {
  let child: ChildProcess;
  let printed = '';
  let url = '';
  const directory = temporaryDirectoryOfSuite();

  beforeAll(async () => {
    child = spawn(process.execPath, [PROGRAM, 'demo', '--data', join(directory(), 'demo')], {
      env: { ...process.env, TALLYHOUSE_PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise<void>((resolve, reject) => {
      child.stdout?.on('data', (chunk: Buffer) => {
        printed += chunk.toString();
        if (printed.includes('Ctrl-C ends it.')) resolve();
      });
      child.once('exit', (code) => reject(new Error(`the demo ended with ${code}: ${printed}`)));
    });
    url = /Tallyhouse is listening on (\S+)/.exec(printed)?.[1] ?? '';
  });

  afterAll(() => void child.kill('SIGKILL'));

  async function shell(line: string): Promise<unknown> {
    const { stdout } = await promisify(execFile)('sh', ['-c', line]);
    return JSON.parse(stdout) as unknown;
  }

  async function total(stream: string, key: string, measure: string): Promise<number> {
    const now = Date.now();
    const response = await fetch(`${url}/api/v1/query`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        stream,
        from: new Date(now - 30 * DAY_MS).toISOString(),
        to: new Date(now).toISOString(),
        measures: [measure],
      }),
    });
    const answer = (await response.json()) as { rows: Record<string, number>[] };
    return answer.rows[0]?.[measure] ?? 0;
  }

  it('prints one line for each dialect, and every line answers', async () => {
    const lines = printed.split('\n').map((line) => line.trim());
    for (const { demoRequest } of dialects) {
      expect(lines).toContain(demoRequest(url));
      expect(await shell(demoRequest(url))).toBeTypeOf('object');
    }
  });

  it('has something to show in the lines it prints', async () => {
    const answerOf = async (name: string): Promise<unknown> =>
      shell(dialects.find((dialect) => dialect.name === name)?.demoRequest(url) ?? '');
    const [native, tr50, contentstack] = await Promise.all(['native', 'tr50', 'contentstack'].map(answerOf));
    expect((native as { rows: unknown[] }).rows.length).toBeGreaterThan(20);
    const usage = (tr50 as { usage: { params: { total: number } } }).usage;
    expect(usage.params.total).toBeGreaterThan(100);
    const days = (contentstack as { data: { total_api_count: number; total_cdn_count: number }[] }).data;
    expect(days.reduce((sum, day) => sum + day.total_api_count + day.total_cdn_count, 0)).toBeGreaterThan(5);
  });

  it('shows the users of an app', async () => {
    const line = dialects.find(({ name }) => name === 'countly')?.demoRequest(url) ?? '';
    const answer = (await shell(line)) as Record<
      string,
      { dashboard: Record<string, { total: number }>; top: unknown }
    >;
    const { dashboard, top } = answer['30days'] ?? {};
    expect(dashboard?.['total_sessions']?.total).toBeGreaterThan(3_000);
    expect(dashboard?.['total_users']?.total).toBeGreaterThan(300);
    expect(dashboard?.['new_users']?.total).toBeGreaterThan(300);
    expect(top).toMatchObject({ platforms: [{ name: 'Android' }, { name: 'iOS' }], carriers: [{}, {}, {}] });
  });

  it.each([
    ['requests', 'th_demo_north', 'count', 10_000],
    ['usage', 'th_demo_north', 'value', 10_000],
    ['inventory', 'th_demo_north', 'rows', 20],
    ['events', 'th_demo_shop', 'count', 10_000],
    ['sessions', 'th_demo_shop', 'sessions', 3_000],
    ['visits', 'th_demo_museum', 'count', 10_000],
  ])('has 30 days of %s', async (stream, key, measure, least) => {
    expect(await total(stream, key, measure)).toBeGreaterThan(least);
  });

  it('answers the log-ins and the start page it names', async () => {
    for (const [username, password] of [
      ['ada@north.example', 'correct-horse'],
      ['selin@shop.example', 'kedi-ve-kopek'],
      ['dana@museum.example', 'open-at-nine'],
      ['ops@tallyhouse.example', 'night-shift-42'],
    ]) {
      const body = JSON.stringify({ auth: { command: 'api.authenticate', params: { username, password } } });
      const answer = (await (await fetch(`${url}/api`, { method: 'POST', body })).json()) as { auth: object };
      expect(answer.auth).toMatchObject({ success: true });
    }
    expect((await fetch(`${url}/`)).status).toBe(200);
    expect((await fetch(`${url}/docs`)).status).toBe(200);
  });

  it('drains and ends with 0 on Ctrl-C', async () => {
    const gone = once(child, 'exit');
    child.kill('SIGINT');
    expect(await gone).toEqual([0, null]);
  });

  it('refuses a directory that is not empty and not a demo’s', async () => {
    const mine = join(directory(), 'mine');
    mkdirSync(mine);
    writeFileSync(join(mine, 'thesis.txt'), 'years of work');
    const refused = promisify(execFile)(process.execPath, [PROGRAM, 'demo', '--data', mine]);
    await expect(refused).rejects.toMatchObject({
      code: 2,
      stderr: `tallyhouse: ${mine} is not empty and not a demo's; name another directory with --data\n`,
    });
  });
});
