import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newPage, startBrowser } from '../support/browser.ts';
import { startServer, type TestServer } from '../support/server.ts';

/**
 * Contract 7 of the 3scale dialect, its ten points, on the way its document goes: list the applications, ask the usage
 * of one, read its account. In a real browser.
 */
const DIRECTORY = `
organizations:
  - key: NORTH
    uid: north
    name: North
    timezone: UTC
    native_keys: [{key: th_north, scopes: [ingest, read, admin]}]
    provider:
      provider_key: pk_north&co
      access_tokens: [{token: at_stats, scopes: [stats], permission: ro}]
    products:
      - id: 7
        system_name: weather
        name: Weather
        service_tokens: [st_7]
        metrics: [{id: 11, system_name: hits, friendly_name: Hits, methods: [{id: 12, system_name: search, friendly_name: Search}]}]
        plans: [{id: 3, system_name: evaluation, name: evaluation}]
    accounts:
      - id: 17
        org_name: Ann's lab
        state: approved
        users: [{id: 23, username: ann, email: ann@lab.example, first_name: Ann, last_name: Lee, role: admin}]
        applications:
          - {id: 41, product: weather, plan: evaluation, name: Weather widget, state: live, user_key: uk_41, created_at: "2024-03-02T08:15:00Z"}
          - {id: 42, product: weather, plan: evaluation, name: Balcony station, state: live, user_key: uk_42, created_at: "2024-03-03T08:15:00Z"}
`;
const KEY = 'pk_north&co';
const LIST = '/admin/api/applications.{format}';
const USAGE = '/stats/applications/{application_id}/usage.{format}';
const ACCOUNT = '/admin/api/accounts/{account_id}.{format}';

let server: TestServer;
let browser: Browser;
beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY, clock: '2024-03-10T12:00:00Z' });
  await fetch(`${server.url}/api/v1/facts/usage`, {
    method: 'POST',
    headers: { authorization: 'Bearer th_north', 'content-type': 'application/json' },
    body: JSON.stringify([
      { time: '2024-03-09T10:00:00Z', product: 'weather', application: 41, metric: 'hits', value: 62 },
    ]),
  });
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

interface Tab {
  readonly page: Page;
  readonly outside: readonly string[];
  readonly complaints: readonly string[];
}

async function openAt(address: string): Promise<Tab> {
  const tab = await newPage(browser, server.url);
  await tab.page.goto(`${server.url}/docs${address}`);
  await tab.page.locator('#reference:not([aria-busy])').waitFor();
  return tab;
}

const request = (page: Page, method: string, path: string): Locator =>
  page.locator(`.operation[data-method="${method}"][data-path="${path}"]`);
const addressOf = (method: string, path: string): string => `#/threescale/${method}${encodeURI(path)}`;
const answerOf = async (operation: Locator): Promise<string> =>
  (await operation.getByRole('region', { name: 'Answer' }).textContent()) ?? '';
const commandOf = async (operation: Locator): Promise<string> =>
  (await operation.getByRole('region', { name: 'Command' }).textContent()) ?? '';

async function enterKey(page: Page, kind = 'provider_key', secret = KEY): Promise<void> {
  const credential = page.locator('#credential-threescale');
  await credential.getByLabel('Kind').selectOption(kind);
  await credential.getByLabel('Secret').fill(secret);
}

/** Sends, waits for the whole answer, and holds the command against it. */
async function send(operation: Locator, status: string): Promise<string> {
  await operation.getByRole('button', { name: 'Send' }).click();
  await operation.getByText(new RegExp(`^${status} .* in \\d+ ms, \\d+ bytes$`)).waitFor();
  if ((await operation.getByRole('button', { name: 'Raw' }).getAttribute('aria-pressed')) === 'false') {
    await operation.getByRole('button', { name: 'Raw' }).click();
  }
  return answerOf(operation);
}

async function runInShell(command: string): Promise<string> {
  return (await promisify(execFile)('sh', ['-c', command])).stdout;
}

const options = async (field: Locator): Promise<string[]> => {
  const list = field.page().locator(`#${(await field.getAttribute('list')) ?? ''}`);
  await field.focus();
  await list.locator('option').first().waitFor({ state: 'attached' });
  return list
    .locator('option')
    .evaluateAll((all) => all.map((each) => `${each.getAttribute('value')}: ${each.getAttribute('label')}`));
};

