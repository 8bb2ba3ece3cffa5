import { XMLParser } from 'fast-xml-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../../support/server.ts';
import { ask, DIRECTORY, NOW, use } from '../support/world.ts';

/** 1,203 applications of the tenant Many beside the usual ones. */
const MANY = `
  - uid: many
    key: MANY
    name: Many
    provider: {provider_key: pk_many}
    products: [{id: 1, system_name: api, name: API, metrics: [{id: 1, system_name: hits}], plans: [{id: 1, system_name: free}]}]
    accounts:
      - id: 1
        org_name: All
        applications: [${Array.from({ length: 1_203 }, (_, index) => `{id: ${index + 1}, product: api, plan: free, name: n${index + 1}, created_at: 2024-01-01T00:00:00Z}`).join(', ')}]
  - {uid: none, key: NONE, name: None, provider: {provider_key: pk_none}}
`;

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY + MANY.slice(1), clock: NOW });
  await use(server.url, [
    { time: '2024-03-02T10:00:00Z' },
    { time: '2024-03-09T00:04:10.900Z' },
    { time: '2024-03-09T22:00:00Z' },
    { time: '2024-03-10T00:00:00Z', application: 45 },
    { time: '2024-03-05T12:00:00Z', product: 'maps', application: 42 },
  ]);
}, 60_000);
afterAll(() => server.stop());

const PAGE = { many: 'provider_key=pk_many', none: 'provider_key=pk_none' };

async function rootOf(query: string): Promise<string> {
  const { status, text } = await ask(server.url, `/admin/api/applications.xml?${query}`);
  expect(status).toBe(200);
  return /<applications[^>]*>/.exec(text)?.[0] ?? '';
}

async function idsOf(query: string): Promise<number[]> {
  const { status, text } = await ask(server.url, `/admin/api/applications.json?${query}`);
  expect(status).toBe(200);
  const { applications } = JSON.parse(text) as { applications: { application: { id: number } }[] };
  return applications.map(({ application }) => application.id);
}

describe('paging attributes', () => {
  test.each([
    ['per_page=100&page=1', '<applications per_page="100" total_entries="1203" total_pages="13" current_page="1">'],
    ['', '<applications per_page="500" total_entries="1203" total_pages="3" current_page="1">'],
    ['per_page=501', '<applications per_page="500" total_entries="1203" total_pages="3" current_page="1">'],
    ['per_page=0&page=0', '<applications per_page="500" total_entries="1203" total_pages="3" current_page="1">'],
    ['per_page=-5&page=-2', '<applications per_page="500" total_entries="1203" total_pages="3" current_page="1">'],
    ['per_page=x&page=y', '<applications per_page="500" total_entries="1203" total_pages="3" current_page="1">'],
    ['per_page=&page=', '<applications per_page="500" total_entries="1203" total_pages="3" current_page="1">'],
    ['per_page=2.5&page=1e3', '<applications per_page="500" total_entries="1203" total_pages="3" current_page="1">'],
    ['page=3', '<applications per_page="500" total_entries="1203" total_pages="3" current_page="3">'],
    ['page=4', '<applications per_page="500" total_entries="1203" total_pages="3" current_page="4"/>'],
    [
      'page=9007199254740991',
      '<applications per_page="500" total_entries="1203" total_pages="3" current_page="9007199254740991"/>',
    ],
    [
      `page=${'9'.repeat(400)}`,
      '<applications per_page="500" total_entries="1203" total_pages="3" current_page="9007199254740991"/>',
    ],
    [`page=-${'9'.repeat(400)}`, '<applications per_page="500" total_entries="1203" total_pages="3" current_page="1">'],
    ['per_page=1&page=1203', '<applications per_page="1" total_entries="1203" total_pages="1203" current_page="1203">'],
  ])('%s', async (query, root) => {
    expect(await rootOf(`${PAGE.many}&${query}`)).toBe(root);
  });

  test('one page says nothing of pages, in XML and in JSON', async () => {
    expect(await rootOf('')).toBe('<applications>');
    expect(await rootOf('per_page=6')).toBe('<applications>');
    expect(await rootOf('per_page=5')).toBe(
      '<applications per_page="5" total_entries="6" total_pages="2" current_page="1">',
    );
    const { text } = await ask(server.url, '/admin/api/applications.json');
    expect(Object.keys(JSON.parse(text) as object)).toEqual(['applications']);
  });

  test('an empty list is bare', async () => {
    expect(await rootOf(PAGE.none)).toBe('<applications/>');
    expect((await ask(server.url, `/admin/api/applications.json?${PAGE.none}`)).text).toBe('{"applications":[]}');
    // One page is what a list fits, also when a later one is asked for.
    expect(await rootOf(`${PAGE.none}&page=7`)).toBe('<applications/>');
  });

  test('JSON has them beside the list', async () => {
    const { text } = await ask(server.url, `/admin/api/applications.json?${PAGE.many}&per_page=500&page=9`);
    expect(text).toBe(
      '{"applications":[],"metadata":{"per_page":500,"total_entries":1203,"total_pages":3,"current_page":9}}',
    );
  });
});

