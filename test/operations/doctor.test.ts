import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { startRedis } from '../support/redis.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { freePort } from '../cli/run-cli.ts';
import { makeCertificate } from './support/certificate.ts';
import { apply, installation, Load, run, serve, succeed, type Installation } from './support/world.ts';

interface Report {
  readonly healthy: boolean;
  readonly checks: { check: string; state: string; says: string; advice: string | null }[];
}

/** `tallyhouse doctor --json`, and its exit code. */
async function doctor(
  place: Installation,
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number; report: Report; of: (check: string) => Report['checks'][0] | undefined }> {
  const { code, stdout } = await run(place, ['doctor', '--json'], env);
  const report = JSON.parse(stdout) as Report;
  return { code, report, of: (check) => report.checks.find((finding) => finding.check === check) };
}

const troubles = ({ checks }: Report): unknown[] => checks.filter(({ state }) => state !== 'ok');

describe('tallyhouse doctor', () => {
  test('finds nothing wrong beside a server that takes rows, at rest, and without a server', async () => {
    const place = installation();
    await apply(place);
    const port = String(await freePort());
    const server = await serve(place, { TALLYHOUSE_PORT: port });
    const load = new Load(server.url, { clients: 4, prefix: 'd' });
    await sleep(1000);
    for (let round = 0; round < 3; round += 1) {
      const { code, report, of } = await doctor(place, { TALLYHOUSE_PORT: port });
      expect(troubles(report)).toEqual([]);
      expect(code).toBe(0);
      expect(of('facts')?.says).toContain('through the server');
      expect(of('server')?.says).toBe(`ready on ${server.url}`);
    }
    await load.stop();
    await server.stop();
    const { code, report, of } = await doctor(place);
    expect(troubles(report)).toEqual([]);
    expect(code).toBe(0);
    expect(of('facts')?.says).toContain('no server has it open');
    const rows = load.acknowledged.reduce((sum, { marks }) => sum + marks.length, 0);
    expect(of('balance of requests')?.says).toBe(`${rows} acknowledged = ${rows} in the facts store + 0 on their way`);
  }, 60_000);

  test('prints a line a check, and under it what to do; exit code 1', async () => {
    const place = installation();
    const { code, stdout, stderr } = await run(place, ['doctor']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ok {4}node +Node\.js v/m);
    expect(stdout).toContain(`fail  records         there is no store at ${join(place.dataDirectory, 'records.db')}\n`);
    expect(stdout).toMatch(/^ +-> check TALLYHOUSE_DATA and TALLYHOUSE_RECORDS, or start the server: it makes it$/m);
    expect(stderr).toMatch(/^tallyhouse: 2 of \d+ checks failed\n$/);
  });

  test('names a setting that is wrong, and one that is none', async () => {
    const place = installation();
    const wrong = await doctor(place, { TALLYHOUSE_PORT: 'http', TALLYHOUSE_OUTBOX_BYTES: 'lots' });
    expect(wrong.code).toBe(1);
    expect(wrong.report.checks).toMatchObject([
      { check: 'settings', state: 'fail', says: expect.stringContaining('TALLYHOUSE_PORT: "http" is not accepted') },
      { check: 'settings', state: 'fail', says: expect.stringContaining('TALLYHOUSE_OUTBOX_BYTES: "lots"') },
    ]);
    const { report } = await doctor(place, { TALLYHOUSE_PROT: '4000' });
    expect(report.checks).toContainEqual({
      check: 'settings',
      state: 'warn',
      says: 'TALLYHOUSE_PROT is not a setting and is ignored',
      advice: 'correct its name or remove it',
    });
  });

  test('says which store cannot be reached, and never a password', async () => {
    const port = await freePort();
    const place = installation({
      TALLYHOUSE_RECORDS: `postgres://tally:hunter2@127.0.0.1:${port}/records`,
      TALLYHOUSE_FACTS: `http://tally:hunter3@127.0.0.1:${port}/facts`,
    });
    const { code, stdout, stderr } = await run(place, ['doctor', '--json']);
    expect(code).toBe(1);
    const { checks } = JSON.parse(stdout) as Report;
    for (const store of ['records', 'facts']) {
      const found = checks.find(({ check }) => check === store);
      expect(found).toMatchObject({ state: 'fail', says: expect.stringContaining('ECONNREFUSED') });
    }
    expect(stdout + stderr).not.toMatch(/hunter[23]/);
    expect(stdout).toContain(`postgres://tally:***@127.0.0.1:${port}/records`);
  });

  test('asks for rights to be taken back', async () => {
    const place = installation();
    await apply(place);
    chmodSync(place.dataDirectory, 0o755);
    chmodSync(join(place.dataDirectory, 'secret.key'), 0o644);
    const { of } = await doctor(place);
    expect(of('data directory')).toMatchObject({ state: 'warn', advice: `run: chmod 700 ${place.dataDirectory}` });
    expect(of('key')).toMatchObject({
      state: 'fail',
      advice: `run: chmod 600 ${join(place.dataDirectory, 'secret.key')}`,
    });
  });

  test('looks at the certificate: its key, its end, and whether it is one', async () => {
    const place = installation();
    const folder = temporaryDirectory();
    const [long, short] = [makeCertificate(folder, 'long', 90), makeCertificate(folder, 'short', 3)];
    const seen = async (cert: string, key: string): Promise<unknown> =>
      (await doctor(place, { TALLYHOUSE_TLS_CERT: cert, TALLYHOUSE_TLS_KEY: key })).of('certificate');
    expect(await seen(long.cert, long.key)).toMatchObject({ state: 'ok' });
    expect(await seen(short.cert, short.key)).toMatchObject({
      state: 'warn',
      says: expect.stringMatching(/in 7[12]\.\d h$/),
    });
    expect(await seen(long.cert, short.key)).toMatchObject({
      state: 'fail',
      says: `${short.key} is not the key of ${long.cert}`,
    });
    expect(await seen(long.key, long.key)).toMatchObject({ state: 'fail' });
    expect(await seen('/nowhere.pem', long.key)).toMatchObject({
      state: 'fail',
      says: expect.stringContaining('no such file'),
    });
  });

  test('asks Redis', async () => {
    const place = installation();
    const redis = await startRedis();
    expect((await doctor(place, { TALLYHOUSE_REDIS: redis.url })).of('redis')).toMatchObject({ state: 'ok' });
    await redis.stop();
    expect((await doctor(place, { TALLYHOUSE_REDIS: redis.url })).of('redis')).toMatchObject({
      state: 'warn',
      advice: expect.stringContaining('TALLYHOUSE_REDIS'),
    });
  }, 60_000);

  test('works beside a server whose data directory has too long a name for a socket', async () => {
    const place = installation();
    const long = join(place.dataDirectory, 'x'.repeat(120));
    mkdirSync(long);
    writeFileSync(join(long, 'kept'), '');
    const server = await serve({ ...place, dataDirectory: long });
    expect(server.output()).toContain('the name of TALLYHOUSE_DATA is too long for a socket');
    const { code, of } = await doctor({ ...place, dataDirectory: long });
    expect(code).toBe(0);
    expect(of('facts')).toMatchObject({ state: 'warn', says: expect.stringMatching(/process \d+ has it open/) });
    const backup = await run({ ...place, dataDirectory: long }, ['backup', join(temporaryDirectory(), 'backup')]);
    expect(backup.code).toBe(1);
    expect(backup.stderr).toMatch(/process \d+ has it open, and no server answers on control\.sock/);
    await server.stop();
    await succeed({ ...place, dataDirectory: long }, ['backup', join(temporaryDirectory(), 'backup')]);
  }, 60_000);
});
