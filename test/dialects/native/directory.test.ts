import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { Client, problem } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';

/** Design 7: directory CRUD under `/api/v1/…` mirrors the directory file. */
let server: TestServer;
let north: Client;

beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY, clock: '2026-11-21T12:00:00Z' });
  north = new Client(server.url, 'th_north_all');
});
afterAll(() => server.stop());

const BASE = '/api/v1/organizations/NORTH';

describe('an entry', () => {
  test('is made, read, changed and removed under its path', async () => {
    const made = await north.send(`${BASE}/apps`, {
      body: { id: '5f00000000000000000000aa', name: 'New app', timezone: 'Asia/Tokyo', key: 'k1' },
    });
    expect(made.status).toBe(201);
    expect(made.headers.get('location')).toBe(`${BASE}/apps/5f00000000000000000000aa`);
    const { created_at: createdAt, updated_at: updatedAt, ...rest } = made.json as Record<string, unknown>;
    expect(rest).toEqual({
      href: `${BASE}/apps/5f00000000000000000000aa`,
      id: '5f00000000000000000000aa',
      name: 'New app',
      timezone: 'Asia/Tokyo',
      country: null,
      category: null,
      paused: false,
    });
    expect([createdAt, updatedAt]).toEqual([expect.stringMatching(/^2026-11-21T12:/), createdAt]);

    const path = made.headers.get('location') ?? '';
    expect((await north.send(path)).json).toEqual(made.json);
    const changed = await north.send(path, { method: 'PATCH', body: { name: 'Renamed' } });
    expect([changed.status, changed.json]).toMatchObject([200, { name: 'Renamed', timezone: 'Asia/Tokyo' }]);
    const put = await north.send(path, { method: 'PUT', body: { country: 'JP' } });
    expect(put.json).toMatchObject({ name: 'Renamed', country: 'JP' });
    expect((await north.send(path, { method: 'DELETE' })).status).toBe(204);
    expect((await north.send(path)).status).toBe(404);
    expect((await north.send(path, { method: 'DELETE' })).status).toBe(404);
  });

  test('shows secrets that were made up once, and never again', async () => {
    const made = await north.send(`${BASE}/native_keys`, { body: { scopes: ['read'], label: 'temporary' } });
    const { secrets, href, ...rest } = made.json as { secrets: { key: string }; href: string };
    expect(secrets.key).toMatch(/^th_[0-9a-f]{40}$/);
    expect(rest).toMatchObject({
      scopes: ['read'],
      label: 'temporary',
      prefix: expect.stringMatching(/^th_/) as unknown,
    });
    for (const path of [href, `${BASE}/native_keys`]) expect((await north.send(path)).text).not.toContain(secrets.key);
    const again = await north.send(href, { method: 'PATCH', body: { label: 'longer' } });
    expect(again.json).not.toHaveProperty('secrets');
    expect(again.text).not.toContain(secrets.key);
  });

  test('is in force at once: a new key works, a removed one does not', async () => {
    const made = await north.send(`${BASE}/native_keys`, { body: { scopes: ['read'] } });
    const { secrets, href } = made.json as { secrets: { key: string }; href: string };
    const client = new Client(server.url, secrets.key);
    expect((await client.send('/api/v1/whoami')).status).toBe(200);
    expect((await north.send(href, { method: 'DELETE' })).status).toBe(204);
    expect((await client.send('/api/v1/whoami')).status).toBe(401);
  });

  test('is in force at once for rows that name it', async () => {
    const visit = { time: '2026-11-21T10:00:00Z', device: 'NEWDEV' };
    expect((await north.send('/api/v1/facts/visits', { body: [visit] })).status).toBe(422);
    await north.send(`${BASE}/deployments/7QX2B/arrays/1AMDK/devices`, { body: { key: 'NEWDEV', name: 'New mat' } });
    expect((await north.send('/api/v1/facts/visits', { body: [visit] })).json).toMatchObject({ accepted: 1 });
  });

  test('may stand deep in others', async () => {
    const reply = await north.send(`${BASE}/products/7/metrics/hits/methods/search`);
    expect(reply.json).toMatchObject({ id: 12, system_name: 'search', friendly_name: 'Search' });
    const application = await north.send(`${BASE}/accounts/17/applications/41`);
    expect(application.json).toMatchObject({ id: 41, product: 'weather', plan: 'evaluation', name: 'Weather widget' });
  });

  test('of which there is at most one has no name in its path', async () => {
    expect((await north.send(`${BASE}/provider`)).status).toBe(404);
    const made = await north.send(`${BASE}/provider`, { body: {} });
    expect([made.status, made.headers.get('location')]).toEqual([201, `${BASE}/provider`]);
    expect((await north.send(`${BASE}/provider`)).status).toBe(200);
    expect((await north.send(`${BASE}/provider`, { body: {} })).status).toBe(409);
    expect((await north.send(`${BASE}/provider`, { method: 'DELETE' })).status).toBe(204);
  });
});

