import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { Client } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';

/** Design 9: every read with another tenant's credential. What belongs to SOUTH carries the word `secret`. */
let server: TestServer;
let south: Client;

beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY });
  south = new Client(server.url, 'th_south_all');
  const time = new Date(Date.now() - 1000).toISOString();
  await south.count('requests', [{ time, service: 'secret', url: 'https://secret/', user: 'secret' }]);
  await south.count('inventory', [{ time, kind: 'project', uid: 'secret' }]);
  await south.count('sessions', [{ time, app: '5f0000000000000000000009', device: 'secret' }]);
  await south.count('events', [{ time, app: '5f0000000000000000000009', device: 'secret', key: 'secret' }]);
  await south.count('visits', [{ time, device: 'SDEV01' }]);
  const lab = new Client(server.url, 'th_lab_all');
  await lab.count('requests', [{ time, service: 'lab' }]);
});
afterAll(() => server.stop());

const STREAMS = ['requests', 'usage', 'sessions', 'events', 'visits', 'inventory'];
const FOREIGN = /secret|SOUTH|SDEV01|SARR1|blt0000000000000009|South|5f0000000000000000000009/;

describe.each(['th_north_all', 'th_lab_all'])('with %s', (key) => {
  const client = (): Client => new Client(server.url, key);

  test('no question shows another tenant’s rows', async () => {
    for (const stream of STREAMS) {
      for (const more of [{}, { descendants: true }]) {
        const measure = stream === 'usage' ? 'value' : 'rows';
        const { status, text } = await client().send('/api/v1/query', {
          body: { stream, last: '1d', measures: [measure], dimensions: ['organization'], ...more },
        });
        expect(status).toBe(200);
        expect(text).not.toMatch(FOREIGN);
      }
    }
  });

  test.each([
    { organizations: ['SOUTH'] },
    { organizations: ['blt0000000000000009'] },
    { organizations: ['SOUTH'], descendants: true },
    { filters: [{ dimension: 'organization', values: ['SOUTH'] }] },
    { filters: [{ dimension: 'organization', operator: 'not_in', values: ['SOUTH'] }] },
    { filters: [{ dimension: 'organization', values: [4] }] },
    { filters: [{ dimension: 'organization', operator: 'not_in', values: [1] }] },
    { organizations: ['4'] },
    { organizations: ['all'] },
  ])('the question %j is refused like one about nobody', async (more) => {
    const { status, text } = await client().send('/api/v1/query', {
      body: { stream: 'requests', last: '1d', measures: ['rows'], dimensions: ['service'], ...more },
    });
    expect(status).toBe(400);
    expect(text).not.toMatch(/secret|South/);
  });

  test('no value that looks like SQL leads out of the tenant', async () => {
    for (const value of ["x') OR organization > 0 OR service IN ('", "\\') OR 1 --", 'secret']) {
      const { text } = await client().send('/api/v1/query', {
        body: {
          stream: 'requests',
          last: '1d',
          measures: ['rows'],
          dimensions: ['url'],
          filters: [{ dimension: 'service', values: [value] }],
        },
      });
      expect(text).not.toMatch(/https:\/\/secret/);
    }
  });

  test('no export has another tenant’s rows', async () => {
    for (const stream of STREAMS) {
      for (const query of ['', '?descendants=true', '?format=csv']) {
        const { status, text } = await client().send(`/api/v1/export/${stream}${query}`);
        expect(status).toBe(200);
        expect(text).not.toMatch(FOREIGN);
      }
      expect((await client().send(`/api/v1/export/${stream}?organization=SOUTH`)).status).toBe(400);
    }
  });

  test('neither ledger, audit log, live counts nor the key itself tell of it', async () => {
    for (const path of ['/api/v1/ledger', '/api/v1/ledger?descendants=true', '/api/v1/audit', '/api/v1/whoami']) {
      const { status, text } = await client().send(path);
      expect(status).toBe(200);
      expect(text).not.toMatch(FOREIGN);
    }
    for (const path of ['/api/v1/ledger', '/api/v1/live']) {
      expect((await client().send(`${path}?organization=SOUTH`)).status).toBe(400);
    }
  });

  test('no row can be written for it, nor with what belongs to it', async () => {
    const time = '2026-11-21T10:00:00Z';
    const rows: [string, object][] = [
      ['requests', { time, service: 'x', organization: 'SOUTH' }],
      ['events', { time, app: '5f0000000000000000000009', device: 'd', key: 'k' }],
      ['visits', { time, device: 'SDEV01' }],
      ['visits', { time, array: 'SARR1' }],
    ];
    for (const [stream, row] of rows) {
      const reply = await client().send(`/api/v1/facts/${stream}`, { body: [row] });
      expect([stream, reply.status, (reply.json as { accepted: number }).accepted]).toEqual([stream, 422, 0]);
    }
  });
});

test('an organization below does not see the one above', async () => {
  const lab = new Client(server.url, 'th_lab_all');
  expect((await lab.send('/api/v1/export/requests?organization=NORTH')).status).toBe(400);
  const { text } = await lab.send('/api/v1/whoami');
  expect(text).not.toContain('"NORTH"');
});

test('the tenant itself sees all of it', async () => {
  for (const [stream, sign] of [
    ['requests', 'https://secret/'],
    ['events', '5f0000000000000000000009'],
    ['visits', 'SDEV01'],
    ['inventory', 'secret'],
  ]) {
    expect((await south.send(`/api/v1/export/${stream}`)).text).toContain(sign);
  }
});
