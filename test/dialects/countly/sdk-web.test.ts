import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startBrowser } from '../../support/browser.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { read } from './support/client.ts';
import { directory, SELIN, SHOP_APP } from './support/directory.ts';

/* Countly's own SDK for web pages, in a real browser, on a page of another origin than the server's. */
let server: TestServer;
let browser: Browser;
let site: Server;

beforeAll(async () => {
  server = await startServer({ directory });
  browser = await startBrowser();
  const sdk = readFileSync(createRequire(import.meta.url).resolve('countly-sdk-web/lib/countly.min.js'));
  site = createServer((request, response) => {
    if (request.url === '/countly.js') return void response.setHeader('content-type', 'text/javascript').end(sdk);
    response.setHeader('content-type', 'text/html');
    return void response.end('<!doctype html><title>Shop</title><h1>Shop</h1><script src="/countly.js"></script>');
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await browser.close();
  await new Promise((resolve) => site.close(resolve));
  expect(await server.stop()).toBe(0);
});

interface Answered {
  readonly path: string;
  readonly sent: URLSearchParams;
  readonly status: number;
  readonly text: string;
}

/** Opens the page and keeps what the server answers it. */
async function visit(): Promise<{ page: Page; answers: Answered[]; complaints: string[] }> {
  const context = await browser.newContext();
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const answers: Answered[] = [];
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('response', (response) => {
    const url = new URL(response.url());
    if (url.origin !== server.url) return;
    const body = response.request().postData() ?? '';
    const sent = new URLSearchParams(`${url.search.slice(1)}&${body}`);
    // One that comes when the page is gone has no text any more.
    const text = response.text().catch(() => null);
    void text.then(
      (one) => one !== null && answers.push({ path: url.pathname, sent, status: response.status(), text: one }),
    );
  });
  // The icon that browsers ask for.
  await context.route('**/favicon.ico', (route) => route.fulfill({ status: 204 }));
  await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
  return { page, answers, complaints };
}

async function year(method: string, more: object = {}): Promise<Record<string, unknown>> {
  const tree = await read(server.url, '/o', { api_key: SELIN, app_id: SHOP_APP, method, ...more });
  const [node = {}] = Object.entries(tree as Record<string, Record<string, unknown>>)
    .filter(([key]) => /^\d{4}$/.test(key))
    .map(([, value]) => value);
  return node;
}

const PATIENCE = { timeout: 40_000, interval: 200 };

test(
  'a visit: configuration, health, session, event, user details, change of the id',
  { timeout: 120_000 },
  async () => {
    const { page, answers, complaints } = await visit();
    await page.evaluate(`
    Countly.init({ app_key: 'appkey1', url: ${JSON.stringify(server.url)}, device_id: 'visitor ü', interval: 200, app_version: '2.1', ignore_bots: false });
    Countly.track_sessions();
    Countly.add_event({ key: 'purchase', count: 1, sum: 4.99, segmentation: { plan: 'pro' } });
    Countly.user_details({ name: 'Ada', custom: { tier: 'gold' } });
  `);
    await vi.waitFor(async () => {
      expect(await year('sessions')).toMatchObject({ t: 1, n: 1, u: 1 });
      expect(await year('events', { event: 'purchase' })).toMatchObject({ c: 1, s: 4.99 });
    }, PATIENCE);

    await page.evaluate(`
    Countly.change_id('ada', true);
    Countly.add_event({ key: 'level_done', count: 3 });
    Countly.end_session(7, true);
  `);
    await vi.waitFor(async () => {
      expect(await year('events', { event: 'level_done' })).toMatchObject({ c: 3 });
      expect(await year('sessions')).toMatchObject({ t: 1, n: 1, u: 1, ds: { 0: 1 } });
    }, PATIENCE);
    const { d } = await year('sessions');
    expect(d).toBeGreaterThanOrEqual(7);
    expect(await year('app_versions')).toMatchObject({ '2:1': { t: 1, n: 1, u: 1 } });
    const list = await read(server.url, '/o', { api_key: SELIN, app_id: SHOP_APP, method: 'get_events' });
    expect(list).toMatchObject({ list: ['level_done', 'purchase'] });

    // Before anything else it asks for its configuration; later it reports its own health.
    expect(answers[0]?.path).toBe('/o/sdk');
    expect(answers[0]?.sent.get('method')).toBe('sc');
    expect(answers[0]?.text).toMatch(/^\{"v":2,"t":\d+,"c":\{\}\}$/);
    const health = answers.find(({ sent }) => sent.has('hc'));
    expect(health).toMatchObject({ path: '/i', status: 200, text: '{"result":"Success"}' });
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect(complaints).toEqual([]);
  },
);

test('a page with a worker’s requests: parameters in the query, an empty POST', { timeout: 120_000 }, async () => {
  const { page, complaints } = await visit();
  const answer = await page.evaluate(`
    fetch(${JSON.stringify(server.url)} + '/i?app_key=appkey1&device_id=w1&events=' +
      encodeURIComponent('[{"key":"from a worker","count":1}]'), { method: 'POST' }).then((response) => response.json())
  `);
  expect(answer).toEqual({ result: 'Success' });
  expect(await year('events', { event: 'from a worker' })).toMatchObject({ c: 1 });
  expect(complaints).toEqual([]);
});

test('a page of another origin reads by JSONP', { timeout: 120_000 }, async () => {
  const { page, complaints } = await visit();
  const source = `${server.url}/o?api_key=${SELIN}&app_id=${SHOP_APP}&method=get_events&callback=shop.show`;
  const shown = await page.evaluate(`
    new Promise((resolve) => {
      window.shop = { show: resolve };
      document.body.append(Object.assign(document.createElement('script'), { src: ${JSON.stringify(source)} }));
    })
  `);
  expect(shown).toMatchObject({ _id: SHOP_APP });
  expect(complaints).toEqual([]);
});
