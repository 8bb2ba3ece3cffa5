import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startServer, type TestServer } from '../support/server.ts';
import { cli, type CliResult } from './run-cli.ts';

// Each test starts several processes, perhaps on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const DIRECTORY = `
users: [{email: ada@north.example, password: correct-horse, countly_api_key: 0123456789abcdef0123456789abcdef}]
organizations:
  - {key: NORTH, uid: north, name: North, native_keys: [{key: th_admin_0123, scopes: [admin], label: first}]}
  - {key: SOUTH, uid: south, name: South}
`;

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY });
});
afterAll(async () => server.stop());

async function run(args: readonly string[], stdin = ''): Promise<CliResult> {
  return cli(args, { env: { TALLYHOUSE_DATA: server.dataDirectory }, stdin });
}

async function statusWith(key: string): Promise<number> {
  return (await fetch(`${server.url}/api/v1/streams`, { headers: { authorization: `Bearer ${key}` } })).status;
}

async function auditedEvents(): Promise<unknown[]> {
  const headers = { authorization: 'Bearer th_admin_0123' };
  const body = (await (await fetch(`${server.url}/api/v1/audit`, { headers })).json()) as { events: object[] };
  return body.events;
}

/** What a program gets that asks for JSON. */
async function json<T>(...args: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await run(args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as T;
}

describe('keys', () => {
  test('are printed once, work at once, are listed without themselves, and end when they are revoked', async () => {
    const added = await run(['key', 'add', '--organization', 'NORTH', '--scopes', 'read', '--label', 'of Ann']);
    expect(added.stderr).toBe('');
    const [, id = '', key = ''] =
      /^created native key (\d+) in NORTH\nGenerated, and shown only this once:\n {2}key of native key th_[0-9a-f]{5}… in NORTH {2}(th_[0-9a-f]{40})\n$/.exec(
        added.stdout,
      ) ?? [];
    await sleep(1_000);
    expect(await statusWith(key)).toBe(200);

    const listed = await run(['key', 'list', '--organization', 'north']);
    expect(listed.stdout.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, '<time>')).toBe(
      'id  organization  key        scopes  label   created_at\n' +
        '1   NORTH         th_adm…    admin   first   <time>\n' +
        `${id}   NORTH         ${key.slice(0, 8)}…  read    of Ann  <time>\n`,
    );

    expect(await run(['key', 'revoke', id])).toEqual({
      code: 0,
      stdout: `revoked native key ${id} (${key.slice(0, 8)}…) in NORTH\n`,
      stderr: '',
    });
    await sleep(1_000);
    expect(await statusWith(key)).toBe(401);
    expect(await json<{ id: string }[]>('key', 'list', '--format', 'json')).toEqual([
      expect.objectContaining({ id: '1' }),
    ]);
    expect(await run(['key', 'revoke', id])).toMatchObject({
      code: 1,
      stderr: `tallyhouse: there is no key "${id}"; "tallyhouse key list" names them\n`,
    });
    expect(await auditedEvents()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ event: 'key.revoked', actor: 'cli' }),
        expect.objectContaining({ event: 'key.created', actor: 'cli' }),
      ]),
    );
    expect(JSON.stringify(await auditedEvents())).not.toContain(key);
  });

  test('that cannot be made are told', async () => {
    expect(await run(['key', 'add', '--organization', 'EAST'])).toMatchObject({
      code: 1,
      stderr: 'tallyhouse: there is no organization "EAST"\n',
    });
    expect(await run(['key', 'add', '--organization', 'NORTH', '--scopes', 'read,write'])).toMatchObject({
      code: 2,
      stderr: 'tallyhouse: --scopes: there is no scope "write"; there are ingest, read, admin\n',
    });
    expect(await run(['key', 'add'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^tallyhouse: required option '--organization <name>' not specified .*\n$/),
    });
  });
});

describe('users', () => {
  test('get a password from standard input, or one that is made up and printed once', async () => {
    const given = await run(
      ['user', 'add', 'ben@north.example', '--password-stdin', '--organization', 'NORTH', '--role', 'viewer'],
      'battery-staple\nrest\n',
    );
    expect(given.stdout).toMatch(
      /^created user ben@north\.example, viewer in NORTH\nGenerated, and shown only this once:\n  countly_api_key of user ben@north\.example  [0-9a-f]{32}\n$/,
    );
    const made = await json<Record<string, unknown>>(
      'user',
      'add',
      'cora@north.example',
      '--timezone',
      'Europe/Berlin',
      '--json',
    );
    expect(made).toMatchObject({
      email: 'cora@north.example',
      username: 'cora',
      timezone: 'Europe/Berlin',
      password: expect.stringMatching(/^\w{20}$/),
    });
    expect(await run(['user', 'list', '--format', 'csv'])).toMatchObject({
      stdout:
        'email,username,first_name,last_name,timezone,super_ops,sso_only,enabled\r\n' +
        'ada@north.example,ada,,,,no,no,yes\r\n' +
        'ben@north.example,ben,,,,no,no,yes\r\n' +
        'cora@north.example,cora,,,Europe/Berlin,no,no,yes\r\n',
    });
    // Applying the same password changes nothing, so it is the one that was stored.
    const applied = await run(['apply', '-'], 'users: [{email: ben@north.example, password: battery-staple}]');
    expect(applied.stdout).toBe('nothing to change\n');
    expect((await run(['apply', '-'], 'users: [{email: ben@north.example, password: other-horse}]')).stdout).toMatch(
      /: password\n/,
    );
  });

  test('are shut out', async () => {
    await run(['user', 'add', 'dan@north.example']);
    expect(await run(['user', 'revoke', 'DAN@north.example'])).toEqual({
      code: 0,
      stdout: 'shut out user DAN@north.example\n',
      stderr: '',
    });
    const users = await json<{ email: string; enabled: string }[]>('user', 'list', '--format', 'json');
    expect(users.find(({ email }) => email === 'dan@north.example')?.enabled).toBe('no');
  });

  test.each([
    [['revoke', 'nobody@north.example'], 1, 'there is no user "nobody@north.example"'],
    [['add', 'ada@north.example'], 1, 'email: is that of another user'],
    [['add', 'no-address'], 1, 'email: must be an e-mail address'],
    [['add', 'eve@north.example', '--organization', 'EAST'], 1, 'there is no organization "EAST"'],
    [['add', 'eve@north.example', '--timezone', 'Mars'], 1, 'timezone: unknown time zone "Mars"'],
    [['add', 'eve@north.example', '--password-stdin'], 2, 'standard input has no password in its first line'],
    [['add', 'eve@north.example', '--ask-password'], 2, 'there is no terminal to ask on: use --password-stdin'],
    [
      ['add', 'eve@north.example', '--sso-only', '--password-stdin'],
      2,
      'give one of --password-stdin, --ask-password and --sso-only',
    ],
  ])('%j is refused', async (args, code, problem) => {
    expect(await run(['user', ...args])).toEqual({ code, stdout: '', stderr: `tallyhouse: ${problem}\n` });
    const users = await json<{ email: string }[]>('user', 'list', '--format', 'json');
    expect(users.map(({ email }) => email)).not.toContain('eve@north.example');
  });
});

describe('OAuth clients', () => {
  test('get a secret that is printed once, are listed without it, and are removed', async () => {
    const made = await json<Record<string, string>>(
      'client',
      'add',
      '--organization',
      'SOUTH',
      '--owner',
      'ada@north.example',
      '--json',
    );
    expect(made).toMatchObject({
      client_id: expect.stringMatching(/^\w{40}$/),
      client_secret: expect.stringMatching(/^\w{64}$/),
      type: 'confidential',
      grant: 'client-credentials',
    });
    const open = ['--type', 'public', '--grant', 'password', '--id', 'phone', '--name', 'Phone app'];
    expect(
      (await run(['client', 'add', '--organization', 'SOUTH', '--owner', 'ada@north.example', ...open])).stdout,
    ).toBe('created OAuth client phone in SOUTH\n');
    const listed = await json<unknown[]>('client', 'list', '--format', 'json');
    expect(JSON.stringify(listed)).not.toContain(made['client_secret']);
    expect(listed).toContainEqual({
      client_id: 'phone',
      organization: 'SOUTH',
      type: 'public',
      grant: 'password',
      owner: 'ada@north.example',
      name: 'Phone app',
      created_at: expect.stringMatching(/Z$/),
    });
    expect((await run(['client', 'revoke', 'phone'])).stdout).toBe('removed OAuth client phone in SOUTH\n');
    expect(await json<unknown[]>('client', 'list', '--format', 'json')).toHaveLength(1);
    expect(await run(['client', 'revoke', 'phone'])).toMatchObject({ code: 1 });
  });
});
