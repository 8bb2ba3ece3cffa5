import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { streamNames, streams } from '../../../src/domain/streams/index.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { Client } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';

/** The smaller reads: what a key is, what the streams are, what became of the rows, what happened to credentials. */
let server: TestServer;
let north: Client;

beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY, clock: '2026-11-21T12:00:00Z' });
  north = new Client(server.url, 'th_north_all');
});
afterAll(() => server.stop());

test('whoami tells what the key is, may do and covers', async () => {
  expect((await north.send('/api/v1/whoami')).json).toEqual({
    key: { prefix: expect.stringMatching(/^th_/) as unknown, label: 'everything' },
    scopes: ['ingest', 'read', 'admin'],
    organization: { uid: 'blt0000000000000001', key: 'NORTH', name: 'North', timezone: 'America/New_York' },
    covers: [
      { uid: 'blt0000000000000001', key: 'NORTH', name: 'North', timezone: 'America/New_York' },
      { uid: 'blt0000000000000002', key: 'NORTH_LAB', name: 'North Laboratory', timezone: 'Asia/Kolkata' },
      { uid: 'blt0000000000000003', key: 'NORTH_LAB_COLD', name: 'Cold room', timezone: 'UTC' },
    ],
  });
});

describe('streams', () => {
  test('are told as they are declared', async () => {
    const reply = await north.send('/api/v1/streams');
    const { streams: told } = reply.json as {
      streams: { name: string; fields: object[]; measures: { name: string }[] }[];
    };
    expect(told.map(({ name }) => name)).toEqual([...streamNames]);
    for (const stream of told) {
      const declared = streams[stream.name as keyof typeof streams];
      expect(stream.measures.map(({ name }) => name)).toEqual(declared.measures.map(({ name }) => name));
    }
    expect(told.find(({ name }) => name === 'visits')?.fields).toContainEqual({
      name: 'deployment',
      type: 'text',
      description: 'Key of the deployment the array belonged to when the row arrived.',
      required: false,
      dimension: true,
      derived: true,
      max_length: 64,
    });
    expect(told[0]?.fields).toContainEqual({
      name: 'count',
      type: 'integer',
      description: 'How many equal calls the row stands for.',
      required: false,
      dimension: false,
      derived: false,
      minimum: 1,
      maximum: 9007199254740991,
      default: 1,
    });
  });

  test('each of their measures and dimensions can be asked for', async () => {
    for (const name of streamNames) {
      const told = (await north.send('/api/v1/streams')).json as {
        streams: { name: string; dimensions: string[]; measures: { name: string }[] }[];
      };
      const stream = told.streams.find((each) => each.name === name);
      const reply = await north.send('/api/v1/query', {
        body: {
          stream: name,
          last: '1d',
          measures: stream?.measures.map((measure) => measure.name),
          dimensions: stream?.dimensions.slice(0, 20),
        },
      });
      expect([name, reply.status, reply.status === 200 ? '' : reply.text]).toEqual([name, 200, '']);
    }
  });
});

test('the ledger tells what became of the rows, and balances', async () => {
  const time = '2026-11-21T10:00:00Z';
  await north.send('/api/v1/facts/requests', {
    body: [
      { time, service: 'a', id: '1' },
      { time, service: 'a', id: '1' },
      { time, service: 'a' },
      { time, service: 'a', x: 1 },
      { service: 'a' },
      { time, service: 'b', organization: 'NORTH_LAB' },
    ],
  });
  const { rows, next } = (await north.send('/api/v1/ledger?descendants=true')).json as {
    rows: { minute: string }[];
    next: null;
  };
  expect(next).toBeNull();
  expect(rows.map(({ minute, ...rest }) => [minute.slice(0, 13), rest])).toEqual([
    [
      '2026-11-21T12',
      {
        organization: 'blt0000000000000001',
        source: 'native',
        stream: 'requests',
        received: 5,
        accepted: 2,
        duplicate: 1,
        rejected: { missing_field: 1, unknown_field: 1 },
      },
    ],
    [
      '2026-11-21T12',
      {
        organization: 'blt0000000000000002',
        source: 'native',
        stream: 'requests',
        received: 1,
        accepted: 1,
        duplicate: 0,
        rejected: {},
      },
    ],
  ]);
  const first = (await north.send('/api/v1/ledger?descendants=true&limit=1')).json as { rows: unknown[]; next: string };
  expect(first.rows).toHaveLength(1);
  const second = (await north.send(`/api/v1/ledger?descendants=true&limit=1&cursor=${first.next}`)).json;
  expect(second).toEqual({ rows: [rows[1]], next: null });
  expect((await north.send('/api/v1/ledger?since=2026-11-22T00:00:00Z')).json).toEqual({ rows: [], next: null });
});

test.each([
  'limit=0',
  'limit=1001',
  'limit=x',
  'cursor=x',
  'cursor=bnVsbA',
  // [0,0,"\u0000",""], a text that no store can hold
  'cursor=WzAsMCwiXHUwMDAwIiwiIl0',
  'since=x',
  'until=2026',
  'organization=SOUTH',
  'x=1',
])('the ledger refuses %s and names it', async (query) => {
  const reply = await north.send(`/api/v1/ledger?${query}`);
  expect([reply.status, (reply.json as { field: string }).field]).toEqual([400, query.split('=')[0]]);
});

test('the audit log tells what happened to credentials, newest first, in pages', async () => {
  const all = (await north.send('/api/v1/audit')).json as {
    events: { event: string; organization: string; actor: string }[];
    next: null;
  };
  expect(all.next).toBeNull();
  expect(all.events.filter(({ event }) => event === 'key.created')).toHaveLength(5);
  expect(new Set(all.events.map(({ organization }) => organization))).toEqual(
    new Set(['blt0000000000000001', 'blt0000000000000002']),
  );
  const first = (await north.send('/api/v1/audit?limit=3')).json as { events: unknown[]; next: string };
  const rest = (await north.send(`/api/v1/audit?cursor=${first.next}`)).json as { events: unknown[]; next: null };
  expect([...first.events, ...rest.events]).toEqual(all.events);
  expect(rest.next).toBeNull();
});

test.each(['limit=0', 'cursor=x', 'cursor=-1', 'limit=5&limit=6'])(
  'the audit log refuses %s and names it',
  async (query) => {
    const reply = await north.send(`/api/v1/audit?${query}`);
    expect([reply.status, (reply.json as { field: string }).field]).toEqual([400, query.split('=')[0]]);
  },
);
