import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../../support/server.ts';
import { ask, DIRECTORY, NOW, use, wire } from '../support/world.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY, clock: NOW });
  const day = (date: string, value: number, fields = {}) => ({ time: `2024-03-${date}T12:00:00Z`, value, ...fields });
  await use(server.url, [
    // The contract's ten days: 0,12,9,0,0,14,0,20,7,0.
    day('02', 12, { code: 200 }),
    day('03', 9, { code: 404 }),
    day('06', 14, { code: 200 }),
    day('08', 20, { code: 503 }),
    day('09', 7, { code: 777 }),
    { time: '2024-02-20T00:00:00Z', value: 31 },
    day('02', 5, { application: 45, code: 201 }),
    day('03', 50, { application: 45 }),
    day('04', 3, { application: 46, metric: 'search', code: 200 }),
    day('04', 1_000, { metric: 'bytes' }),
    day('05', 9_007_199_254_740_991, { application: 42, product: 'maps' }),
    day('06', 9_007_199_254_740_991, { application: 42, product: 'maps' }),
    { time: '1990-06-01T00:00:00Z', value: 100, application: 45 },
    { time: '2099-06-01T00:00:00Z', value: 1_000, application: 45 },
  ]);
}, 60_000);
afterAll(() => server.stop());

const USAGE = '/stats/applications/41/usage';
const TEN_DAYS = 'metric_name=hits&since=2024-03-01&until=2024-03-10&granularity=day';
const METRIC = '<metric><id>11</id><name>Hits</name><system_name>hits</system_name><unit>hit</unit></metric>';
const APPLICATION = `<application><id>41</id><name>Weather widget</name><plan><id>3</id><name>evaluation</name></plan>
  <account><name>Ann's lab</name><id>17</id></account></application>`;
const JSON_APPLICATION =
  '"application":{"id":41,"name":"Weather widget","state":"live","link":"/p/admin/applications/41","description":"hobby project",' +
  '"plan":{"id":3,"name":"evaluation"},"account":{"id":17,"name":"Ann\'s lab","link":"/buyers/accounts/17"},"service":{"id":7}}';

const period = (since: string, until: string, name = '', granularity = 'day') =>
  `<period><since>${since}</since><until>${until}</until>${name === '' ? '<name/>' : `<name>${name}</name>`}
   <granularity>${granularity}</granularity></period>`;

