import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import axe from 'axe-core';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dialects } from '../../src/dialects/registry.ts';
import { newPage, startBrowser } from '../support/browser.ts';
import { startServer, type TestServer } from '../support/server.ts';

/** Design 7: `/`, `/docs` and `/openapi/<dialect>.json`, in a real browser that reaches no other host. */
let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  server = await startServer({
    directory:
      'organizations: [{key: N, name: North, native_keys: [{key: th_docs, scopes: [read, admin]}, {key: th_poor, scopes: [ingest]}]}]\n',
  });
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

const text = async (path: string): Promise<string> => (await fetch(`${server.url}${path}`)).text();

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface Violations {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

async function openDocs(address = ''): Promise<Awaited<ReturnType<typeof newPage>>> {
  const tab = await newPage(browser, server.url);
  await tab.page.goto(`${server.url}/docs${address}`);
  await tab.page.locator('#reference:not([aria-busy])').waitFor();
  return tab;
}

const request = (page: Page, method: string, path: string): Locator =>
  page.locator(`.operation[data-method="${method}"][data-path="${path}"]`);

describe('the API reference', { timeout: 120_000 }, () => {
  test('has every request of every dialect, in the order of its document, and asks no other host', async () => {
    const { page, outside, complaints } = await openDocs();
    expect(await page.locator('main h2').allTextContents()).toEqual(dialects.map(({ title }) => title));
    for (const { name } of dialects) {
      const { paths } = JSON.parse(await text(`/openapi/${name}.json`)) as OpenApi;
      const described = Object.entries(paths).flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
      );
      const listed = await page
        .locator(`#api-${name} .operation`)
        .evaluateAll((all) => all.map((each) => `${each.dataset['method']} ${each.dataset['path']}`));
      expect([name, listed.toSorted()]).toEqual([name, described.toSorted()]);
    }
    expect([outside, complaints]).toEqual([[], []]);
  });

  test('opens a request by its link, and is found by its words', async () => {
    const { page, complaints } = await openDocs('#/native/GET/api/v1/whoami');
    const whoami = request(page, 'GET', '/api/v1/whoami');
    await whoami.getByRole('button', { name: 'Send' }).waitFor();
    await page.getByLabel('Find a request').fill('engagement');
    await request(page, 'GET', '/api/v1/reports/engagement').waitFor();
    expect(await whoami.isVisible()).toBe(false);
    await page.getByLabel('Find a request').fill('');
    const link = page.locator('nav a', { hasText: 'POST /api/v1/query' });
    await page.locator('nav summary', { hasText: 'Questions' }).click({ noWaitAfter: true });
    if (!(await link.isVisible())) await page.locator('nav summary', { hasText: 'Questions' }).click();
    await link.click();
    await request(page, 'POST', '/api/v1/query').getByRole('button', { name: 'Send' }).waitFor();
    expect(page.url()).toBe(`${server.url}/docs#/native/POST/api/v1/query`);
    expect(complaints).toEqual([]);
  });

  test('sends a request with a key, which stays in the tab and out of the address', async () => {
    const { page, complaints } = await openDocs('#/native/GET/api/v1/whoami');
    const whoami = request(page, 'GET', '/api/v1/whoami');
    expect(await whoami.getByRole('region', { name: 'Example' }).textContent()).toContain('"organization"');
    await page.locator('#credential-native input').fill('th_docs');
    await whoami.getByRole('button', { name: 'Send' }).click();
    await whoami.getByText(/^200 OK in \d+ ms, \d+ bytes$/).waitFor();
    const answer = whoami.getByRole('region', { name: 'Answer' });
    expect(await answer.textContent()).toMatch(/^\{\n {2}"/);
    await whoami.getByRole('button', { name: 'Raw' }).click();
    expect(await answer.textContent()).toBe(
      await (await fetch(`${server.url}/api/v1/whoami`, { headers: { authorization: 'Bearer th_docs' } })).text(),
    );
    expect(await whoami.locator('.headers').textContent()).toContain('content-typeapplication/json; charset=utf-8');

    const command = whoami.getByRole('region', { name: 'Command' });
    expect(await command.textContent()).toBe(
      `curl -sS '${server.url}/api/v1/whoami' -H 'Authorization: Bearer ••••••'`,
    );
    await whoami.getByRole('button', { name: 'Show secrets' }).click();
    const { stdout } = await promisify(execFile)('sh', ['-c', (await command.textContent()) ?? '']);
    expect(stdout).toBe(await answer.textContent());

    await page.reload();
    await whoami.getByRole('button', { name: 'Send' }).click();
    await whoami.getByText(/^200 OK in/).waitFor();
    expect(page.url()).not.toContain('th_docs');
    const other = await page.context().newPage();
    await other.goto(`${server.url}/docs`);
    await other.locator('#credential-native input').waitFor();
    expect(await other.locator('#credential-native input').inputValue()).toBe('');
    expect(await other.evaluate('JSON.stringify(localStorage) + document.cookie')).toBe('{}');
    expect(complaints).toEqual([]);
  });

  test('explains what a refused request needs', async () => {
    const { page } = await openDocs('#/native/POST/api/v1/query');
    const query = request(page, 'POST', '/api/v1/query');
    await query.getByRole('button', { name: 'Send' }).click();
    await query.getByText('This request needs key with the scope read. None was sent').waitFor();
    await page.locator('#credential-native input').fill('th_poor');
    await query.getByRole('button', { name: 'Send' }).click();
    await query.getByText('The credential was refused. This request needs key with the scope read').waitFor();
  });

  test('takes a packet of TR50 from its examples', async () => {
    const { page, complaints } = await openDocs('#/tr50/POST/api');
    const packet = request(page, 'POST', '/api');
    await packet.getByLabel('Begin with').selectOption({ label: 'application/json · session.info' });
    await packet.getByRole('button', { name: 'Send' }).click();
    await packet.getByText(/^200 OK in/).waitFor();
    expect(await packet.getByRole('region', { name: 'Answer' }).textContent()).toContain('"errorCodes"');
    expect(complaints).toEqual([]);
  });

  test('sends forms, hides what is secret in them, and takes over a token', async () => {
    const { page } = await openDocs('#/scanalytics/POST/o/token/');
    const token = request(page, 'POST', '/o/token/');
    await token.getByLabel('username').fill("o'brien");
    await token.getByLabel('password', { exact: true }).fill('pass & word');
    expect(await token.getByRole('region', { name: 'Command' }).textContent()).toBe(
      `curl -sS -X POST '${server.url}/o/token/' -H 'Content-Type: application/x-www-form-urlencoded' ` +
        `--data-raw 'grant_type=password&username=o'\\''brien&password=••••••'`,
    );
    await page.route('**/o/token/', (route) => route.fulfill({ json: { access_token: 'tok_1' } }));
    await token.getByRole('button', { name: 'Send' }).click();
    await token.getByRole('button', { name: 'Use this token' }).click();
    expect(await page.locator('#credential-scanalytics input').inputValue()).toBe('tok_1');
  });

  test('works by keyboard alone', async () => {
    const { page } = await openDocs();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('reference');
    await page.getByLabel('Find a request').focus();
    await page.keyboard.type('whoami');
    await page.locator('#credential-native input').focus();
    await page.keyboard.type('th_docs');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const whoami = request(page, 'GET', '/api/v1/whoami');
    const send = whoami.getByRole('button', { name: 'Send' });
    await send.waitFor();
    // From the line of the request to its button, past the link to it.
    for (let presses = 0; presses < 5 && !(await send.evaluate((each) => each.matches(':focus'))); presses += 1) {
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await whoami.getByText(/^200 OK in/).waitFor();
  });

  test('has no serious fault of accessibility', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await openDocs('#/native/GET/api/v1/reports/engagement');
      await page.emulateMedia({ colorScheme });
      await request(page, 'GET', '/api/v1/reports/engagement').getByRole('button', { name: 'Send' }).click();
      await page.getByText(/^401 Unauthorized in/).waitFor();
      await request(page, 'POST', '/o/token/').locator('summary').first().click();
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate<Violations>('axe.run()');
      const bad = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(bad.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
    }
  });

  test('runs under a policy that allows no inline script or style and no other host', async () => {
    const response = await fetch(`${server.url}/docs`);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(await response.text()).not.toMatch(/<script(?![^>]*\bsrc=)|\son[a-z]+=|https?:\/\//);
  });
});

describe('the start page', { timeout: 120_000 }, () => {
  test('tells the version, the state and the APIs, and asks no other host for anything', async () => {
    const { page, outside, complaints } = await newPage(browser, server.url);
    await page.goto(server.url);
    await page.getByText('Ready: both stores answer.').waitFor();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Tallyhouse');
    expect(await page.getByText(/^Version \d+\.\d+\.\d+/).count()).toBe(1);
    await page.getByRole('link', { name: 'Tallyhouse native API' }).click();
    await page.locator('#title-native').waitFor();
    expect([outside, complaints]).toEqual([[], []]);
  });

  test('works without scripts', async () => {
    const html = await text('/');
    expect(html).toContain('href="/docs#/native"');
    expect(html).toContain('href="/openapi/native.json"');
    expect(html).not.toContain('{{');
  });
});

describe('files', () => {
  test.each([
    ['/docs/reference/main.js', 200],
    ['/docs/reference/reference.css', 200],
    ['/docs/favicon-32x32.png', 200],
    ['/docs/', 200],
    ['/docs/index.html', 404],
    ['/docs/start.html', 404],
    ['/docs/..%2f..%2fpackage.json', 404],
    ['/docs/%2e%2e/tallyhouse.js', 404],
    ['/docs/nothing.js', 404],
    ['/docs/reference/nothing.js', 404],
    ['/openapi/native.json', 200],
    ['/openapi/nothing.json', 404],
  ])('%s gets %i', async (path, status) => {
    const response = await fetch(`${server.url}${path}`);
    await response.arrayBuffer();
    expect(response.status).toBe(status);
  });

  test('are asked for again only when they changed', async () => {
    const first = await fetch(`${server.url}/docs/reference/main.js`);
    await first.arrayBuffer();
    const again = await fetch(`${server.url}/docs/reference/main.js`, {
      // Without a word of its own, fetch asks for everything anew.
      headers: { 'if-none-match': first.headers.get('etag') ?? '', 'cache-control': 'max-age=0' },
    });
    expect(again.status).toBe(304);
  });
});