describe('a list', () => {
  test('comes in pages', async () => {
    const seen: unknown[] = [];
    let cursor = '';
    for (let pages = 0; pages < 10; pages += 1) {
      const { json } = await north.send(`/api/v1/organizations?limit=1${cursor}`);
      const { entries, next } = json as { entries: { key: string }[]; next: string | null };
      expect(entries.length).toBeLessThanOrEqual(1);
      seen.push(...entries.map(({ key }) => key));
      if (next === null) break;
      cursor = `&cursor=${encodeURIComponent(next)}`;
    }
    expect(seen).toEqual(['NORTH', 'NORTH_LAB', 'NORTH_LAB_COLD']);
  });

  test.each(['limit=0', 'limit=1001', 'cursor=x', 'page=2'])('refuses %s and names it', async (query) => {
    const reply = await north.send(`/api/v1/organizations?${query}`);
    expect([reply.status, (reply.json as { field: string }).field]).toEqual([400, query.split('=')[0]]);
  });
});

describe('a mistake', () => {
  test('is told with its field, and the others with it', async () => {
    const reply = await north.send(`${BASE}/apps`, { body: { nam: 'x', timezone: 'Mars/Olympus', country: 'de' } });
    expect(reply.status).toBe(400);
    const { errors, field } = reply.json as { errors: { field: string }[]; field: string };
    expect(errors.map((error) => error.field).sort()).toEqual(['country', 'nam', 'timezone']);
    expect(errors.map((error) => error.field)).toContain(field);
  });

  test('about what is there already is a conflict', async () => {
    const reply = await north.send(`${BASE}/apps`, { body: { id: '5f0000000000000000000001', name: 'Twice' } });
    expect(reply.status).toBe(409);
  });

  test.each([
    ['POST', `${BASE}/apps`, '[]', 400],
    ['POST', `${BASE}/apps`, '"x"', 400],
    ['POST', `${BASE}/apps`, '{', 400],
    ['POST', `${BASE}/apps`, '{"__proto__":{"name":"x"}}', 400],
    ['POST', `${BASE}/apps`, '', 400],
    ['POST', `${BASE}/app`, '{}', 404],
    ['POST', '/api/v1/organizations/NOWHERE/apps', '{"name":"x"}', 404],
    ['PATCH', `${BASE}/apps/nope`, '{}', 404],
    ['PATCH', `${BASE}/apps`, '{}', 405],
    ['POST', `${BASE}/apps/5f0000000000000000000001`, '{}', 405],
    ['PATCH', `${BASE}/apps/5f0000000000000000000001`, '{"id":"5f0000000000000000000002"}', 409],
    ['PATCH', `${BASE}/products/7/metrics/x%00y`, '{}', 404],
    ['PATCH', `${BASE}/products/99999999999999999999`, '{}', 404],
  ])('%s %s %s gets %i', async (method, path, body, status) => {
    const reply = await north.send(path, { method, body, headers: { 'content-type': 'application/json' } });
    expect([reply.status, reply.text]).toEqual([status, reply.text]);
    expect(reply.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  });
});

describe('who may', () => {
  test('is a key with the scope admin', async () => {
    for (const key of ['th_north_read', 'th_north_ingest']) {
      const client = new Client(server.url, key);
      expect((await client.send('/api/v1/organizations')).status).toBe(403);
      expect((await client.send(`${BASE}/apps`, { body: { name: 'x' } })).status).toBe(403);
    }
  });

  test('is nobody of another tenant, to whom nothing is there', async () => {
    const south = new Client(server.url, 'th_south_all');
    const paths = [
      BASE,
      `${BASE}/apps`,
      `${BASE}/native_keys`,
      `${BASE}/members`,
      '/api/v1/organizations/blt0000000000000001',
      '/api/v1/users/ada@north.example',
    ];
    for (const path of paths) {
      const reply = await south.send(path);
      expect([path, reply.status]).toEqual([path, 404]);
    }
    for (const [method, path, body] of [
      ['POST', `${BASE}/native_keys`, { scopes: ['admin'] }],
      ['PATCH', BASE, { name: 'Taken' }],
      ['DELETE', BASE, undefined],
      ['DELETE', '/api/v1/users/ada@north.example', undefined],
      ['PATCH', '/api/v1/users/ada@north.example', { password: 'taken-over' }],
    ] as const) {
      const reply = await south.send(path, { method, ...(body === undefined ? {} : { body }) });
      expect([method, path, reply.status]).toEqual([method, path, 404]);
    }
    expect((await south.send('/api/v1/users')).text).not.toContain('ada@north.example');
    expect((await south.send('/api/v1/organizations')).text).not.toContain('NORTH');
    const moved = await south.send('/api/v1/organizations/SOUTH', { method: 'PATCH', body: { parent: 'NORTH' } });
    expect(moved.status).toBeGreaterThanOrEqual(400);
    expect(problem(await south.send(BASE))).toMatchObject({
      status: 404,
      detail: 'There is no organization "NORTH".',
    });
  });

  test('makes organizations below its own only', async () => {
    const made = await north.send('/api/v1/organizations', { body: { key: 'NORTH_NEW', name: 'New below' } });
    expect(made.json).toMatchObject({ key: 'NORTH_NEW', parent: 'NORTH' });
    const beside = await north.send('/api/v1/organizations', { body: { key: 'X', name: 'X', parent: 'SOUTH' } });
    expect(beside.status).toBe(400);
    expect(beside.json).toMatchObject({ field: 'parent' });
  });

  test('is named in the audit log', async () => {
    await north.send(`${BASE}/native_keys`, { body: { scopes: ['read'], label: 'audited' } });
    const { events } = (await north.send('/api/v1/audit?limit=1')).json as { events: object[] };
    expect(events).toMatchObject([
      {
        event: 'key.created',
        actor: expect.stringMatching(/^key th_/) as unknown,
        organization: 'blt0000000000000001',
      },
    ]);
  });
});
