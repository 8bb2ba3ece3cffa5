import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { bearer, DANA, EVE, JSON_TYPE, NINA, OMAR, send, tokens, VERA, type Reply } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';

let server: TestServer;
const access: Record<string, string> = {};
beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY, env: { TALLYHOUSE_SCANALYTICS_RATE_LIMITS: '0' } });
  for (const [name, body] of Object.entries({ dana: DANA, vera: VERA, omar: OMAR, nina: NINA, eve: EVE })) {
    access[name] = (await tokens(server.url, body)).access_token;
  }
}, 60_000);
afterAll(() => server.stop());

async function get(who: string, path: string): Promise<unknown> {
  return (await send(server.url, path, { headers: bearer(access[who] ?? '') })).json();
}

function change(who: string, path: string, body: string, method = 'PATCH'): Promise<Reply> {
  return send(server.url, path, { method, headers: { ...JSON_TYPE, ...bearer(access[who] ?? '') }, body });
}

const MAIN_HALL_FOR_VERA = {
  deploymentKey: '7QX2B',
  name: 'Main hall',
  timezone: 'America/Chicago',
  permission: 'view',
  arrays: [
    { arrayKey: '1AMDL', name: 'Back door', devices: [{ deviceKey: 'D00019', name: 'Mat 19' }] },
    {
      arrayKey: '1AMDK',
      name: 'Entrance',
      devices: [
        { deviceKey: 'D00016', name: 'Mat 16' },
        { deviceKey: 'D00017', name: 'Mat 17' },
      ],
    },
  ],
};

describe('lists (contract 6.2)', () => {
  test('deployments that may be viewed or edited, by name then key', async () => {
    expect(await get('vera', '/v2/deployment/list')).toEqual([MAIN_HALL_FOR_VERA]);
    const names = (list: unknown): string[] =>
      (list as { name: string; permission: string }[]).map(({ name, permission }) => `${name}: ${permission}`);
    expect(names(await get('dana', '/v1/deployment/list'))).toEqual(['Annex: view', 'Main hall: edit']);
    expect(names(await get('omar', '/v1/deployment/list/'))).toEqual(['Annex: edit', 'Main hall: edit', 'Vault: edit']);
    expect(await get('nina', '/v1/deployment/list')).toEqual([]);
  });

  test('arrays and devices with the keys of their parents', async () => {
    expect(await get('vera', '/v2/array/list')).toEqual([
      {
        arrayKey: '1AMDL',
        name: 'Back door',
        deploymentKey: '7QX2B',
        devices: [{ deviceKey: 'D00019', name: 'Mat 19' }],
      },
      {
        arrayKey: '1AMDK',
        name: 'Entrance',
        deploymentKey: '7QX2B',
        devices: [
          { deviceKey: 'D00016', name: 'Mat 16' },
          { deviceKey: 'D00017', name: 'Mat 17' },
        ],
      },
    ]);
    expect(await get('vera', '/v2/device/list')).toEqual([
      { deviceKey: 'D00016', name: 'Mat 16', arrayKey: '1AMDK', deploymentKey: '7QX2B' },
      { deviceKey: 'D00017', name: 'Mat 17', arrayKey: '1AMDK', deploymentKey: '7QX2B' },
      { deviceKey: 'D00019', name: 'Mat 19', arrayKey: '1AMDL', deploymentKey: '7QX2B' },
    ]);
  });

  test('one by its key, as it is written', async () => {
    expect(await get('vera', '/v2/deployment/7QX2B')).toEqual(MAIN_HALL_FOR_VERA);
    expect(await get('vera', '/v2/device/D00019')).toEqual({
      deviceKey: 'D00019',
      name: 'Mat 19',
      arrayKey: '1AMDL',
      deploymentKey: '7QX2B',
    });
    expect(await get('vera', '/v2/deployment/7qx2b')).toEqual({ detail: 'Not found.' });
  });
});