describe('XML (contract 4.5)', () => {
  test.each<[string, string]>([
    [
      `${USAGE}.xml?${TEN_DAYS}`,
      `<usage>${METRIC}${period('2024-03-01 00:00:00 UTC', '2024-03-10 23:59:59 UTC')}
        <data><total>62</total><values length="10">0,12,9,0,0,14,0,20,7,0</values></data>${APPLICATION}</usage>`,
    ],
    [
      `${USAGE}.xml?${TEN_DAYS}&timezone=Madrid&skip_change=false`,
      `<usage>${METRIC}${period('2024-03-01 00:00:00 +0100', '2024-03-10 23:59:59 +0100')}
        <data><total>62</total><values length="10">0,12,9,0,0,14,0,20,7,0</values></data>${APPLICATION}</usage>`,
    ],
    [
      `${USAGE}.xml?metric_name=hits&since=2024-03-08&until=2024-03-07&granularity=day`,
      `<usage>${METRIC}${period('2024-03-08 00:00:00 UTC', '2024-03-07 23:59:59 UTC')}
        <data><total>0</total><values length="0"/></data>${APPLICATION}</usage>`,
    ],
    [
      `${USAGE}.xml?metric_name=hits&since=2024-03-02&period=day&granularity=21600`,
      `<usage>${METRIC}${period('2024-03-02 00:00:00 UTC', '2024-03-02 23:59:59 UTC', 'day', '21600')}
        <data><total>12</total><values length="4">0,0,12,0</values></data>${APPLICATION}</usage>`,
    ],
    [
      '/stats/services/7/usage.xml?metric_name=hits&since=2024-03-01&until=2024-03-04&granularity=day',
      `<usage>${METRIC}${period('2024-03-01 00:00:00 UTC', '2024-03-04 23:59:59 UTC')}
        <data><total>79</total><values length="4">0,17,59,3</values></data></usage>`,
    ],
    [
      `${USAGE}_response_code.xml?response_code=200&since=2024-03-01&until=2024-03-03&granularity=day`,
      `<usage><response_code><code>200</code></response_code>${period('2024-03-01 00:00:00 UTC', '2024-03-03 23:59:59 UTC')}
        <data><total>1</total><values length="3">0,1,0</values></data>${APPLICATION}</usage>`,
    ],
    [
      '/stats/services/7/usage_response_code.xml?response_code=2XX&since=2024-03-01&until=2024-03-04&granularity=day',
      `<usage><response_code><code>2XX</code></response_code>${period('2024-03-01 00:00:00 UTC', '2024-03-04 23:59:59 UTC')}
        <data><total>3</total><values length="4">0,2,0,1</values></data></usage>`,
    ],
    [
      '/stats/services/7/top_applications.xml?metric_name=hits&period=week&since=2024-03-03',
      `<top>${METRIC}<period><name>week</name><since>2024-02-26 00:00:00 UTC</since><until>2024-03-03 23:59:59 UTC</until></period>
       <applications>
        <application><value>55</value><id>45</id><name>Hail</name><plan><id>4</id><name>Pro</name></plan>
         <account><name>Běta GmbH</name><id>18</id></account></application>
        <application><value>21</value><id>41</id><name>Weather widget</name><plan><id>3</id><name>evaluation</name></plan>
         <account><name>Ann's lab</name><id>17</id></account></application>
       </applications></top>`,
    ],
    [
      '/stats/services/7/top_applications.xml?metric_name=search&period=day&since=2000-01-01',
      `<top><metric><id>12</id><name>Search it</name><system_name>search</system_name><unit>hit</unit></metric>
       <period><name>day</name><since>2000-01-01 00:00:00 UTC</since><until>2000-01-01 23:59:59 UTC</until></period>
       <applications/></top>`,
    ],
  ])('%s', async (path, expected) => {
    expect(await ask(server.url, path)).toEqual({
      status: 200,
      type: 'application/xml; charset=utf-8',
      text: wire(expected),
    });
  });
});

