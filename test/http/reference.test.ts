import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dialects } from '../../src/dialects/registry.ts';
import { newPage, startBrowser } from '../support/browser.ts';
import { startServer, type TestServer } from '../support/server.ts';

/** Design 7: `/`, `/docs` and `/openapi/<dialect>.json`, in a real browser that reaches no other host. */
let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  server = await startServer({
    directory: 'organizations: [{key: N, name: North, native_keys: [{key: th_docs, scopes: [read]}]}]\n',
  });
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

const text = async (path: string): Promise<string> => (await fetch(`${server.url}${path}`)).text();

describe('the API reference', { timeout: 120_000 }, () => {
  test('lists the requests of the native API, and asks no other host for anything', async () => {
    const { page, outside, complaints } = await newPage(browser, server.url);
    await page.goto(`${server.url}/docs`);
    await page.locator('[data-path="/api/v1/facts/{stream}"]').waitFor();
    await page.locator('[data-path="/api/v1/query"]').waitFor();
    // Those further down are drawn when they come into view.
    await page.evaluate('scrollTo(0, document.body.scrollHeight)');
    await page.locator('[data-path^="/api/v1/organizations/{organization}/oauth_clients"]').first().waitFor();
    expect([outside, complaints]).toEqual([[], []]);
  });

  test('lets one choose a dialect, and links to it', async () => {
    const { page, outside, complaints } = await newPage(browser, server.url);
    await page.goto(`${server.url}/docs`);
    await page.locator('[data-path="/api/v1/query"]').waitFor();
    const picker = page.locator('.topbar select');
    const choices = await picker.locator('option').allTextContents();
    expect(choices).toEqual(dialects.map(({ title }) => title));
    await picker.selectOption({ index: 1 });
    await page.getByRole('heading', { name: choices[1] ?? '' }).waitFor();
    await page.goto(`${server.url}/docs?urls.primaryName=${encodeURIComponent(choices[1] ?? '')}`);
    await page.getByRole('heading', { name: choices[1] ?? '' }).waitFor();
    expect([outside, complaints]).toEqual([[], []]);
  });

  test('opens a request by its link, sends it with a key, and keeps the key', async () => {
    const { page, complaints } = await newPage(browser, server.url);
    await page.goto(`${server.url}/docs#/Directory/whoAmI`);
    const request = page.locator('#operations-Directory-whoAmI');
    await request.getByRole('button', { name: 'Execute' }).waitFor();
    await page.getByRole('button', { name: 'Authorize' }).first().click();
    await page.getByLabel('auth-bearer-value').fill('th_docs');
    await page.getByLabel('Apply credentials').click();
    await page.locator('.close-modal').click();
    await page.reload();
    await request.getByRole('button', { name: 'Execute' }).click();
    await request.locator('.live-responses-table').getByText('"North"').first().waitFor();
    expect(complaints).toEqual([]);
  });

  test('runs under a policy that allows no inline script and no other host', async () => {
    const response = await fetch(`${server.url}/docs`);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self';");
    expect(policy).not.toMatch(/script-src[^;]*unsafe|https?:|\*/);
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
    await page.locator('[data-path="/api/v1/query"]').waitFor();
    expect([outside, complaints]).toEqual([[], []]);
  });

  test('works without scripts', async () => {
    const html = await text('/');
    expect(html).toContain('href="/docs?urls.primaryName=Tallyhouse%20native%20API"');
    expect(html).toContain('href="/openapi/native.json"');
    expect(html).not.toContain('{{');
  });
});

describe('files', () => {
  test.each([
    ['/docs/docs.js', 200],
    ['/docs/swagger-ui.css', 200],
    ['/docs/', 200],
    ['/docs/index.html', 404],
    ['/docs/start.html', 404],
    ['/docs/..%2f..%2fpackage.json', 404],
    ['/docs/%2e%2e/tallyhouse.js', 404],
    ['/docs/nothing.js', 404],
    ['/openapi/native.json', 200],
    ['/openapi/nothing.json', 404],
  ])('%s gets %i', async (path, status) => {
    const response = await fetch(`${server.url}${path}`);
    await response.arrayBuffer();
    expect(response.status).toBe(status);
  });

  test('are asked for again only when they changed', async () => {
    const first = await fetch(`${server.url}/docs/swagger-ui-bundle.js`);
    await first.arrayBuffer();
    const again = await fetch(`${server.url}/docs/swagger-ui-bundle.js`, {
      // Without a word of its own, fetch asks for everything anew.
      headers: { 'if-none-match': first.headers.get('etag') ?? '', 'cache-control': 'max-age=0' },
    });
    expect(again.status).toBe(304);
  });
});
