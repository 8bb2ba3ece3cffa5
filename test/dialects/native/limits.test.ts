import { describe, expect, test } from 'vitest';
import { startServer } from '../../support/server.ts';
import { Client, problem } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';

/** What the server says when it is too much for it: 429 and 503 with `Retry-After`. */
const ROWS = [{ time: '2026-11-21T10:00:00Z', service: 'x' }];

describe('TALLYHOUSE_NATIVE_RATE', () => {
  test('limits the requests of each key for itself', async () => {
    const server = await startServer({ directory: DIRECTORY, env: { TALLYHOUSE_NATIVE_RATE: '5' } });
    try {
      const north = new Client(server.url, 'th_north_all');
      const replies = await Promise.all(Array.from({ length: 20 }, () => north.send('/api/v1/whoami')));
      expect(replies.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(10);
      const refused = replies.find(({ status }) => status === 429);
      expect(refused?.headers.get('retry-after')).toBe('1');
      expect(refused === undefined ? null : problem(refused)).toEqual({
        type: 'urn:tallyhouse:problem:rate_limited',
        title: 'Too many requests',
        status: 429,
        detail: 'The key has used up its requests for now.',
      });
      expect((await new Client(server.url, 'th_south_all').send('/api/v1/whoami')).status).toBe(200);
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      expect((await north.send('/api/v1/whoami')).status).toBe(200);
    } finally {
      await server.stop();
    }
  });

  test('is a whole number, or the server does not start', async () => {
    await expect(startServer({ env: { TALLYHOUSE_NATIVE_RATE: 'many' } })).rejects.toThrow(
      'TALLYHOUSE_NATIVE_RATE: "many" is not accepted; give a whole number from 1 to 1000000',
    );
  });
});

test('a full outbox is answered with 503, and nothing of the request is stored', async () => {
  const server = await startServer({ directory: DIRECTORY, env: { TALLYHOUSE_OUTBOX_BYTES: '0' } });
  try {
    const reply = await new Client(server.url, 'th_north_all').send('/api/v1/facts/requests', { body: ROWS });
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([503, '5']);
    expect(problem(reply)).toEqual({
      type: 'urn:tallyhouse:problem:overloaded',
      title: 'Overloaded',
      status: 503,
      detail: 'The server cannot take this now; send the same request again later.',
    });
    const read = await new Client(server.url, 'th_north_all').send('/api/v1/query', {
      body: { stream: 'requests', from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z', measures: ['rows'] },
    });
    expect(read.json).toMatchObject({ rows: [{ rows: 0 }] });
  } finally {
    await server.stop();
  }
});

test('more rows than one request may have get 413', async () => {
  const server = await startServer({ directory: DIRECTORY });
  try {
    const reply = await new Client(server.url, 'th_north_all').send('/api/v1/facts/requests', {
      headers: { 'content-type': 'application/x-ndjson' },
      body: '0\n'.repeat(250_001),
    });
    expect(reply.status).toBe(413);
    expect(problem(reply)).toMatchObject({ detail: 'A request may have 250000 rows. Send them in parts.' });
  } finally {
    await server.stop();
  }
});

test('many large bodies at once are all read, one after the other, or told to come later', async () => {
  const server = await startServer({ directory: DIRECTORY, env: { TALLYHOUSE_BODY_BYTES: '8M' } });
  try {
    const north = new Client(server.url, 'th_north_all');
    const line = JSON.stringify({ time: '2026-11-21T10:00:00Z', service: 'large', url: 'x'.repeat(1000) });
    const body = `${line}\n`.repeat(5_000);
    const replies = await Promise.all(
      Array.from({ length: 12 }, () =>
        north.send('/api/v1/facts/requests', { headers: { 'content-type': 'application/x-ndjson' }, body }),
      ),
    );
    const stored = replies.filter(({ status }) => status === 200).length;
    expect(stored).toBeGreaterThan(0);
    for (const reply of replies.filter(({ status }) => status !== 200)) {
      expect([reply.status, reply.headers.get('retry-after')]).toEqual([503, '1']);
    }
    expect(
      await north.query({
        stream: 'requests',
        from: '2026-11-01T00:00:00Z',
        to: '2026-12-01T00:00:00Z',
        measures: ['rows'],
      }),
    ).toEqual([{ rows: stored * 5_000 }]);
  } finally {
    await server.stop();
  }
});
