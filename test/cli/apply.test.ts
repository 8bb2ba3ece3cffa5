import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { startServer } from '../support/server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { cli, type CliResult } from './run-cli.ts';

// Each test starts several processes, perhaps on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const NORTH = `
users:
  - {email: ada@north.example, password: correct-horse}
organizations:
  - key: NORTH
    name: North
    timezone: America/New_York
    members: [{user: ada@north.example, role: owner}]
    native_keys: [{key: th_north_1, scopes: [ingest, read]}]
`;

/** A data directory of the test, and `apply` on it. */
function fresh(): (text: string, ...args: readonly string[]) => Promise<CliResult> {
  const directory = temporaryDirectory();
  return async (text, ...args) => cli(['apply', '-', ...args], { env: { TALLYHOUSE_DATA: directory }, stdin: text });
}

describe('apply', () => {
  test('makes what the file lists and says so; the same file again changes nothing', async () => {
    const apply = fresh();
    const first = await apply(NORTH);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(
      /^created user ada@north\.example\ncreated organization NORTH\ncreated member ada@north\.example in NORTH\ncreated native key th_no… in NORTH\nGenerated, and shown only this once:\n  countly_api_key of user ada@north\.example  [0-9a-f]{32}\n$/,
    );
    expect(await apply(NORTH)).toEqual({ code: 0, stdout: 'nothing to change\n', stderr: '' });
  });

  test('prints secrets that it made up once', async () => {
    const apply = fresh();
    const file = 'organizations: [{key: A, name: A, native_keys: [{scopes: [read]}]}]';
    const { stdout } = await apply(file, '--json');
    const { changes, secrets } = JSON.parse(stdout) as { changes: unknown[]; secrets: { value: string }[] };
    expect(changes).toHaveLength(2);
    expect(secrets).toEqual([
      {
        kind: 'native key',
        name: expect.stringMatching(/^th_.*…$/),
        organization: 'A',
        path: 'organizations[0].native_keys[0]',
        field: 'key',
        value: expect.stringMatching(/^th_[0-9a-f]{40}$/),
      },
    ]);
    expect((await apply(file, '--json')).stdout).toBe('{"dry_run":false,"changes":[],"secrets":[]}\n');
  });

  test('with --dry-run says what would change and changes nothing', async () => {
    const apply = fresh();
    const dry = await apply(NORTH, '--dry-run');
    expect(dry.code).toBe(0);
    expect(dry.stdout).toMatch(
      /^Nothing was changed; without --dry-run this would be:\ncreated user ada@north\.example\ncreated organization NORTH\n/,
    );
    expect(dry.stdout).not.toContain('Generated');
    expect((await apply(NORTH)).stdout).toMatch(/^created user ada/);
  });

  test('removes what the file leaves out only with --prune', async () => {
    const apply = fresh();
    await apply(NORTH);
    const less = 'organizations: [{key: NORTH, name: Northern, native_keys: []}]';
    expect((await apply(less)).stdout).toBe('changed organization NORTH: name\n');
    expect((await apply(less, '--prune')).stdout).toBe('removed native key th_no… in NORTH\n');
    expect((await apply(less, '--prune')).stdout).toBe('nothing to change\n');
  });

  test('tells every mistake by its path, changes nothing and ends with 1', async () => {
    const apply = fresh();
    const file = `
organizations:
  - key: NORTH
    name: North
    timezone: Mars
    products:
      - system_name: weather
        name: Weather
        plans: [{system_name: free, name: Free, limits: [{metric: hit, period: day, value: 10}]}]
`;
    expect(await apply(file)).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'organizations[0].timezone: unknown time zone "Mars" (line 5)\n' +
        'tallyhouse: standard input has a mistake; nothing was changed\n',
    });
    const { code, stdout, stderr } = await apply(file.replace('Mars', 'UTC'), '--json');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^organizations\[0\]\.products\[0\]\.plans\[0\]\.limits\[0\]\.metric: unknown metric "hit".* \(line 9\)\n/,
    );
    expect(JSON.parse(stdout)).toEqual({
      mistakes: [
        {
          kind: 'invalid',
          path: 'organizations[0].products[0].plans[0].limits[0].metric',
          reason: expect.stringContaining('unknown metric "hit"'),
          line: 9,
        },
      ],
    });
    expect((await apply('organizations: [{key: NORTH, name: North}]')).stdout).toMatch(/^created organization NORTH\n/);
  });

  test('ends with 2 when the file or the settings cannot be read', async () => {
    const env = { TALLYHOUSE_DATA: temporaryDirectory() };
    expect(await cli(['apply', '/nonexistent.yaml'], { env })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^tallyhouse: cannot read the file: .*\/nonexistent\.yaml'\n$/),
    });
    expect(await cli(['apply'], { env })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^tallyhouse: missing required argument 'file' .*\n$/),
    });
    expect(await cli(['apply', '-'], { env: { ...env, TALLYHOUSE_ZONE: 'Mars' } })).toMatchObject({
      code: 2,
      stderr: 'tallyhouse: TALLYHOUSE_ZONE: "Mars" is not accepted; give an IANA time zone, e.g. Europe/Berlin\n',
    });
    expect(
      await cli(['apply', '-'], { env: { ...env, TALLYHOUSE_RECORDS: 'sqlite:/dev/null/records.db' } }),
    ).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^tallyhouse: .*records.*\n$/),
    });
  });
});

test('a running server sees what apply changed within a second', async () => {
  const server = await startServer({ directory: NORTH });
  onTestFinished(async () => void (await server.stop()));
  const answers = async (key: string): Promise<number> =>
    (await fetch(`${server.url}/api/v1/streams`, { headers: { authorization: `Bearer ${key}` } })).status;
  const env = { TALLYHOUSE_DATA: server.dataDirectory };
  expect([await answers('th_north_1'), await answers('th_north_2')]).toEqual([200, 401]);

  const more = NORTH.replace('native_keys: [', 'native_keys: [{key: th_north_2, scopes: [read]}, ');
  expect((await cli(['apply', '-'], { env, stdin: more })).stdout).toBe('created native key th_no… in NORTH\n');
  await sleep(1_000);
  expect([await answers('th_north_1'), await answers('th_north_2')]).toEqual([200, 200]);

  const file = join(temporaryDirectory(), 'directory.json');
  writeFileSync(file, '{"organizations":[{"key":"NORTH","native_keys":[]}]}');
  expect((await cli(['apply', file, '--prune'], { env })).stdout).toMatch(
    /^(removed native key th_no… in NORTH\n){2}$/,
  );
  await sleep(1_000);
  expect([await answers('th_north_1'), await answers('th_north_2')]).toEqual([401, 401]);
});
