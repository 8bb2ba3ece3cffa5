import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { bearer, FORM, postForm, send, tokens } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';

let server: TestServer;
let browser: Browser;
let page: Page;
beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY });
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
}, 60_000);
afterAll(async () => {
  await browser.close();
  await server.stop();
});
beforeEach(async () => {
  page = await (await browser.newContext()).newPage();
});
afterEach(() => page.context().close());

async function logIn(username = 'dana@museum.example', password = 'open-at-nine'): Promise<void> {
  await page.goto(`${server.url}/o/applications/`);
  await page.getByLabel('E-mail address').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
}

async function register(name: string, type: string, grant: string): Promise<void> {
  await page.getByRole('link', { name: 'Register an application' }).click();
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Client type').selectOption(type);
  await page.getByLabel('Authorization grant type').selectOption(grant);
  await page.getByRole('button', { name: 'Save' }).click();
}

describe('in Chromium (contract 2)', () => {
  test('log in, register, see the secret once, use it, delete', async () => {
    await logIn();
    await register('Tom & <Jerry>', 'confidential', 'client-credentials');
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Tom & <Jerry>');
    const [id, secret] = [
      await page.locator('#client-id').innerText(),
      await page.locator('#client-secret').innerText(),
    ];
    expect([id, secret]).toEqual([
      expect.stringMatching(/^[A-Za-z0-9]{40}$/),
      expect.stringMatching(/^[A-Za-z0-9]{64}$/),
    ]);
    const grant = `grant_type=client_credentials&client_id=${id}&client_secret=${secret}`;
    const { access_token } = await tokens(server.url, grant);

    await page.getByRole('link', { name: 'All applications' }).click();
    await page.getByRole('link', { name: 'Tom & <Jerry>' }).click();
    expect(page.url()).toBe(`${server.url}/o/applications/${id}/`);
    expect(await page.content()).not.toContain(secret);

    await page.getByRole('link', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Delete' }).click();
    expect(await page.getByText('Tom & <Jerry>').count()).toBe(0);
    expect((await postForm(server.url, '/o/token/', grant)).status).toBe(401);
    expect((await send(server.url, '/v2/whoami', { headers: bearer(access_token) })).status).toBe(401);

    const audit = await send(server.url, '/api/v1/audit?limit=10', { headers: bearer('th_museum') });
    const { events } = audit.json() as { events: { event: string; actor: string; subject: string }[] };
    const ofClient = events.filter(({ subject }) => subject === id).map(({ event, actor }) => `${event} ${actor}`);
    expect(ofClient).toEqual(['client.removed Dana@Museum.example', 'client.created Dana@Museum.example']);
  });

  test('a public client has no secret, and works for password grants', async () => {
    await logIn();
    await register('Phone', 'public', 'password');
    expect(await page.locator('#client-secret').count()).toBe(0);
    const id = await page.locator('#client-id').innerText();
    const user = 'username=omar@museum.example&password=omar-owns-it';
    expect((await tokens(server.url, `grant_type=password&client_id=${id}&${user}`)).scope).toBe('read write');
  });

  test('client credentials of a public client are refused with the form as it was', async () => {
    await logIn();
    await register('Wrong', 'public', 'client-credentials');
    expect(await page.getByRole('alert').innerText()).toContain('confidential');
    expect(await page.getByLabel('Name').inputValue()).toBe('Wrong');
  });

  test('the cookie is HttpOnly and SameSite, and ends with the log-out', async () => {
    await logIn();
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/o/applications' });
    expect(await page.evaluate('document.cookie')).toBe('');
    await page.getByRole('button', { name: 'Log out' }).click();
    expect(await page.context().cookies()).toEqual([]);
    const old = `${cookie?.name ?? ''}=${cookie?.value ?? ''}`;
    const reply = await send(server.url, '/o/applications/', { headers: { cookie: old } });
    expect([reply.status, reply.headers['location']]).toEqual([
      303,
      '/o/applications/login/?next=%2Fo%2Fapplications%2F',
    ]);
  });

  test('a wrong password is told and does not log in', async () => {
    await logIn('dana@museum.example', 'wrong');
    expect(await page.getByRole('alert').innerText()).toBe('The e-mail address or the password is wrong.');
    expect(await page.context().cookies()).toEqual([]);
  });

  test('the pages need nothing that their own policy forbids', async () => {
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('requestfailed', (request) => {
      // What was still loading when the page was left.
      const aborted = request.failure()?.errorText === 'net::ERR_ABORTED';
      if (!aborted) complaints.push(request.url());
    });
    await logIn();
    await register('Quiet', 'confidential', 'password');
    expect(complaints).toEqual([]);
  });

  test('another one’s application is not found', async () => {
    await logIn('vera@museum.example', 'vera-looks-on');
    for (const path of ['server/', 'server/delete/', 'nosuch/']) {
      const response = await page.goto(`${server.url}/o/applications/${path}`);
      expect(response?.status()).toBe(404);
    }
    expect(await page.getByText('other-scripts').count()).toBe(0);
  });

  test('another site cannot send the forms', async () => {
    await logIn();
    const id = 'server';
    await page.goto(
      `data:text/html,<form method="post" action="${server.url}/o/applications/${id}/delete/"><button>Go</button></form>`,
    );
    await page.getByRole('button', { name: 'Go' }).click();
    await page.waitForLoadState();
    expect(
      (
        await postForm(
          server.url,
          '/o/token/',
          `grant_type=client_credentials&client_id=${id}&client_secret=s3cret-of-server`,
        )
      ).status,
    ).toBe(200);
  });
});

describe('by hand', () => {
  async function session(): Promise<{ cookie: string; csrf: string }> {
    const login = await postForm(
      server.url,
      '/o/applications/login/',
      'username=dana@museum.example&password=open-at-nine&next=https://evil.example/',
    );
    expect([login.status, login.headers['location']]).toEqual([303, '/o/applications/']);
    const [set = ''] = login.headers['set-cookie'] ?? [];
    expect(set).toMatch(/^tallyhouse_console=[0-9a-f]{40}; Path=\/o\/applications; HttpOnly; SameSite=Strict$/);
    const cookie = set.split(';')[0] ?? '';
    const home = await send(server.url, '/o/applications', { headers: { cookie } });
    return { cookie, csrf: /name="csrf" value="([0-9a-f]+)"/.exec(home.text)?.[1] ?? '' };
  }

  test('a form without the session’s text, or from another origin, is refused', async () => {
    const { cookie, csrf } = await session();
    const body = 'name=x&client_type=public&authorization_grant_type=password';
    const post = async (text: string, headers: Record<string, string>): Promise<number> =>
      (await postForm(server.url, '/o/applications/register/', text, { cookie, ...headers })).status;
    expect(await post(body, {})).toBe(403);
    expect(await post(`${body}&csrf=${csrf.replace(/./, 'x')}`, {})).toBe(403);
    expect(await post(`${body}&csrf=${csrf}`, { origin: 'https://evil.example' })).toBe(403);
    expect(await post(`${body}&csrf=${csrf}`, { 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await post(`${body}&csrf=${csrf}`, { origin: 'null' })).toBe(403);
    expect(await post(`${body}&csrf=${csrf}`, { origin: server.url })).toBe(200);
    expect(await post(`${body}&csrf=${csrf}`, { origin: server.url.replace('http:', 'https:') })).toBe(200);
  });

  test('a log-in from another origin is refused', async () => {
    const body = 'username=dana@museum.example&password=open-at-nine';
    const reply = await postForm(server.url, '/o/applications/login', body, { origin: 'https://evil.example' });
    expect([reply.status, reply.headers['set-cookie']]).toEqual([403, undefined]);
  });

  test('without a log-in every page leads to it', async () => {
    for (const path of ['', 'register/', 'server/', 'server/delete/']) {
      const reply = await send(server.url, `/o/applications/${path}`);
      expect(reply.status).toBe(303);
      expect(reply.headers['location']).toContain('/o/applications/login/?next=');
    }
    const post = await send(server.url, '/o/applications/server/delete/', { method: 'POST', headers: FORM, body: '' });
    expect(post.status).toBe(303);
  });
});
