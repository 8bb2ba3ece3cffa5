import { expect, test } from 'vitest';
import { Client } from './support/client.ts';
import { serving } from './support/serving.ts';

let client: Client;

serving({ clock: '2025-06-03T12:00:00Z' }, async (started) => {
  ({ client } = started);
  await client.count('th_north', [{ time: '2025-06-01T12:00:00Z', service: 'northern' }]);
  await client.count('th_south', [{ time: '2025-06-01T12:00:00Z', service: 'southern' }]);
});

const WINDOW = { start: '2025-06-01T00:00:00Z', end: '2025-06-02T00:00:00Z' };

test('with the session of another tenant one reads that tenant and nothing else', async () => {
  const eve = await client.login('eve@south.example', 'eve-of-south');
  for (const params of [
    {},
    { includeSubOrgs: true },
    { dimension: 'org' },
    { dimension: 'org', includeSubOrgs: true },
  ]) {
    const reply = await client.call(eve, 'usage.api.history', { ...WINDOW, ...params });
    expect(JSON.stringify(reply)).toContain('southern');
    expect(JSON.stringify(reply)).not.toContain('northern');
    expect(JSON.stringify(reply)).not.toContain('NORTH');
  }
});

test('no command tells a stranger about an organization', async () => {
  const eve = await client.login('eve@south.example', 'eve-of-south');
  const ada = await client.login('ada@north.example', 'correct-horse');
  const { params } = await client.call(ada, 'org.find');
  const attempts = {
    a: { command: 'session.org.switch', params: { key: 'NORTH' } },
    b: { command: 'session.org.switch', params: { id: params?.['id'] } },
    c: { command: 'org.find', params: { key: 'NORTH' } },
    d: { command: 'org.find', params: { id: params?.['id'] } },
  };
  const reply = (await client.packet({ auth: { sessionId: eve }, ...attempts })) as Record<string, unknown>;
  for (const part of Object.values(reply)) expect(part).toMatchObject({ success: false, errorCodes: [-90008] });
  const lists = await client.packet({
    auth: { sessionId: eve },
    e: { command: 'org.list' },
    f: { command: 'session.org.list' },
    g: { command: 'session.info' },
  });
  expect(JSON.stringify(lists)).not.toContain('NORTH');
  expect(await client.call(eve, 'usage.api.history', WINDOW)).toMatchObject({ params: { total: 1 } });
});

test('no parameter of usage.api.history leads into another organization', async () => {
  const eve = await client.login('eve@south.example', 'eve-of-south');
  const names = ['org', 'orgKey', 'orgId', 'key', 'id', 'organization', 'organizations', 'scope'];
  for (const name of names) {
    const reply = await client.call(eve, 'usage.api.history', { ...WINDOW, [name]: 'NORTH' });
    expect(reply).toMatchObject({ params: { counters: { southern: expect.anything() }, total: 1 } });
  }
});

test('a session of one tenant cannot end that of another', async () => {
  const eve = await client.login('eve@south.example', 'eve-of-south');
  const ada = await client.login('ada@north.example', 'correct-horse');
  expect(await client.call(eve, 'session.end', { id: ada })).toMatchObject({ success: false, errorCodes: [-90008] });
  expect(await client.call(ada, 'diag.ping')).toEqual({ success: true });
});

test('a native key, an app token and a password are no sessions', async () => {
  for (const sessionId of ['th_north', 'tok_north', 'correct-horse', 'ada@north.example']) {
    expect(await client.packet({ auth: { sessionId } })).toMatchObject({ success: false, errorCodes: [-99003] });
  }
});
