import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { TestServer } from '../../support/server.ts';
import { Client, send } from './support/client.ts';
import { serving } from './support/serving.ts';

const SITES = 5003;
const siteKey = (i: number) => `SITE${String(i).padStart(4, '0')}`;

const DIRECTORY = `
users:
  - {email: ops@example.com, password: pass-the-limit}
organizations:
  - {key: BUSY, name: Busy, members: [{user: ops@example.com, role: owner}], native_keys: [{key: th_busy, scopes: [ingest]}]}
  - {key: CHAIN, name: Chain, members: [{user: ops@example.com, role: owner}], native_keys: [{key: th_chain, scopes: [ingest]}]}
${Array.from({ length: SITES }, (_, i) => `  - {key: ${siteKey(i)}, name: Site ${i}, parent: CHAIN}`).join('\n')}
`;

let server: TestServer;
let client: Client;
let session: string;

serving({ directory: DIRECTORY, clock: '2025-06-02T12:30:00Z' }, async (started) => {
  ({ server, client } = started);
  session = await client.login('ops@example.com', 'pass-the-limit');
});

interface Usage {
  readonly counters: Readonly<Record<string, readonly number[]>>;
  readonly total: number;
  readonly ts: readonly string[];
}

async function usage(key: string, params: object): Promise<Usage> {
  await client.call(session, 'session.org.switch', { key });
  const reply = await client.call(session, 'usage.api.history', params);
  if (!reply.success) throw new Error(JSON.stringify(reply));
  return reply.params as unknown as Usage;
}

test('5.7: 5000 hours are answered whole', async () => {
  // 2024-11-06T04:00Z is 5000 hours before 2025-06-02T12:00Z.
  const { ts } = await usage('BUSY', { start: '2024-11-06T04:00:00Z', end: '2025-06-02T12:00:00Z' });
  expect([ts.length, ts[0], ts.at(-1)]).toEqual([5000, '2024-11-06T04:00:00+00:00', '2025-06-02T11:00:00+00:00']);
});

test('5.7: of a longer window the newest 5000 hours stay, and only their calls are counted', async () => {
  await client.count('th_busy', [
    { time: '2024-11-06T03:59:59.999Z', service: 'early', count: 100 },
    { time: '2024-11-06T04:00:00Z', service: 'thing', count: 7 },
    { time: '2025-06-02T11:59:59.999Z', service: 'thing', count: 3 },
  ]);
  const found = await usage('BUSY', { start: '2024-11-06T03:00:00Z', end: '2025-06-02T12:00:00Z' });
  expect([found.ts.length, found.ts[0]]).toEqual([5000, '2024-11-06T04:00:00+00:00']);
  expect(Object.keys(found.counters)).toEqual(['thing']);
  expect([found.counters['thing']?.[0], found.counters['thing']?.at(-1), found.total]).toEqual([7, 3, 10]);
});

test('5.7: the same window by day is answered whole', async () => {
  const { ts, total } = await usage('BUSY', {
    start: '2024-11-06T03:00:00Z',
    end: '2025-06-02T12:00:00Z',
    series: 'day',
  });
  expect([ts.length, total]).toEqual([209, 110]);
});

test('5.7: an answer of 5000 hours and 30 services, all of them with calls', async () => {
  const services = Array.from({ length: 30 }, (_, i) => `s${i}`);
  const start = Date.UTC(2020, 0, 1);
  for (let from = 0; from < 5000; from += 500) {
    const rows = Array.from({ length: 500 }, (_, i) => new Date(start + (from + i) * 3_600_000).toISOString());
    await client.count(
      'th_busy',
      rows.flatMap((time, i) => services.map((service) => ({ time, service, count: from + i + 1 }))),
    );
  }
  const end = new Date(start + 5000 * 3_600_000).toISOString();
  const found = await usage('BUSY', { start: '2020-01-01T00:00:00Z', end });
  const hours = Array.from({ length: 5000 }, (_, i) => i + 1);
  expect(Object.keys(found.counters)).toHaveLength(30);
  for (const service of services) expect(found.counters[service]).toEqual(hours);
  expect(found.total).toBe((30 * 5000 * 5001) / 2);
});

test('5.7: of the organizations the 5000 with the largest sums stay, ties by key', async () => {
  const counts = new Map(Array.from({ length: SITES }, (_, i) => [siteKey(i), 10]));
  // Four smaller ones: one place is left for the three with 3 calls, and the first key takes it.
  counts.set('SITE0000', 1).set('SITE0100', 3).set('SITE0200', 3).set('SITE4000', 3);
  const rows = [...counts].map(([organization, count]) => ({
    time: '2025-06-01T10:00:00Z',
    service: 'thing',
    count,
    organization,
  }));
  for (let from = 0; from < rows.length; from += 1000) await client.count('th_chain', rows.slice(from, from + 1000));

  const window = { start: '2025-06-01T00:00:00Z', end: '2025-06-02T00:00:00Z', series: 'day', includeSubOrgs: true };
  const found = await usage('CHAIN', { ...window, dimension: 'org' });
  expect(Object.keys(found.counters)).toHaveLength(5000);
  expect(Object.keys(found.counters)).toContain('SITE0100');
  for (const key of ['SITE0000', 'SITE0200', 'SITE4000']) expect(Object.keys(found.counters)).not.toContain(key);
  // 4999 x 10 + 3; without the dimension nothing is left out.
  expect(found.total).toBe(49_993);
  expect((await usage('CHAIN', window)).total).toBe(50_000);
});

test('5.7: 5000 organizations over 5000 hours are sent piece by piece, and take no memory for their zeros', async () => {
  await client.call(session, 'session.org.switch', { key: 'CHAIN' });
  const params = { start: '2024-11-06T04:00:00Z', end: '2025-06-02T12:00:00Z', includeSubOrgs: true, dimension: 'org' };
  const packet = {
    auth: { sessionId: session },
    a: { command: 'usage.api.history', params },
    b: { command: 'diag.ping' },
  };
  const before = peakMemory();
  const { status, text } = await send(server.url, { body: JSON.stringify(packet) });
  expect(status).toBe(200);
  // A zero and its comma for each of 25 million positions.
  expect(text.length).toBeGreaterThan(50_000_000);
  const { a, b } = JSON.parse(text) as { a: { params: GroupedUsage }; b: unknown };
  expect(b).toEqual({ success: true });
  expect([a.params.ts.length, a.params.total, Object.keys(a.params.counters).length]).toEqual([5000, 49_993, 5000]);
  const line = a.params.counters['SITE0007']?.['thing'] ?? [];
  expect([line.length, line.indexOf(10), line.lastIndexOf(10)]).toEqual([5000, 4974, 4974]);
  // Written whole, the reply alone would take 50 MB twice over.
  expect(peakMemory() - before).toBeLessThan(60_000_000);
});

interface GroupedUsage {
  readonly counters: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
  readonly total: number;
  readonly ts: readonly string[];
}

/** The most memory the server ever took, in bytes. */
function peakMemory(): number {
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}
