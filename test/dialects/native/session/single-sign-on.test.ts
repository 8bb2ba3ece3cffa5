import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { freePort } from '../../../cli/run-cli.ts';
import { startBrowser } from '../../../support/browser.ts';
import { CLIENT, startIdentityProvider, type TestIdentityProvider } from '../../../support/identity-provider.ts';
import { applyDirectory, environment, startServer, type TestServer } from '../../../support/server.ts';
import { Client } from '../support/client.ts';
import { Visitor } from './visitor.ts';

const ACCOUNTS = {
  ada: { email: 'Ada@north.example', email_verified: true },
  ben: { email: 'ben@north.example', email_verified: true },
  super: { email: 'ops@tallyhouse.example', email_verified: true },
  late: { email: 'ada@north.example', email_verified: false },
  silent: { email: 'ben@north.example' },
  nameless: {},
  stranger: { email: 'eve@north.example', email_verified: true },
  elsewhere: { email: 'cem@other.example', email_verified: true },
  gone: { email: 'off@north.example', email_verified: true },
  alone: { email: 'alone@north.example', email_verified: true },
};
const DIRECTORY = `
users:
  - {email: ada@north.example, sso_only: true, first_name: Ada, last_name: North, timezone: America/New_York}
  - {email: ben@north.example, password: battery-staple}
  - {email: ops@tallyhouse.example, password: night-shift-42, super_ops: true}
  - {email: cem@other.example, password: kedi-ve-kopek}
  - {email: off@north.example, password: kedi-ve-kopek, enabled: false}
  - {email: alone@north.example, password: kedi-ve-kopek}
organizations:
  - {key: NORTH, name: North, native_keys: [{key: th_north, scopes: [ingest, read, admin]}],
     members: [{user: ada@north.example, role: owner}, {user: ben@north.example, role: viewer}, {user: cem@other.example, role: owner},
               {user: off@north.example, role: owner}]}
  - {key: LAB, name: Lab, parent: NORTH}
  - {key: SHOP, name: Shop, members: [{user: ada@north.example, role: viewer}]}
`;

let dataDirectory = '';
let port = 0;
let base = '';
let provider: TestIdentityProvider;
let server: TestServer;

const settings = (): Record<string, string> => ({
  TALLYHOUSE_PORT: String(port),
  TALLYHOUSE_TRUST_PROXY: '1',
  TALLYHOUSE_OIDC_ISSUER: provider.issuer,
  TALLYHOUSE_OIDC_CLIENT_ID: CLIENT.id,
  TALLYHOUSE_OIDC_CLIENT_SECRET: CLIENT.secret,
  TALLYHOUSE_OIDC_BASE_URL: base,
  TALLYHOUSE_OIDC_DOMAINS: 'north.example,tallyhouse.example',
});

beforeAll(async () => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'tallyhouse-test-'));
  port = await freePort();
  base = `http://127.0.0.1:${port}`;
  provider = await startIdentityProvider({
    port: await freePort(),
    redirectUri: `${base}/login/callback`,
    accounts: ACCOUNTS,
    claimsIn: 'id-token',
  });
  await applyDirectory(DIRECTORY, environment(dataDirectory, {}));
  server = await startServer({ dataDirectory, env: settings() });
});
afterAll(async () => {
  await server.stop();
  await provider.stop();
  rmSync(dataDirectory, { recursive: true, force: true });
});
beforeEach(() => {
  provider.mood = 'well';
});

/** Goes to the provider and logs in there; returns where the provider sends the browser, not gone to yet. */
async function returning(visitor: Visitor, account: keyof typeof ACCOUNTS | '', path = '/login'): Promise<string> {
  const page = await visitor.follow(`${base}${path}`);
  expect(page.response.status).toBe(200);
  await page.response.arrayBuffer();
  const sent = await visitor.ask(page.url, { method: 'POST', body: new URLSearchParams({ account }) });
  await sent.arrayBuffer();
  const { url } = await visitor.follow(new URL(sent.headers.get('location') ?? '', page.url).href, (at) =>
    at.startsWith(base),
  );
  return url;
}