describe('the loops of the clients end, each with every application once', () => {
  const all = Array.from({ length: 1_203 }, (_, index) => index + 1);

  test.each([
    ['1,203 applications', PAGE.many, all],
    ['six applications', 'provider_key=pk_north', [41, 42, 43, 44, 45, 46]],
    ['none', PAGE.none, []],
  ])("the seed's: until @current_page and @total_pages have the same text; %s", async (_, credential, expected) => {
    const parser = new XMLParser({
      ignoreAttributes: false,
      attributeNamePrefix: '@',
      isArray: (name) => name === 'application',
      parseTagValue: false,
    });
    const ids: number[] = [];
    let requests = 0;
    for (let page = 1, done = false; !done; page += 1) {
      requests += 1;
      const { text } = await ask(server.url, `/admin/api/applications.xml?${credential}&page=${page}&per_page=100`);
      const document = parser.parse(text) as { applications: '' | Record<string, unknown> };
      const root = document.applications === '' ? {} : document.applications;
      done = (root['@current_page'] ?? '') === (root['@total_pages'] ?? '');
      for (const { id } of (root['application'] ?? []) as { id: string }[]) ids.push(Number(id));
      expect(requests).toBeLessThan(20);
    }
    expect(ids).toEqual(expected);
  });

  test('the Python client: page after page until one is empty', async () => {
    const ids: number[] = [];
    for (let page = 1; ; page += 1) {
      const found = await idsOf(`${PAGE.many}&page=${page}&per_page=500`);
      if (found.length === 0) break;
      ids.push(...found);
      expect(page).toBeLessThan(5);
    }
    expect(ids).toEqual(all);
  });

  test('the Ruby toolbox: until a page is shorter than 500', async () => {
    const ids: number[] = [];
    for (let page = 1, found = all; found.length >= 500; page += 1) {
      found = await idsOf(`${PAGE.many}&page=${page}&per_page=500`);
      ids.push(...found);
    }
    expect(ids).toEqual(all);
  });
});

describe('filters', () => {
  test.each<[string, number[]]>([
    ['service_id=7', [41, 45, 46]],
    ['service_id=99', []],
    ['service_id=abc', []],
    ['service_id=', [41, 42, 43, 44, 45, 46]],
    ['plan_id=3', [41]],
    ['plan_id=9', [43, 44]],
    ['plan_id=0', []],
    ['plan_type=free', [41, 42, 43, 44]],
    ['plan_type=paid', [45, 46]],
    ['plan_type=other', []],
    ['state=live', [41, 42, 45, 46]],
    ['state=suspended', [43]],
    ['state=pending', [44]],
    ['state=gone', []],
    ['account=18', [45, 46]],
    ['account=170', []],
    ['name=WEATHER', [41]],
    ['name=%C3%A4d', [43]],
    ['name=%C3%84D', [43]],
    ['name=%25', []],
    ['name=_', []],
    ['name=%26%20%3C', [42]],
    ['user_key=uk_45', [45]],
    ['user_key=uk_sol', []],
    ['service_id=7&state=live&account=18&plan_type=paid&name=ha', [45]],
    // 41 last had traffic on the 9th, first at 00:04:10; 45 on the 10th at 00:00:00; 42 on the 5th.
    ['active_since=2024-03-09', [41, 45]],
    ['active_since=2024-03-09T00:04:10Z', [41, 45]],
    ['active_since=2024-03-09T00:04:11Z', [45]],
    ['active_since=2024-03-10', [45]],
    ['active_since=2024-03-10T00:00:01Z', []],
    ['inactive_since=2024-03-10', [41, 42, 45]],
    ['inactive_since=2024-03-09T23:59:59Z', [41, 42]],
    ['inactive_since=2024-03-09T00:04:10Z', [41, 42]],
    ['inactive_since=2024-03-09T00:04:09Z', [42]],
    ['inactive_since=2024-03-05T12:00:00%2B00:00', [42]],
    ['active_since=2024-03-05&inactive_since=2024-03-09T01:00:00', [41, 42]],
    ['active_since=1990-01-01', [41, 42, 45]],
    ['inactive_since=2200-01-01', [41, 42, 45]],
    ['active_since=yesterday', []],
    ['inactive_since=2024-02-30', []],
    ['created_since=2024-03-04', [43, 44, 45, 46]],
    ['created_since=20240305', [44, 45, 46]],
    ['created_since=2024-03-02T08:15:00Z', [41, 42, 43, 44, 45, 46]],
    ['created_since=2024-03-02T08:15:01Z', [42, 43, 44, 45, 46]],
    ['created_until=2024-03-02T08:15:00Z', [41]],
    ['created_until=2024-03-02T08:14:59Z', []],
    // Made at 00:00:00.500, which is told as 00:00:00.
    ['created_until=2024-03-03', [41, 42]],
    ['created_until=2024-03-10', [41, 42, 43, 44, 45]],
    ['created_since=2024-03-03&created_until=2024-03-05', [42, 43, 44]],
    ['created_since=soon', []],
    ['created_until=1710028800', []],
    ['unknown=1&created_at=2000', [41, 42, 43, 44, 45, 46]],
  ])('%s keeps %j', async (query, expected) => {
    expect(await idsOf(query)).toEqual(expected);
    const { text } = await ask(server.url, `/admin/api/applications.xml?${query}`);
    expect([...text.matchAll(/<application><id>(\d+)</g)].map(([, id]) => Number(id))).toEqual(expected);
  });

  test('are paged like the whole list', async () => {
    expect(await rootOf('inactive_since=2200-01-01&per_page=2&page=2')).toBe(
      '<applications per_page="2" total_entries="3" total_pages="2" current_page="2">',
    );
    expect(await idsOf('inactive_since=2200-01-01&per_page=2&page=2')).toEqual([45]);
    expect(await idsOf(`${PAGE.many}&name=n1&per_page=3&page=2`)).toEqual([12, 13, 14]);
  });
});
