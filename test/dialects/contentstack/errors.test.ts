import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { Analytics, authtokenOf, send, type Reply } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';

const NORTH = 'blt0000000000000001';
const SOUTH = 'blt0000000000000002';
const READS = ['subscription', 'devices', 'usage', 'url', 'http-statuses', 'hit-miss-ratio', 'sdk'];
const RANGE = 'from=2024-03-01&to=2024-03-02';
/** Enough for each of the seven. */
const ENOUGH = `${RANGE}&services=cdn&duration=day&includeCount=false`;
const JOB = 'job_00000000-0000-4000-8000-000000000000';

let server: TestServer;
let ada: Analytics;
const tokens: Record<string, string> = {};
beforeAll(async () => {
  // The limit has a test of its own.
  server = await startServer({ directory: DIRECTORY, env: { TALLYHOUSE_CONTENTSTACK_RATE: '1000' } });
  const people = {
    ada: ['ada@north.example', 'correct-horse'],
    ben: ['ben@north.example', 'battery-staple'],
    mia: ['mia@north.example', 'mia-is-member'],
    vic: ['vic@north.example', 'vic-looks-on'],
    sue: ['sue@south.example', 'sue-owns-it'],
    alf: ['alf@south.example', 'alf-may-pass'],
    axl: ['axl@south.example', 'axl-may-not'],
    eve: ['eve@east.example', 'eve-is-elsewhere'],
  };
  for (const [name, [email = '', password = '']] of Object.entries(people)) {
    tokens[name] = await authtokenOf(server.url, email, password);
  }
  ada = new Analytics(server.url, tokens['ada'] ?? '', NORTH);
}, 60_000);
afterAll(() => server.stop());

/** As one user and as it is written; waits out the rate limit. */
async function ask(who: string, path: string): Promise<Reply> {
  for (;;) {
    const reply = await send(server.url, path, { headers: { authtoken: tokens[who] ?? '' } });
    if (reply.status !== 429) return reply;
    await sleep(100);
  }
}

function expectError(reply: Reply, status: number, code: number, errors: object = {}): void {
  expect([reply.status, reply.json()]).toEqual([
    status,
    { error_message: expect.stringMatching(/./), error_code: code, errors },
  ]);
  expect(reply.headers['content-type']).toBe('application/json; charset=utf-8');
}

const PATHS = [...READS.map((name) => `/analytics/v2/${name}?${ENOUGH}`), `/analytics/v2/job/${JOB}/data?`];

describe('who may ask (contract 2, 4.3)', () => {
  test.each(PATHS)('%s: no token 401, no orgUid 422, no right 403, in this order', async (path) => {
    expectError(await send(server.url, path), 401, 105, { authtoken: ['is required.'] });
    const headers = { authorization: `Bearer ${tokens['ada']}` };
    expectError(await send(server.url, `${path}&orgUid=${NORTH}`, { headers }), 401, 105, {
      authtoken: ['is required.'],
    });
    expectError(await ask('nobody', `${path}&orgUid=${NORTH}`), 401, 105, { authtoken: ['is required.'] });
    expectError(await ask('ada', path), 422, 119, { orgUid: ['is required.'] });
    expectError(await ask('ada', `${path}&orgUid=`), 422, 119, { orgUid: ['is required.'] });
    expectError(await ask('ada', `${path}&orgUid=${NORTH}&orgUid=${NORTH}`), 422, 119, {
      orgUid: ['was sent more than once.'],
    });
    expectError(await ask('ada', `${path}&orgUid=${SOUTH}`), 403, 403);
  });

  test.each([
    ['a member', 'mia', NORTH, 403],
    ['a viewer', 'vic', NORTH, 403],
    ['an admin', 'ben', NORTH, 200],
    ['an owner', 'ada', NORTH, 200],
    ['an organization that does not exist', 'ada', 'blt9999999999999999', 403],
    ['an API key as organization', 'ada', 'bltstack00000001', 403],
    ['an organization below the own one', 'ada', 'blt0000000000000011', 403],
    ['U+0000', 'ada', '%00', 403],
    ['the owner of an organization with single sign-on', 'sue', SOUTH, 200],
    ['an admin who is allowed without single sign-on', 'alf', SOUTH, 200],
    ['an admin who is not', 'axl', SOUTH, 403],
    ['the owner of an organization without analytics', 'eve', 'blt0000000000000003', 403],
    ['the admin of a suspended organization', 'eve', 'blt0000000000000004', 403],
  ])('%s', async (_case, who, orgUid, status) => {
    const reply = await ask(who, `/analytics/v2/usage?${RANGE}&orgUid=${orgUid}`);
    expect(reply.status).toBe(status);
    if (status === 403) expectError(reply, 403, 403);
  });

  test('an organization that does not exist cannot be told from one of others', async () => {
    const other = await ask('ada', `/analytics/v2/usage?${RANGE}&orgUid=${SOUTH}`);
    const none = await ask('ada', `/analytics/v2/usage?${RANGE}&orgUid=blt9999999999999999`);
    expect(none.text).toBe(other.text);
  });
});