async function loggedIn(account: keyof typeof ACCOUNTS, path?: string): Promise<Visitor> {
  const visitor = new Visitor();
  const response = await visitor.ask(await returning(visitor, account, path));
  expect([response.status, await response.text()]).toEqual([303, '']);
  return visitor;
}

/** Status and heading of a page. */
async function page(response: Response): Promise<[number, string | undefined]> {
  return [response.status, /<h1>(.*)<\/h1>/.exec(await response.text())?.[1]];
}

const json = async (response: Response): Promise<unknown> => response.json();

describe('a log-in', () => {
  test('uses PKCE, state and nonce, and its cookies are out of the reach of scripts', async () => {
    const response = await new Visitor('192.0.2.1').ask(`${base}/login`);
    expect(response.status).toBe(303);
    const to = new URL(response.headers.get('location') ?? '');
    expect(to.origin).toBe(provider.issuer);
    expect(Object.fromEntries(to.searchParams)).toEqual({
      client_id: 'tallyhouse',
      redirect_uri: `${base}/login/callback`,
      response_type: 'code',
      scope: 'openid email',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^tallyhouse-login=[0-9a-f]{40}; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/),
    ]);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  test('ends with a session, which the native API takes, in a cookie or as a bearer token', async () => {
    const visitor = new Visitor();
    const callback = await visitor.ask(await returning(visitor, 'ada', '/login?next=/docs'));
    expect(callback.headers.get('location')).toBe('/docs');
    expect(callback.headers.getSetCookie()).toEqual([
      'tallyhouse-login=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax',
      expect.stringMatching(/^tallyhouse=ths_[0-9a-f]{40}; Path=\/; Max-Age=86400; HttpOnly; SameSite=Lax$/),
    ]);

    const north = { uid: expect.any(String), key: 'NORTH', name: 'North', timezone: 'UTC' };
    const user = {
      email: 'ada@north.example',
      username: expect.any(String),
      first_name: 'Ada',
      last_name: 'North',
      timezone: 'America/New_York',
    };
    expect(await json(await visitor.ask(`${base}/api/v1/session`))).toEqual({
      log_in: '/login',
      user,
      organization: north,
      scopes: ['ingest', 'read', 'admin'],
      choices: ['LAB', 'NORTH', 'SHOP'].map((key) => expect.objectContaining({ key })),
    });
    expect(await json(await visitor.ask(`${base}/api/v1/whoami`))).toMatchObject({
      user,
      organization: north,
      covers: [{ key: 'NORTH' }, { key: 'LAB' }],
    });

    const minted = await visitor.ask(`${base}/api/v1/session/tokens`, { method: 'POST' });
    expect(minted.status).toBe(201);
    const { token } = (await minted.json()) as { token: string };
    const script = new Client(base, token);
    await script.count('requests', [{ id: '1', time: '2026-01-01T00:00:00Z', service: 'web' }]);
    const query = { stream: 'requests', from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z', measures: ['count'] };
    expect(await script.query(query)).toEqual([{ count: 1 }]);
  });

  test('goes nowhere but to this server', async () => {
    for (const next of ['//evil.example', 'https://evil.example/', '/\\evil.example', 'evil']) {
      const visitor = new Visitor();
      const url = await returning(visitor, 'ben', `/login?next=${encodeURIComponent(next)}`);
      expect((await visitor.ask(url)).headers.get('location')).toBe('/');
    }
  });

  test('is put on record, and so is the end of its session', async () => {
    const visitor = await loggedIn('ada');
    const cookie = visitor.cookies.get('tallyhouse') ?? '';
    expect((await visitor.ask(`${base}/logout`, { method: 'POST' })).status).toBe(204);
    expect(visitor.cookies.has('tallyhouse')).toBe(false);
    expect((await new Client(base, cookie).send('/api/v1/whoami')).status).toBe(401);
    const { json: audit } = await new Client(base, 'th_north').send('/api/v1/audit?limit=2');
    expect(audit).toMatchObject({
      events: [
        { event: 'logout.succeeded', actor: 'ada@north.example', detail: { source: 'oidc' } },
        { event: 'login.succeeded', actor: 'ada@north.example', address: visitor.address, detail: { source: 'oidc' } },
      ],
    });
  });

  test('neither sees nor lifts a lock-out of guessed passwords', async () => {
    const password = async (guess: string): Promise<unknown> => {
      const auth = { command: 'api.authenticate', params: { username: 'ben@north.example', password: guess } };
      return json(await fetch(`${base}/api`, { method: 'POST', body: JSON.stringify({ auth }) }));
    };
    const right = await password('battery-staple');
    expect(right).toMatchObject({ auth: { success: true } });
    for (let n = 0; n < 8; n += 1) await password(`guess ${n}`);
    const locked = await password('battery-staple');
    expect(locked).toMatchObject({ success: false, errorCodes: [-99005] });
    await loggedIn('ben');
    expect(await password('battery-staple')).toEqual(locked);
    // Who can only come this way has no password to guess.
    const auth = { command: 'api.authenticate', params: { username: 'ada@north.example', password: '' } };
    expect(await json(await fetch(`${base}/api`, { method: 'POST', body: JSON.stringify({ auth }) }))).toMatchObject({
      success: false,
    });
  });

  test('works in a real browser, and the start page says who is logged in', { timeout: 120_000 }, async () => {
    const browser = await startBrowser();
    try {
      const tab = await (await browser.newContext()).newPage();
      tab.setDefaultTimeout(60_000);
      const complaints: string[] = [];
      tab.on('console', (message) => {
        if (message.type() === 'error' && message.location().url.startsWith(base)) complaints.push(message.text());
      });
      await tab.goto(base);
      await tab.getByRole('link', { name: 'Log in' }).click();
      await tab.getByLabel('Account').fill('ada');
      await tab.getByRole('button', { name: 'Continue' }).click();
      await tab.getByText('Logged in as ada@north.example in North.').waitFor();
      expect(new URL(tab.url()).href).toBe(`${base}/`);
      expect(await tab.evaluate('document.cookie')).toBe('');
      await tab.getByRole('button', { name: 'Log out' }).click();
      await tab.getByRole('link', { name: 'Log in' }).waitFor();
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});

describe('a session', () => {
  test('may move to the organizations of its person, and does there what the person may', async () => {
    const visitor = await loggedIn('ada');
    const move = async (organization: string): Promise<Response> =>
      visitor.ask(`${base}/api/v1/session`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ organization }),
      });
    expect(await json(await move('SHOP'))).toMatchObject({ organization: { key: 'SHOP' }, scopes: ['read'] });
    expect(await json(await visitor.ask(`${base}/api/v1/whoami`))).toMatchObject({ covers: [{ key: 'SHOP' }] });
    expect((await visitor.ask(`${base}/api/v1/audit`)).status).toBe(403);
    expect(await json(await move('LAB'))).toMatchObject({
      organization: { key: 'LAB' },
      scopes: ['ingest', 'read', 'admin'],
    });
    expect((await move('NOWHERE')).status).toBe(404);
    const viewer = await loggedIn('ben');
    expect(await json(await viewer.ask(`${base}/api/v1/session`))).toMatchObject({
      choices: [{ key: 'NORTH' }],
      scopes: ['read'],
    });
    const superOps = await loggedIn('super');
    expect(await json(await superOps.ask(`${base}/api/v1/session`))).toMatchObject({
      choices: [{ key: 'LAB' }, { key: 'NORTH' }, { key: 'SHOP' }],
      scopes: ['ingest', 'read', 'admin'],
    });
  });

  test('of a browser is not used by pages of others', async () => {
    const visitor = await loggedIn('ada');
    const post = async (headers: Record<string, string>): Promise<number> =>
      (await visitor.ask(`${base}/api/v1/session/tokens`, { method: 'POST', headers })).status;
    expect(await post({ 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await post({ 'sec-fetch-site': 'same-site' })).toBe(403);
    expect(await post({ origin: 'https://evil.example' })).toBe(403);
    expect(await post({ 'sec-fetch-site': 'same-origin', origin: base })).toBe(201);
    expect(
      (await visitor.ask(`${base}/logout`, { method: 'POST', headers: { origin: 'https://evil.example' } })).status,
    ).toBe(403);
    expect((await visitor.ask(`${base}/api/v1/whoami`)).status).toBe(200);
  });

  test('of nobody is none', async () => {
    expect(await json(await fetch(`${base}/api/v1/session`))).toEqual({
      log_in: '/login',
      user: null,
      organization: null,
      scopes: [],
      choices: [],
    });
    expect((await fetch(`${base}/logout`, { method: 'POST' })).status).toBe(204);
    const nobody = new Client(base, `ths_${'0'.repeat(40)}`);
    expect((await nobody.send('/api/v1/whoami')).status).toBe(401);
    const key = new Client(base, 'th_north');
    expect((await key.send('/api/v1/session/tokens', { method: 'POST' })).status).toBe(403);
    expect((await key.send('/api/v1/session', { method: 'PATCH', body: { organization: 'LAB' } })).status).toBe(403);
  });

  test('ends when its person is disabled', async () => {
    const visitor = await loggedIn('ben');
    const change = async (enabled: boolean): Promise<void> =>
      void (await applyDirectory(
        `users: [{email: ben@north.example, enabled: ${enabled}}]\n`,
        environment(dataDirectory, {}),
      ));
    await change(false);
    await expect.poll(async () => (await visitor.ask(`${base}/api/v1/whoami`)).status).toBe(401);
    await change(true);
  });
});

describe('a log-in that does not work says so on a page', () => {
  test.each([
    ['late', 'Your e-mail address is not verified'],
    ['silent', 'Your e-mail address is not verified'],
    ['nameless', 'Your identity provider names no e-mail address'],
    ['stranger', 'You have no account here'],
    ['elsewhere', 'Your e-mail address may not log in here'],
    ['gone', 'You have no account here'],
    ['alone', 'You belong to no organization'],
    ['', 'You were not logged in'],
  ] as const)('for %j at the provider: %s', async (account, heading) => {
    const visitor = new Visitor();
    const response = await visitor.ask(await returning(visitor, account));
    expect(await page(response)).toEqual([403, heading]);
    expect(visitor.cookies.has('tallyhouse')).toBe(false);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test('when the answer is for another browser, another log-in, or comes twice', async () => {
    const OVER = [400, 'This log-in is over'];
    const visitor = new Visitor();
    const url = await returning(visitor, 'ada');
    expect(await page(await new Visitor().ask(url))).toEqual(OVER);
    const wrong = new URL(url);
    wrong.searchParams.set('state', 'another');
    expect(await page(await visitor.ask(wrong.href))).toEqual(OVER);
    expect(await page(await visitor.ask(`${base}/login/callback`))).toEqual(OVER);
    // None of this ended the log-in that goes on.
    const pending = visitor.cookies.get('tallyhouse-login') ?? '';
    expect((await visitor.ask(url)).status).toBe(303);
    visitor.cookies.set('tallyhouse-login', pending);
    expect(await page(await visitor.ask(url))).toEqual(OVER);

    // The same code under another log-in's state: the provider knows that it was used, and PKCE that it is another's.
    const other = new Visitor();
    const fresh = new URL(await returning(other, 'ada'));
    fresh.searchParams.set('code', new URL(url).searchParams.get('code') ?? '');
    expect(await page(await other.ask(fresh.href))).toEqual([400, 'This log-in does not hold']);
    expect(other.cookies.has('tallyhouse')).toBe(false);
  });

  test.each([
    '',
    '?',
    '?state',
    '?state=%ff%00',
    '?state=a&state=b',
    '?code[]=1',
    '?=',
    `?state=${'x'.repeat(8_000)}`,
    '??#',
  ])('when the answer is nonsense: %s', async (query) => {
    const visitor = new Visitor();
    await visitor.ask(`${base}/login`);
    const response = await visitor.ask(`${base}/login/callback${query}`);
    expect(await page(response)).toEqual([400, 'This log-in is over']);
  });

  test('when the cookie is nonsense', async () => {
    for (const cookie of [
      'tallyhouse-login=',
      'tallyhouse-login=x',
      `tallyhouse-login=${'0'.repeat(5_000)}`,
      ';;=;',
      'a=b;tallyhouse',
    ]) {
      const response = await fetch(`${base}/login/callback?state=a&code=b`, { headers: { cookie } });
      expect(await page(response)).toEqual([400, 'This log-in is over']);
      const session = await fetch(`${base}/api/v1/session`, { headers: { cookie: cookie.replace('-login', '') } });
      expect(await json(session)).toMatchObject({ user: null });
    }
  });

  test('when the provider is broken, refuses us, or somebody changes its tokens', async () => {
    for (const [mood, expected] of [
      ['broken', [502, 'The identity provider does not answer']],
      ['knows-nobody', [502, 'The identity provider does not know this server']],
      ['changes-tokens', [400, 'This log-in does not hold']],
    ] as const) {
      const visitor = new Visitor();
      const url = await returning(visitor, 'ben');
      provider.mood = mood;
      expect(await page(await visitor.ask(url))).toEqual(expected);
      provider.mood = 'well';
    }
  });

  test('within a bounded time when the provider hangs', { timeout: 60_000 }, async () => {
    const visitor = new Visitor();
    const url = await returning(visitor, 'ben');
    provider.mood = 'hangs';
    const before = performance.now();
    expect(await page(await visitor.ask(url))).toEqual([502, 'The identity provider does not answer']);
    expect(performance.now() - before).toBeLessThan(20_000);
  });

  test('when an address begins too many', async () => {
    const { statuses, headers } = await (async () => {
      const answers = await Promise.all(
        Array.from({ length: 40 }, () => new Visitor('192.0.2.1').ask(`${base}/login`)),
      );
      return { statuses: answers.map(({ status }) => status), headers: answers.at(-1)?.headers };
    })();
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(10);
    expect(new Set(statuses)).toEqual(new Set([303, 429]));
    expect(Number(headers?.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('after a restart', () => {
  test(
    'a log-in that took too long is over, and a provider that was away is asked again',
    { timeout: 120_000 },
    async () => {
      const session = new Visitor();
      const slow = new Visitor();
      await session.ask(await returning(session, 'ada'));
      const url = await returning(slow, 'ada');
      await server.stop();

      provider.mood = 'broken';
      const later = new Date(Date.now() + 11 * 60_000).toISOString();
      server = await startServer({ dataDirectory, env: settings(), clock: later });
      for (let times = 0; times < 2; times += 1) {
        const response = await new Visitor('192.0.2.1').ask(`${base}/login`);
        expect(await page(response)).toEqual([502, 'The identity provider does not answer']);
      }
      expect(await page(await slow.ask(url))).toEqual([400, 'This log-in is over']);
      expect((await session.ask(`${base}/api/v1/whoami`)).status).toBe(200);
      provider.mood = 'well';
      await loggedIn('ben');
    },
  );

  test('a provider that says less is asked for more, or taken at its word', { timeout: 120_000 }, async () => {
    await server.stop();
    const quiet = await startIdentityProvider({
      port: await freePort(),
      redirectUri: `${base}/login/callback`,
      accounts: ACCOUNTS,
      claimsIn: 'userinfo',
    });
    const env = { ...settings(), TALLYHOUSE_OIDC_ISSUER: quiet.issuer, TALLYHOUSE_OIDC_TRUST_EMAIL: '1' };
    server = await startServer({ dataDirectory, env });
    try {
      const { TALLYHOUSE_OIDC_ISSUER: issuer } = env;
      expect((await new Visitor('192.0.2.1').ask(`${base}/login`)).headers.get('location')).toContain(issuer);
      await loggedIn('ada');
      await loggedIn('silent');
      const late = new Visitor();
      expect(await page(await late.ask(await returning(late, 'late')))).toEqual([
        403,
        'Your e-mail address is not verified',
      ]);
    } finally {
      await quiet.stop();
    }
  });
});
