import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { Client, problem } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';

/** Design 7, `GET /api/v1/live`. */
let server: TestServer;
let north: Client;

beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY });
  north = new Client(server.url, 'th_north_all');
});
afterAll(() => server.stop());

interface LiveEvent {
  readonly name: string;
  readonly id: string | null;
  readonly data: { streams: Record<string, number[]>; from: string; to: string; step_ms: number };
}

/** Listens until `enough`; fails when the stream ends before. */
async function listen(
  path: string,
  key: string | null,
  enough: (events: readonly LiveEvent[]) => boolean,
): Promise<LiveEvent[]> {
  const response = await fetch(`${server.url}${path}`, {
    headers: { accept: 'text/event-stream', ...(key === null ? {} : { authorization: `Bearer ${key}` }) },
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const events: LiveEvent[] = [];
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk as Uint8Array).toString();
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const name = /^event: (.*)$/m.exec(block)?.[1];
      const data = /^data: (.*)$/m.exec(block)?.[1];
      const id = /^id: (.*)$/m.exec(block)?.[1] ?? null;
      if (name !== undefined && data !== undefined)
        events.push({ name, id, data: JSON.parse(data) as LiveEvent['data'] });
    }
    // Leaving the loop hangs up.
    if (enough(events)) return events;
  }
  throw new Error(`the stream ended after ${JSON.stringify(events)}`);
}

const total = (counts: readonly number[] | undefined): number => (counts ?? []).reduce((sum, count) => sum + count, 0);

describe('live counts', () => {
  test('come each second, of every stream', async () => {
    const events = await listen('/api/v1/live?steps=5', 'th_north_all', (all) => all.length >= 3);
    expect(events.map(({ name }) => name)).toEqual(['counts', 'counts', 'counts']);
    expect(Object.keys(events[0]?.data.streams ?? {})).toEqual([
      'requests',
      'usage',
      'sessions',
      'events',
      'visits',
      'inventory',
    ]);
    expect(events[0]?.data.streams['requests']).toHaveLength(5);
    expect(events[0]?.data.step_ms).toBe(1000);
    expect(Number(events[2]?.id)).toBeGreaterThan(Number(events[0]?.id));
  });

  test('show what was sent just now, and only to whom it belongs', async () => {
    const now = new Date().toISOString();
    await north.count('requests', [{ time: now, service: 'live', count: 7 }]);
    await north.count('requests', [{ time: now, service: 'live', count: 5, organization: 'NORTH_LAB' }]);
    const seen = (events: readonly LiveEvent[]): number => total(events.at(-1)?.data.streams['requests']);
    const own = await listen('/api/v1/live?steps=5&step=minute', 'th_north_all', (events) => seen(events) === 7);
    expect(own.at(-1)?.data.step_ms).toBe(60_000);
    await listen('/api/v1/live?steps=5&step=minute&descendants=true', 'th_north_all', (events) => seen(events) === 12);
    await listen(
      '/api/v1/live?steps=5&step=minute&organization=NORTH_LAB',
      'th_north_all',
      (events) => seen(events) === 5,
    );
    const south = await listen('/api/v1/live?steps=5&step=minute', 'th_south_all', (events) => events.length >= 2);
    expect(seen(south)).toBe(0);
  });

  test('take the key in the query, for EventSource cannot send headers', async () => {
    await listen('/api/v1/live?access_token=th_north_read', null, (events) => events.length >= 1);
  });

  test('ignore Last-Event-ID', async () => {
    const aborted = new AbortController();
    const response = await fetch(`${server.url}/api/v1/live`, {
      headers: { authorization: 'Bearer th_north_all', 'last-event-id': 'whatever' },
      signal: aborted.signal,
    });
    expect(response.status).toBe(200);
    aborted.abort();
  });
});

describe('a wrong request', () => {
  test.each([
    ['steps=0', 'steps'],
    ['steps=301', 'steps'],
    ['steps=x', 'steps'],
    ['step=hour', 'step'],
    ['organization=SOUTH', 'organization'],
    ['stepz=1', 'stepz'],
  ])('%s names its field', async (query, field) => {
    const reply = await north.send(`/api/v1/live?${query}`);
    expect([reply.status, (reply.json as { field?: string }).field]).toEqual([400, field]);
  });

  test('without a key gets 401, also with one in the query that is wrong', async () => {
    const nobody = new Client(server.url, null);
    expect((await nobody.send('/api/v1/live')).status).toBe(401);
    expect((await nobody.send('/api/v1/live?access_token=wrong')).status).toBe(401);
    expect((await nobody.send('/api/v1/live?access_token=th_north_ingest')).status).toBe(403);
  });

  test('nowhere else is a key taken from the query', async () => {
    const reply = await new Client(server.url, null).send('/api/v1/whoami?access_token=th_north_all');
    expect(reply.status).toBe(401);
    expect(problem(reply)).toMatchObject({ detail: 'Send the key in the header "Authorization: Bearer <key>".' });
  });

  test('beyond the number of listeners is told to come back', async () => {
    const aborted = new AbortController();
    const headers = { authorization: 'Bearer th_north_all' };
    const open = await Promise.all(
      Array.from({ length: 200 }, () =>
        fetch(`${server.url}/api/v1/live?steps=1`, { headers, signal: aborted.signal }),
      ),
    );
    expect(open.every(({ status }) => status === 200)).toBe(true);
    const refused = await north.send('/api/v1/live?steps=1');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '10']);
    aborted.abort();
    await expect
      .poll(
        async () => {
          const again = new AbortController();
          const { status } = await fetch(`${server.url}/api/v1/live?steps=1`, { headers, signal: again.signal });
          again.abort();
          return status;
        },
        { timeout: 10_000 },
      )
      .toBe(200);
  });
});

test('a server that stops ends its live streams and does not wait for the listeners', async () => {
  const other = await startServer({ directory: DIRECTORY });
  const response = await fetch(`${other.url}/api/v1/live`, { headers: { authorization: 'Bearer th_north_all' } });
  const reader = response.body?.getReader();
  await reader?.read();
  const began = performance.now();
  const stopped = other.stop();
  for (;;) {
    const part = await reader?.read();
    if (part?.done !== false) break;
  }
  expect(await stopped).toBe(0);
  expect(performance.now() - began).toBeLessThan(10_000);
});

test('a key that is removed ends its live streams', async () => {
  // Revoking is the directory's work; here the organization is suspended beside the running server.
  const { applyDirectory, environment } = await import('../../support/server.ts');
  const response = await fetch(`${server.url}/api/v1/live`, { headers: { authorization: 'Bearer th_south_all' } });
  const reader = response.body?.getReader();
  await reader?.read();
  await applyDirectory(
    'organizations: [{key: SOUTH, name: South, suspended: true}]\n',
    environment(server.dataDirectory, {}),
  );
  for (;;) {
    const part = await reader?.read();
    if (part?.done !== false) break;
  }
  expect((await new Client(server.url, 'th_south_all').send('/api/v1/whoami')).status).toBe(403);
});