describe('changes (contract 6.3)', () => {
  test('PATCH and PUT answer with the new object, and the lists have it at once', async () => {
    const patched = await change('omar', '/v2/deployment/9SZ4D', '{"name":"Wölbung","timezone":"asia/KOLKATA"}');
    expect(patched.status).toBe(200);
    expect(patched.json()).toEqual({
      deploymentKey: '9SZ4D',
      name: 'Wölbung',
      timezone: 'Asia/Kolkata',
      permission: 'edit',
      arrays: [{ arrayKey: '3COFN', name: 'Door', devices: [{ deviceKey: 'D00031', name: 'Mat 31' }] }],
    });
    const put = await change('omar', '/v1/device/D00031/', '{"name":"Mat"}', 'PUT');
    expect(put.json()).toEqual({ deviceKey: 'D00031', name: 'Mat', arrayKey: '3COFN', deploymentKey: '9SZ4D' });
    expect(await get('omar', '/v1/array/3COFN')).toMatchObject({ devices: [{ deviceKey: 'D00031', name: 'Mat' }] });
  });

  test.each([
    ['nothing', '{}', 'name'],
    ['an unknown key', '{"name":"x","key":"y"}', 'key'],
    ['a bad zone', '{"timezone":"Mars/Olympus"}', 'timezone'],
    ['an offset as zone', '{"timezone":"+02:00"}', 'timezone'],
    ['a number as zone', '{"timezone":7}', 'timezone'],
    ['an empty name', '{"name":""}', 'name'],
    ['a blank name', '{"name":"  "}', 'name'],
    ['a name with NUL', '{"name":"a\\u0000b"}', 'name'],
    ['half a character', '{"name":"\\ud83d"}', 'name'],
    ['a long name', JSON.stringify({ name: 'x'.repeat(256) }), 'name'],
    ['null', '{"name":null}', 'name'],
  ])('%s is 400 and names the key', async (_case, body, field) => {
    const reply = await change('omar', '/v2/deployment/9SZ4D', body);
    expect(reply.status).toBe(400);
    expect(Object.keys((reply.json() as { errors: object }).errors)).toEqual([field]);
  });

  test('arrays and devices have no zone', async () => {
    const reply = await change('omar', '/v2/array/3COFN', '{"timezone":"UTC"}');
    expect([reply.status, reply.json()]).toMatchObject([400, { errors: { timezone: expect.any(Array) } }]);
  });

  test.each(['', '[]', '"x"', '{', 'null'])('body %j is 400', async (body) => {
    expect((await change('omar', '/v2/array/3COFN', body)).status).toBe(400);
  });

  test('another media type is 415, a huge body 413', async () => {
    const headers = { ...bearer(access['omar'] ?? ''), 'content-type': 'text/plain' };
    expect((await send(server.url, '/v2/array/3COFN', { method: 'PUT', headers, body: '{"name":"x"}' })).status).toBe(
      415,
    );
    expect((await change('omar', '/v2/array/3COFN', JSON.stringify({ name: 'x'.repeat(70_000) }))).status).toBe(413);
  });
});

describe('another tenant (contract 6.2)', () => {
  test('sees none of it, neither in lists nor by key', async () => {
    const lists = JSON.stringify([
      await get('eve', '/v2/deployment/list'),
      await get('eve', '/v2/array/list'),
      await get('eve', '/v2/device/list'),
    ]);
    for (const theirs of ['7QX2B', 'Main hall', 'Entrance', '1AMDL', 'D00016', '8RY3C', '9SZ4D']) {
      expect(lists).not.toContain(theirs);
    }
    for (const path of ['/deployment/7QX2B', '/array/1AMDL', '/device/D00016', '/aggregate/1AMDL/visits/1h']) {
      expect(await get('eve', `/v2${path}`)).toEqual({ detail: 'Not found.' });
    }
  });

  test('changes none of it, and with the same key its own only', async () => {
    expect((await change('eve', '/v2/array/1AMDL', '{"name":"mine"}')).status).toBe(404);
    const own = await change('eve', '/v2/array/1AMDK', '{"name":"mine"}');
    expect(own.json()).toMatchObject({ deploymentKey: '5HARB', name: 'mine' });
    expect(await get('omar', '/v2/array/1AMDK')).toMatchObject({ deploymentKey: '7QX2B', name: 'Entrance' });
  });
});