describe('JSON and CSV (contract 4.6 to 4.9)', () => {
  const madrid =
    '"period":{"name":"month","since":"2024-03-02T00:00:00+01:00","until":"2024-04-01T23:59:59+02:00","timezone":"Europe/Madrid","granularity":"day"}';
  test.each<[string, string]>([
    [
      `${USAGE}.json?${TEN_DAYS}`,
      '{"metric":{"id":11,"name":"Hits","system_name":"hits","unit":"hit"},' +
        '"period":{"name":null,"since":"2024-03-01T00:00:00Z","until":"2024-03-10T23:59:59Z","timezone":"Etc/UTC","granularity":"day"},' +
        `"total":62,"values":[0,12,9,0,0,14,0,20,7,0],${JSON_APPLICATION}}`,
    ],
    [
      `${USAGE}.json?${TEN_DAYS}&skip_change=false`,
      '{"metric":{"id":11,"name":"Hits","system_name":"hits","unit":"hit"},' +
        '"period":{"name":null,"since":"2024-03-01T00:00:00Z","until":"2024-03-10T23:59:59Z","timezone":"Etc/UTC","granularity":"day"},' +
        `"total":62,"values":[0,12,9,0,0,14,0,20,7,0],${JSON_APPLICATION},"previous_total":31,"change":100.0}`,
    ],
    [
      `/stats/services/7/usage.json?metric_name=search&since=2024-03-02&period=month&timezone=Europe/Madrid`,
      `{"metric":{"id":12,"name":"Search it","system_name":"search","unit":"hit"},${madrid},"total":3,` +
        `"values":[0,0,3,${Array.from({ length: 28 }, () => '0').join(',')}]}`,
    ],
    [
      `/stats/services/7/usage.json?metric_name=hits&since=2024-03-02&period=day&granularity=6h`,
      '{"metric":{"id":11,"name":"Hits","system_name":"hits","unit":"hit"},' +
        '"period":{"name":"day","since":"2024-03-02T00:00:00Z","until":"2024-03-02T23:59:59Z","timezone":"Etc/UTC","granularity":21600},' +
        '"total":17,"values":[0,0,17,0]}',
    ],
    [
      '/stats/services/7/usage.json?metric_name=hits&period=eternity&timezone=Madrid&skip_change=false&since=x&until=y',
      '{"metric":{"id":11,"name":"Hits","system_name":"hits","unit":"hit"},' +
        '"period":{"name":"eternity","since":"1970-01-01T00:00:00Z","until":"2026-11-21T23:59:59Z","timezone":"Europe/Madrid","granularity":"eternity"},' +
        '"total":1251,"values":[1251]}',
    ],
    [
      `${USAGE}_response_code.json?response_code=777&since=2024-03-08&until=2024-03-09&granularity=day`,
      '{"response_code":{"code":"777"},' +
        '"period":{"name":null,"since":"2024-03-08T00:00:00Z","until":"2024-03-09T23:59:59Z","timezone":"Etc/UTC","granularity":"day"},' +
        `"total":1,"values":[0,1],${JSON_APPLICATION}}`,
    ],
    [
      '/stats/services/7/top_applications.json?metric_name=hits&period=month&since=2024-03-31&timezone=Madrid',
      '{"applications":[' +
        '{"name":"Weather widget","id":41,"value":"62","account":{"id":17,"name":"Ann\'s lab"},"plan":{"id":3,"name":"evaluation"},"service":{"id":7}},' +
        '{"name":"Hail","id":45,"value":"55","account":{"id":18,"name":"Běta GmbH"},"plan":{"id":4,"name":"Pro"},"service":{"id":7}},' +
        '{"name":"Never used","id":46,"value":"3","account":{"id":18,"name":"Běta GmbH"},"plan":{"id":5,"name":"Set up once"},"service":{"id":7}}],' +
        '"metric":{"id":11,"name":"Hits","system_name":"hits","unit":"hit"},' +
        '"period":{"name":"month","since":"2024-03-01T00:00:00+01:00","until":"2024-03-31T23:59:59+02:00"}}',
    ],
    [
      '/stats/services/7/top_applications.json?metric_name=hits&period=year&since=2024-03-31&limit=1',
      '{"applications":[' +
        '{"name":"Weather widget","id":41,"value":"93","account":{"id":17,"name":"Ann\'s lab"},"plan":{"id":3,"name":"evaluation"},"service":{"id":7}}],' +
        '"metric":{"id":11,"name":"Hits","system_name":"hits","unit":"hit"},' +
        '"period":{"name":"year","since":"2024-01-01T00:00:00Z","until":"2024-12-31T23:59:59Z"}}',
    ],
  ])('%s', async (path, expected) => {
    expect(await ask(server.url, path)).toEqual({
      status: 200,
      type: 'application/json; charset=utf-8',
      text: expected,
    });
  });

  test.each<[string, string, string]>([
    [
      `${USAGE}.csv?metric_name=hits&since=2024-03-02&until=2024-03-03&granularity=day&timezone=Madrid`,
      'usage-1795256100.csv',
      'Metric System Name,Metric Name,Date,Value\nhits,Hits,2024-03-02 00:00:00 +0100,12\nhits,Hits,2024-03-03 00:00:00 +0100,9\n',
    ],
    [
      '/stats/services/7/usage.csv?metric_name=search&period=eternity',
      'usage-1795256100.csv',
      'Metric System Name,Metric Name,Date,Value\nsearch,Search it,1970-01-01 00:00:00 UTC,3\n',
    ],
    [
      `${USAGE}_response_code.csv?response_code=4XX&since=2024-03-02&until=2024-03-03&granularity=day`,
      'usage-1795256100.csv',
      'Response Code,Date,Value\n4XX,2024-03-02 00:00:00 UTC,0\n4XX,2024-03-03 00:00:00 UTC,1\n',
    ],
    [
      '/stats/services/7/top_applications.csv?metric_name=hits&period=month&since=2024-03-01&limit=2',
      'top-applications-1795256100.csv',
      'Application Name,Application ID,Plan Name,Plan ID,Account Name,Account ID,Total\n' +
        "Weather widget,41,evaluation,3,Ann's lab,17,62\nHail,45,Pro,4,Běta GmbH,18,55\n",
    ],
  ])('%s', async (path, file, expected) => {
    const answer = await fetch(`${server.url}${path}&provider_key=pk_north`);
    expect(answer.headers.get('content-type')).toBe('text/csv; header=present');
    const epoch = Number(/-(\d+)\.csv/.exec(answer.headers.get('content-disposition') ?? '')?.[1]);
    expect(epoch).toBeGreaterThanOrEqual(1_795_256_100);
    expect(epoch).toBeLessThan(1_795_256_400);
    expect(answer.headers.get('content-disposition')).toBe(
      `attachment; filename="${file.replace('1795256100', String(epoch))}"`,
    );
    expect(await answer.text()).toBe(expected);
  });

  test('sums beyond 2^53 are exact in every form', async () => {
    const path = (format: string) =>
      `/stats/applications/42/usage.${format}?metric_name=hits&since=2024-03-05&until=2024-03-06&granularity=day`;
    expect((await ask(server.url, path('json'))).text).toContain(
      '"total":18014398509481982,"values":[9007199254740991,9007199254740991]',
    );
    expect((await ask(server.url, path('xml'))).text).toContain('<total>18014398509481982</total>');
    const month =
      '/stats/applications/42/usage.csv?metric_name=hits&since=2024-03-05&until=2024-03-06&granularity=month';
    expect((await ask(server.url, month)).text).toContain(',18014398509481982\n');
  });

  test('a method is asked by metric_name or, without it, by method_name', async () => {
    const range = 'since=2024-03-04&until=2024-03-04&granularity=day';
    for (const query of [
      'metric_name=search',
      'method_name=search',
      'metric_name=search&method_name=forecast',
      'metric_name=&method_name=search',
    ]) {
      const { text } = await ask(server.url, `/stats/applications/46/usage.json?${query}&${range}`);
      expect(JSON.parse(text)).toMatchObject({ metric: { id: 12, system_name: 'search', unit: 'hit' }, total: 3 });
    }
    // What the method added to its parent.
    const hits = await ask(server.url, `/stats/applications/46/usage.json?metric_name=hits&${range}`);
    expect(JSON.parse(hits.text)).toMatchObject({ total: 3 });
  });

  test('comparison: only the text false asks for it; nothing before, nothing at all, half', async () => {
    const json = async (query: string) =>
      JSON.parse((await ask(server.url, `${USAGE}.json?metric_name=hits&granularity=day&${query}`)).text) as object;
    for (const other of ['0', 'no', 'true', 'FALSE', '']) {
      expect(await json(`since=2024-03-01&until=2024-03-10&skip_change=${other}`)).not.toHaveProperty('change');
    }
    const changed = (since: string, until: string) => json(`since=${since}&until=${until}&skip_change=false`);
    expect(await changed('2024-03-02', '2024-03-02')).toMatchObject({ previous_total: 0, change: 100 });
    expect(await changed('2024-03-04', '2024-03-04')).toMatchObject({ previous_total: 9, change: -100 });
    expect(await changed('2024-03-05', '2024-03-05')).toMatchObject({ previous_total: 0, change: 0 });
    expect(await changed('2024-03-03', '2024-03-03')).toMatchObject({ previous_total: 12, change: -25 });
    expect(await changed('2024-03-08', '2024-03-07')).toMatchObject({ total: 0, previous_total: 0, change: 0 });
  });

  test.each([
    ['200', 3],
    ['201', 1],
    ['2XX', 4],
    ['404', 1],
    ['4XX', 1],
    ['5XX', 1],
    ['503', 1],
    ['777', 1],
    ['1XX', 0],
    ['3XX', 0],
    ['7XX', 0],
    ['2xx', 0],
    ['99', 0],
    ['1000', 0],
    ['abc', 0],
    ['🗺', 0],
  ])('response code %s: %i calls of the service', async (code, total) => {
    const query = `response_code=${encodeURIComponent(code)}&since=2024-03-01&period=month`;
    const { status, text } = await ask(server.url, `/stats/services/7/usage_response_code.json?${query}`);
    // 41: 200, 404, 200, 503, 777; 45: 201; 46: 200.
    expect([status, (JSON.parse(text) as { total: number }).total]).toEqual([200, total]);
  });

  test('summary', async () => {
    const { text } = await ask(server.url, '/stats/applications/42/summary.json');
    const made = expect.stringMatching(/^2026-11-21T10:1\d:\d\dZ$/) as string;
    const hits = {
      id: 21,
      system_name: 'hits',
      friendly_name: 'Hits',
      unit: 'hit',
      description: null,
      parent_id: null,
    };
    expect(JSON.parse(text)).toEqual({
      metrics: [{ metric: { ...hits, service_id: 8, created_at: made, updated_at: made } }],
      methods: [],
    });
    const service = await ask(server.url, '/stats/services/7/summary.json');
    const ids = (JSON.parse(service.text) as { metric: { id: number; parent_id: number } }[]).map(
      ({ metric }) => metric,
    );
    expect(ids.map(({ id, parent_id }) => [id, parent_id])).toEqual([
      [12, 11],
      [13, 11],
    ]);
    expect((await ask(server.url, '/stats/services/8/summary.json')).text).toBe('[]');
  });
});