describe('the ten points', { timeout: 180_000 }, () => {
  test('the way: applications, usage, account; each sent, shown, and the same from a shell (2, 3, 4, 5)', async () => {
    const { page, outside, complaints } = await openAt(addressOf('GET', LIST));
    await enterKey(page);
    const list = request(page, 'GET', LIST);
    await list.getByLabel('per_page').fill('100');
    await list.getByRole('button', { name: 'Send' }).click();
    await list.getByText(/^200 OK in/).waitFor();
    // Set out, and raw when it is asked for.
    expect(await answerOf(list)).toContain('\n  <application>\n    <id>41</id>\n');
    const applications = await send(list, '200');
    expect(applications).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?><applications><application><id>41<\/id>/);
    expect(await list.locator('.headers').textContent()).toContain('content-typeapplication/xml; charset=utf-8');
    // Hidden until it is shown; what was shown does what the page did.
    const url = `${server.url}/admin/api/applications.xml?per_page=100&provider_key=`;
    expect(await commandOf(list)).toBe(`curl -sS '${url}••••••'`);
    await list.getByRole('button', { name: 'Show secrets' }).click();
    expect(await commandOf(list)).toBe(`curl -sS '${url}pk_north%26co'`);
    expect(await runInShell(await commandOf(list))).toBe(applications);

    await page.locator('nav').getByText('Analytics API').click();
    await page
      .locator('nav a', { hasText: `GET ${USAGE}` })
      .first()
      .click();
    const usage = request(page, 'GET', USAGE);
    const id = usage.getByLabel('application_id', { exact: false });
    expect(await options(id)).toEqual(['42: 42 - Balcony station', '41: 41 - Weather widget']);
    await id.fill('41');
    await usage.getByLabel('metric_name').fill('hits');
    await usage.getByLabel('since', { exact: true }).fill('2024-03-01');
    await usage.getByLabel('until', { exact: true }).fill('2024-03-10');
    await usage.getByLabel('granularity').selectOption('day');
    expect(await send(usage, '200')).toContain(
      '<data><total>62</total><values length="10">0,0,0,0,0,0,0,0,62,0</values>',
    );
    // What is copied has the secret in it, shown or not.
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await usage.getByRole('button', { name: 'Copy' }).click();
    await usage.getByText('Copied.').waitFor();
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(copied).toContain('pk_north%26co');
    expect(await commandOf(usage)).not.toContain('pk_north');
    expect(await runInShell(copied)).toBe(await answerOf(usage));

    await page.goto(`${server.url}/docs${addressOf('GET', ACCOUNT)}`);
    const account = request(page, 'GET', ACCOUNT);
    const accountId = account.getByLabel('account_id', { exact: false });
    expect(await options(accountId)).toEqual(["17: 17 - Ann's lab"]);
    await accountId.fill('17');
    expect(await send(account, '200')).toContain('<email>ann@lab.example</email>');
    expect(page.url()).not.toContain('pk_north');
    expect([outside, complaints]).toEqual([[], []]);
  });

  test('one entry for each path, grouped by API, in the order of the document (1, 10)', async () => {
    const { page } = await openAt('#/threescale');
    expect(await page.locator('#api-threescale .group > h3').allTextContents()).toEqual([
      'Account Management API',
      'Analytics API',
      'Service Management API',
      'Reports',
    ]);
    const listed = await page
      .locator('#api-threescale .operation')
      .evaluateAll((all) => all.map((each) => each.dataset['path']));
    expect(new Set(listed).size).toBe(listed.length);
    expect([LIST, USAGE, ACCOUNT].map((path) => listed.includes(path))).toEqual([true, true, true]);
    expect(listed.indexOf(LIST)).toBeLessThan(listed.indexOf(ACCOUNT));
    expect(listed.indexOf(ACCOUNT)).toBeLessThan(listed.indexOf(USAGE));
  });

  test('values of every kind are offered by name, and typing stays possible (4)', async () => {
    const { page } = await openAt(addressOf('GET', USAGE));
    const usage = request(page, 'GET', USAGE);
    // Without a credential the field says why there is nothing to choose.
    await usage.getByLabel('application_id', { exact: false }).focus();
    await usage.getByText('Enter a credential that may list them, and they are offered.').waitFor();
    await enterKey(page);
    expect(await options(usage.getByLabel('metric_name'))).toEqual(['search: search - Search', 'hits: hits - Hits']);
    const find = request(page, 'GET', '/admin/api/applications/find.{format}');
    await find.locator('summary').first().click();
    expect(await options(find.getByLabel('user_key'))).toEqual([
      'uk_42: uk_42 - Balcony station',
      'uk_41: uk_41 - Weather widget',
    ]);
    expect(await options(find.getByLabel('service_id'))).toEqual(['7: 7 - Weather']);
    const accounts = request(page, 'GET', '/admin/api/accounts/find.{format}');
    await accounts.locator('summary').first().click();
    expect(await options(accounts.getByLabel('user_id'))).toEqual(['23: 23 - ann']);
    await find.getByLabel('user_key').fill('uk_other');
    expect(await send(find, '404')).toBe('');
    const report = request(page, 'GET', '/stats/reports/engagement.{format}');
    await report.locator('summary').first().click();
    expect(await options(report.getByLabel('plan_name'))).toEqual(['evaluation: evaluation - evaluation']);
    expect(await options(report.getByLabel('plan_id'))).toEqual(['3: 3 - evaluation']);
    const authorize = request(page, 'GET', '/transactions/authorize.xml');
    await authorize.locator('summary').first().click();
    expect(await options(authorize.getByLabel('service_token'))).toEqual(['st_7: st_7']);
  });

  test('a missing scope is explained from the 403 (5)', async () => {
    const { page } = await openAt(addressOf('GET', LIST));
    await enterKey(page, 'access_token', 'at_stats');
    const list = request(page, 'GET', LIST);
    expect(await send(list, '403')).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><error>Your access token does not have the correct permissions</error>',
    );
    await list.getByText('access_token with the scope account_management, or provider_key').last().waitFor();
    await list.getByText(/^The credential was refused\./).waitFor();
  });

  test('transactions are edited as fields and sent in brackets (6)', async () => {
    const { page } = await openAt(addressOf('POST', '/transactions.xml'));
    const report = request(page, 'POST', '/transactions.xml');
    await report.getByLabel('provider_key').fill(KEY);
    await report.getByRole('button', { name: 'Add to transactions' }).click();
    for (const [index, key, hits] of [
      [0, 'uk_41', '3'],
      [1, 'uk_42', '4'],
    ] as const) {
      await report.getByLabel('user_key').nth(index).fill(key);
      await report
        .getByLabel(/usage.*: name$/)
        .nth(index)
        .fill('hits');
      await report
        .getByLabel(/usage.*: value$/)
        .nth(index)
        .fill(hits);
    }
    expect(await commandOf(report)).toBe(
      `curl -sS -X POST '${server.url}/transactions.xml' -H 'Content-Type: application/x-www-form-urlencoded' --data-raw ` +
        `'provider_key=••••••&transactions[0][user_key]=uk_41&transactions[0][usage][hits]=3&transactions[1][user_key]=uk_42&transactions[1][usage][hits]=4'`,
    );
    expect(await send(report, '202')).toBe('');
    const usage = async (id: number): Promise<unknown> => {
      const query = `provider_key=${encodeURIComponent(KEY)}&metric_name=hits&since=2024-03-10&until=2024-03-10&granularity=day`;
      return (
        (await (await fetch(`${server.url}/stats/applications/${id}/usage.json?${query}`)).json()) as { total: number }
      ).total;
    };
    await expect.poll(async () => [await usage(41), await usage(42)], { timeout: 10_000 }).toEqual([3, 4]);
  });

  test('dates have a picker beside the text, zones a list to search (7)', async () => {
    const { page } = await openAt(addressOf('GET', USAGE));
    const usage = request(page, 'GET', USAGE);
    await usage.getByLabel('since: choose a day').fill('2024-03-05');
    expect(await usage.getByLabel('since', { exact: true }).inputValue()).toBe('2024-03-05');
    await usage.getByLabel('since', { exact: true }).fill('2024-03-05 10:00:00 +0100');
    expect(await commandOf(usage)).toContain('since=2024-03-05%2010%3A00%3A00%20%2B0100');
    const zones = await options(usage.getByLabel('timezone'));
    expect(zones.length).toBeGreaterThan(400);
    expect(zones).toEqual(expect.arrayContaining(['Europe/Madrid: null', 'Pacific Time (US & Canada): null']));
  });

  test('an example of each answer is there before anything is sent (8)', async () => {
    const { page } = await openAt(addressOf('GET', USAGE));
    const usage = request(page, 'GET', USAGE);
    const example = usage.getByRole('region', { name: 'Example' });
    expect(await example.textContent()).toContain('<values length="10">');
    await usage.getByLabel('format').selectOption('json');
    expect(await example.textContent()).toContain('"values": [');
    const empty = await page.locator('#api-threescale .operation').evaluateAll(async (all) => {
      for (const each of all) (each as HTMLDetails).open = true;
      await new Promise((resolve) => setTimeout(resolve, 500));
      return all.flatMap((each) => (each.querySelector('.examples') === null ? [each.dataset['path']] : []));
    });
    expect(empty).toEqual([]);
  });

  test('each request has a link of its own (9)', async () => {
    const { page } = await openAt('');
    const links = await page
      .locator('nav a[href^="#/threescale/"]')
      .evaluateAll((all) => all.map((each) => each.getAttribute('href') ?? ''));
    expect(links.length).toBeGreaterThan(30);
    for (const link of links.slice(0, 6)) {
      await page.goto(`${server.url}/docs${link}`);
      const open = page.locator('.operation[open]').last();
      await open.getByRole('link', { name: 'Link to this request' }).waitFor();
      expect(new URL(page.url()).hash).toBe(link);
    }
  });
});

/** What the tests use of a `<details>`; they have no types of the browser's. */
interface HTMLDetails {
  open: boolean;
}