describe('parameters (contract 3)', () => {
  test.each([
    ['subscription', '', ['from', 'to']],
    ['devices', '', ['from', 'to']],
    ['usage', '', ['from', 'to']],
    ['url', '', ['from', 'to']],
    ['http-statuses', '', ['duration', 'from', 'services', 'to']],
    ['hit-miss-ratio', '', ['duration', 'from', 'services', 'to']],
    ['sdk', '', ['duration', 'from', 'includeCount', 'services', 'to']],
    ['sdk', 'from=2024-01-01&services=cdn', ['duration', 'includeCount', 'to']],
  ])('%s?%s lacks %j', async (name, query, missing) => {
    const reply = await ada.get(`${name}?${query}`);
    expectError(reply, 422, 119, Object.fromEntries(missing.map((field) => [field, ['is required.']])));
  });

  test.each(READS)('%s needs nothing else', async (name) => {
    const required =
      name === 'subscription' || name === 'devices' || name === 'usage' || name === 'url' ? RANGE : ENOUGH;
    const reply = await ada.get(`${name}?${required}`);
    expect([reply.status, reply.json()]).toEqual([
      200,
      {
        jobId: expect.stringMatching(/^job_[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
        paginated: name === 'devices' || name === 'url' || name === 'sdk',
      },
    ]);
    expect(Object.keys(reply.json() as object)).toEqual(['jobId', 'paginated']);
  });

  test.each([
    ['from', 'from=2024-02-30&to=2024-03-01'],
    ['from', 'from=2023-02-29&to=2024-03-01'],
    ['from', 'from=2024-13-01&to=2024-03-01'],
    ['from', 'from=2024-00-10&to=2024-03-01'],
    ['from', 'from=2024-1-1&to=2024-03-01'],
    ['from', 'from=0000-01-01&to=0001-01-02&duration=week'],
    ['from', 'from=&to=2024-03-01'],
    ['from', 'from=2024-01-01T00:00:00Z&to=2024-03-01'],
    ['to', 'from=2024-03-01&to=tomorrow'],
    ['to', 'from=2024-03-02&to=2024-03-01'],
    ['duration', `${RANGE}&duration=hour`],
    ['duration', `${RANGE}&duration=Day`],
    ['duration', `${RANGE}&duration=`],
    ['services', `${RANGE}&services=[]`],
    ['services', `${RANGE}&services=`],
    ['services', `${RANGE}&services=cdn,`],
    ['services', `${RANGE}&services=CDN`],
    ['services', `${RANGE}&services=["cdn","cms"]`],
    ['services', `${RANGE}&services=["cdn",1]`],
    ['services', `${RANGE}&services=cdn&services=nothing`],
    ['services', `${RANGE}&services={"a":1}`],
    ['includeCount', `${RANGE}&includeCount=1`],
    ['includeCount', `${RANGE}&includeCount=TRUE`],
    ['includeTotalCount', `${RANGE}&includeTotalCount=yes`],
    ['orderBy', `${RANGE}&orderBy=0`],
    ['orderBy', `${RANGE}&orderBy=desc`],
    ['orderBy', `${RANGE}&orderBy=1.0`],
    ['skip', `${RANGE}&skip=-1`],
    ['skip', `${RANGE}&skip=2147483648`],
    ['skip', `${RANGE}&skip=99999999999999999999999999`],
    ['skip', `${RANGE}&skip=1e3`],
    ['limit', `${RANGE}&limit=0`],
    ['limit', `${RANGE}&limit=901`],
    ['limit', `${RANGE}&limit=`],
    ['httpStatusCode', `${RANGE}&httpStatusCode=99`],
    ['httpStatusCode', `${RANGE}&httpStatusCode=600`],
    ['cache', `${RANGE}&cache=hit`],
    ['projectUid', `${RANGE}&services=launch&projectUid=`],
    ['page', `${RANGE}&page=-1`],
    ['page', `${RANGE}&page=x`],
    ['from', `${RANGE}&from=2024-03-01`],
    ['limit', `${RANGE}&limit=1&limit=1`],
    ['apiKey', `${RANGE}&apiKey=bltstack00000001&apiKey=bltstack00000001`],
    ['org_uid', `${RANGE}&org_uid=x`],
    ['include_count', `${RANGE}&include_count=true`],
    ['services[]', `${RANGE}&services[]=cdn`],
    ['FROM', `${RANGE}&FROM=2024-03-01`],
    ['', `${RANGE}&=x`],
    ['__proto__', `${RANGE}&__proto__=x`],
    ['constructor', `${RANGE}&constructor=x`],
  ])('%s of %s is 422 with the name in errors', async (field, query) => {
    const reply = await ada.get(`usage?${query}`);
    const { errors } = reply.json() as { errors: object };
    expect([reply.status, Object.keys(errors)]).toEqual([422, [field]]);
    expectError(reply, 422, 119, errors);
  });

  test('everything that is wrong is told at once', async () => {
    const reply = await ada.get('sdk?from=x&limit=0&nothing=1&services=none');
    expect(Object.keys((reply.json() as { errors: object }).errors).sort()).toEqual([
      'duration',
      'from',
      'includeCount',
      'limit',
      'nothing',
      'services',
      'to',
    ]);
  });

  test.each([
    ['a percent escape', `/analytics/v2/usage?${RANGE}&apiKey=%zz&orgUid=${NORTH}`],
    ['no UTF-8', `/analytics/v2/usage?${RANGE}&apiKey=%ff&orgUid=${NORTH}`],
    ['half an escape', `/analytics/v2/usage?orgUid=${NORTH}&x=%e`],
    ['in a name', `/analytics/v2/usage?orgUid=${NORTH}&%=1`],
    ['in orgUid', '/analytics/v2/usage?orgUid=%zz'],
    ['in retrieval', `/analytics/v2/job/${JOB}/data?orgUid=${NORTH}&page=%`],
    ['in the path', `/analytics/v2/job/%zz/data?orgUid=${NORTH}`],
    ['in a path that is none', '/analytics/v2/%zz'],
    ['in a path of the management API', '/v3/%zz'],
    ['services that begin like JSON', `/analytics/v2/usage?${RANGE}&services=[cdn]&orgUid=${NORTH}`],
    ['services that break off', `/analytics/v2/usage?${RANGE}&services=["cdn"&orgUid=${NORTH}`],
  ])('%s that cannot be read is 400', async (_case, path) => {
    expectError(await ask('ada', path), 400, 400);
  });

  test('an undecodable escape does not come before the token', async () => {
    expectError(await ask('nobody', '/analytics/v2/usage?x=%zz'), 401, 105, { authtoken: ['is required.'] });
    expectError(await ask('ada', `/analytics/v2/usage?x=%zz`), 422, 119, { orgUid: ['is required.'] });
    expectError(await ask('mia', `/analytics/v2/usage?x=%zz&orgUid=${NORTH}`), 403, 403);
  });

  test.each(READS)(
    '%s: the API key of nobody, and of another organization, is 412',
    async (name) => {
      for (const apiKey of ['bltstack99999999', 'bltstack00000003', NORTH, '', '%00', '☃']) {
        const reply = await ada.get(`${name}?${ENOUGH}&apiKey=${encodeURIComponent(apiKey).replace('%2500', '%00')}`);
        expectError(reply, 412, 109, { api_key: ['is not valid.'] });
      }
      expect((await ada.get(`${name}?${ENOUGH}&apiKey=bltstack00000001`)).status).toBe(200);
    },
    20_000,
  );

  test.each([
    ['automations and launch with an API key', 'services=["automations","launch"]&apiKey=bltstack00000001', ['apiKey']],
    ['these among others', 'services=cdn,launch,cma,automations&apiKey=bltstack99999999', ['apiKey']],
    ['environmentUid without services', 'environmentUid=e1', ['environmentUid']],
    ['environmentUid with others', 'services=launch,cdn&environmentUid=e1', ['environmentUid']],
    ['projectUid with another', 'services=["cdn"]&projectUid=p1', ['projectUid']],
    [
      'all of it',
      'services=automations,launch&projectUid=p&environmentUid=e&apiKey=x',
      ['apiKey', 'projectUid', 'environmentUid'],
    ],
  ])('usage with %s is 422', async (_case, query, fields) => {
    const reply = await ada.get(`usage?${RANGE}&${query}`);
    expect([reply.status, Object.keys((reply.json() as { errors: object }).errors)]).toEqual([422, fields]);
  });

  test.each([
    'services=automations,launch',
    'services=launch&apiKey=bltstack00000001&projectUid=p1&environmentUid=e1',
    'services=["launch","launch"]&environmentUid=e1',
    'services=automations&apiKey=bltstack00000001',
    'services=cdn&apiKey=bltstack00000001',
  ])('usage with %s is allowed', async (query) => {
    expect((await ada.get(`usage?${RANGE}&${query}`)).status).toBe(200);
  });

  test('the rules of launch are those of usage alone', async () => {
    const query = `${ENOUGH.replace('services=cdn', 'services=automations,launch')}&apiKey=bltstack00000001&environmentUid=e`;
    for (const name of READS) expect((await ada.get(`${name}?${query}`)).status).toBe(name === 'usage' ? 422 : 200);
  });

  test.each(READS)('%s takes every parameter of the others', async (name) => {
    const query =
      `${ENOUGH}&includeTotalCount=true&orderBy=%2B1&skip=0&limit=900&apiKey=bltstack00000002&httpStatusCode=200` +
      `&cache=MISS&page=3${name === 'usage' ? '' : '&projectUid=p&environmentUid=e'}`;
    expect((await ada.get(`${name}?${query}`)).status).toBe(200);
  });
});

describe('retrieval (contract 4.3)', () => {
  test.each([
    ['unknown', JOB],
    ['no id', 'nothing'],
    ['a name of a property', '__proto__'],
    ['U+0000', '%00'],
    ['long', 'a'.repeat(1000)],
  ])('a job that is %s is 404', async (_case, id) => {
    for (const page of ['', '?page=5', '?page=x', '?nothing=1']) {
      expectError(await ada.get(`job/${id}/data${page}`), 404, 404);
    }
  });

  test('the job of another organization is 404, for both sides', async () => {
    const mine = await ada.start(`usage?${RANGE}`);
    expectError(await ask('sue', `/analytics/v2/job/${mine}/data?orgUid=${SOUTH}`), 404, 404);
    expectError(await ask('sue', `/analytics/v2/job/${mine}/data?orgUid=${NORTH}`), 403, 403);
    expect((await ada.retrieve(mine)).status).toBe(200);
    const theirs = await new Analytics(server.url, tokens['sue'] ?? '', SOUTH).start(`usage?${RANGE}`);
    expectError(await ask('ada', `/analytics/v2/job/${theirs}/data?orgUid=${NORTH}`), 404, 404);
    const colleague = new Analytics(server.url, tokens['ben'] ?? '', NORTH);
    expect((await colleague.retrieve(mine)).status).toBe(200);
  });

  test.each([
    ['2024-01-01', '2024-03-31', 200],
    ['2024-01-01', '2024-04-01', 500],
    ['2023-12-01', '2024-02-29', 200],
    ['2024-01-31', '2024-03-31', 200],
    ['2024-06-30', '2024-09-12', 200],
    ['1970-01-01', '9999-12-31', 500],
    ['0001-01-01', '0001-01-01', 200],
    ['9999-12-31', '9999-12-31', 200],
  ])('%s to %s is %i: 90 days are the most, the job fails and not the request', async (from, to, status) => {
    for (const name of ['usage', 'subscription']) {
      const jobId = await ada.start(`${name}?from=${from}&to=${to}`);
      for (const page of ['', '?page=7', '?page=x'].slice(0, status === 200 ? 1 : 3)) {
        const reply = await ada.retrieve(jobId, page);
        expect(reply.status).toBe(status);
        if (status === 500) {
          expectError(reply, 500, 501, { to: expect.any(Array) });
          expect(reply.json()).toMatchObject({ error_message: expect.stringMatching(/^Job Failed/) });
        }
      }
    }
  });

  test.each([
    ['devices', '?page=-1'],
    ['devices', '?page=1'],
    ['devices', '?page=2147483648'],
    ['devices', '?page=0&page=0'],
    ['devices', '?page='],
    ['devices', '?page=1.5'],
    ['usage', '?page=1'],
    ['usage', '?page=x'],
  ])('%s%s is no page', async (name, page) => {
    const reply = await ada.retrieve(await ada.start(`${name}?${RANGE}`), page);
    expectError(reply, 422, 119, { page: [expect.stringMatching(/\.$/)] });
  });

  test('page 0 exists even when it is empty; names of other requests are no mistake, unknown ones are', async () => {
    for (const name of ['devices', 'usage', 'url', 'subscription']) {
      const jobId = await ada.start(`${name}?${RANGE}`);
      expect((await ada.retrieve(jobId, '?page=0')).status).toBe(200);
      expect((await ada.retrieve(jobId, '?page=%2B0&duration=day&limit=5')).status).toBe(200);
      expectError(await ada.retrieve(jobId, '?pages=0'), 422, 119, { pages: ['is not a valid field.'] });
    }
  });
});