describe('refusals, in the order they are looked for (contract 2.3, 4.2)', () => {
  const TOP = '/stats/services/7/top_applications';
  const missing = (name: string) => `Required parameter missing: ${name}`;
  const DATE = 'Date parameters should have valid date/time format.';

  test.each([
    [`${USAGE}`, 'metric_name'],
    [`${USAGE}?metric_name=`, 'metric_name'],
    [`${USAGE}?metric_name=%20`, 'metric_name'],
    [`${USAGE}?metric_name=none`, 'granularity'],
    [`${USAGE}?metric_name=none&period=`, 'granularity'],
    [`${USAGE}?metric_name=none&granularity=bad`, 'since'],
    [`${USAGE}?metric_name=none&granularity=bad&since=bad`, 'until'],
    [`${USAGE}_response_code?metric_name=hits&period=day`, 'response_code'],
    [`${TOP}`, 'metric_name'],
    [`${TOP}?metric_name=none`, 'period'],
    [`${TOP}?metric_name=none&period=bad`, 'since'],
  ])('%s lacks %s', async (path, name) => {
    const [bare = '', query = ''] = path.split('?');
    for (const format of ['xml', 'json', 'csv']) {
      expect(await ask(server.url, `${bare}.${format}?${query}`)).toEqual({
        status: 400,
        type: 'text/plain; charset=utf-8',
        text: missing(name),
      });
    }
  });

  test.each([
    [`${USAGE}?metric_name=none&period=day`, 'metric none not found'],
    [`${USAGE}?metric_name=HITS&period=day`, 'metric HITS not found'],
    [`${USAGE}?metric_name=11&period=day`, 'metric 11 not found'],
    [`${USAGE}?metric_name=%3Ca%3E%26&period=day`, 'metric <a>& not found'],
    [`/stats/services/8/usage?metric_name=search&period=day`, 'metric search not found'],
    [`${USAGE}?metric_name=hits&period=hour`, 'period hour is not supported'],
    [`${USAGE}?metric_name=hits&period=minute`, 'period minute is not supported'],
    [`${USAGE}?metric_name=hits&period=toString`, 'period toString is not supported'],
    [`${USAGE}?metric_name=hits&period=day&granularity=week`, 'granularity week is not supported'],
    [`${USAGE}?${TEN_DAYS}&granularity=year`, 'granularity year is not supported'],
    [`${USAGE}?${TEN_DAYS}&granularity=minute`, 'granularity minute is not supported'],
    [`${USAGE}?${TEN_DAYS}&granularity=Day`, 'granularity Day is not supported'],
    [`${USAGE}?${TEN_DAYS}&granularity=eternity`, 'granularity eternity and period eternity go together only'],
    [
      `${USAGE}?metric_name=hits&period=month&granularity=eternity`,
      'granularity eternity and period eternity go together only',
    ],
    [
      `${USAGE}?metric_name=hits&period=eternity&granularity=day`,
      'granularity eternity and period eternity go together only',
    ],
    [`${USAGE}?${TEN_DAYS}&since=yesterday`, DATE],
    [`${USAGE}?${TEN_DAYS}&until=2024-02-30`, DATE],
    [`${USAGE}?${TEN_DAYS}&since=1709251200`, DATE],
    [`${USAGE}?${TEN_DAYS}&since=0000-01-01`, DATE],
    [`${USAGE}?metric_name=hits&period=day&since=nope`, DATE],
    [`${USAGE}?${TEN_DAYS}&since=2010-01-01&until=2011-01-01`, 'range is too long for granularity day: at most 1 year'],
    [
      `${USAGE}?${TEN_DAYS}&since=2010-01-01&until=2010-04-01&granularity=hour`,
      'range is too long for granularity hour: at most 90 days',
    ],
    [
      `${USAGE}?${TEN_DAYS}&since=2010-01-01&until=2020-01-01&granularity=month`,
      'range is too long for granularity month: at most 10 years',
    ],
    [
      `${USAGE}?${TEN_DAYS}&since=2010-01-01&until=2010-07-01&granularity=6h`,
      'range is too long for granularity 21600: at most 6 months',
    ],
    [
      `${USAGE}?metric_name=hits&period=year&since=2010-01-01&granularity=hour`,
      'range is too long for granularity hour: at most 90 days',
    ],
    [`${TOP}?metric_name=none&period=day&since=2024-03-01`, 'metric none not found'],
    [`${TOP}?metric_name=hits&period=hour&since=2024-03-01`, 'period hour is not supported'],
    [`${TOP}?metric_name=hits&period=eternity&since=2024-03-01`, 'period eternity is not supported'],
    [`${TOP}?metric_name=hits&period=day&since=03/01/2024`, DATE],
    [`${TOP}?metric_name=hits&period=day&since=2024-03-01&limit=0`, 'limit has to be a whole number from 1 to 100'],
    [`${TOP}?metric_name=hits&period=day&since=2024-03-01&limit=101`, 'limit has to be a whole number from 1 to 100'],
    [`${TOP}?metric_name=hits&period=day&since=2024-03-01&limit=ten`, 'limit has to be a whole number from 1 to 100'],
  ])('%s: %s', async (path, words) => {
    const [bare = '', query = ''] = path.split('?');
    const escaped = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    expect(await ask(server.url, `${bare}.xml?${query}`)).toEqual({
      status: 400,
      type: 'application/xml; charset=utf-8',
      text: wire(`<error>${escaped}</error>`),
    });
    expect(await ask(server.url, `${bare}.json?${query}`)).toEqual({
      status: 400,
      type: 'application/json; charset=utf-8',
      text: JSON.stringify({ error: words }),
    });
    expect(await ask(server.url, `${bare}.csv?${query}`)).toEqual({
      status: 400,
      type: 'text/plain; charset=utf-8',
      text: words,
    });
  });

  test('the object comes before the parameters, the credential before the object', async () => {
    expect(await ask(server.url, '/stats/applications/99/usage.xml')).toMatchObject({
      status: 404,
      text: wire('<error>Application not found</error>'),
    });
    expect(await ask(server.url, '/stats/services/a1b2c3d4/usage.json')).toMatchObject({
      status: 404,
      text: '{"error":"Service not found"}',
    });
    expect(await ask(server.url, '/stats/services/99/top_applications.csv')).toEqual({
      status: 404,
      type: 'text/plain; charset=utf-8',
      text: 'Service not found',
    });
    expect((await ask(server.url, '/stats/applications/99/usage.xml?access_token=nobody')).status).toBe(403);
    expect(await ask(server.url, '/stats/backend_apis/1/usage.json')).toMatchObject({
      status: 404,
      text: '{"status":"Not found"}',
    });
  });
});
