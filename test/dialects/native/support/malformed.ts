import { deflateRawSync, gzipSync } from 'node:zlib';
import { streamNames, streams } from '../../../../src/domain/streams/index.ts';
import type { Random } from '../../../support/random.ts';

export interface FuzzedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
}

const NASTY_TEXTS = [
  '',
  ' ',
  '0',
  'null',
  '__proto__',
  'constructor',
  'toString',
  'NORTH',
  'requests',
  'count',
  '2026-11-21T10:00:00Z',
  '2026-13-45T99:99:99Z',
  '-999999-01-01T00:00:00Z',
  "' OR 1=1 --",
  '\\',
  '\u0000',
  '\ud800',
  '\u202e',
  '😀'.repeat(100),
  'x'.repeat(9000),
  '{x:String}',
  '%s%n',
  '../../etc/passwd',
  '1d',
  '99999y',
];
const NASTY_NUMBERS = [0, -0, -1, 1, 0.1, 1e308, 5e-324, 2 ** 53, 2 ** 63, 2 ** 64, -(2 ** 63), 200, 41, 1795251600];

/** Any JSON value, most of them out of place. */
function nastyValue(random: Random, depth = 3): unknown {
  switch (random.below(depth > 0 ? 7 : 5)) {
    case 0:
      return random.pick(NASTY_TEXTS);
    case 1:
      return random.pick(NASTY_NUMBERS);
    case 2:
      return random.chance(0.5);
    case 3:
      return null;
    case 4:
      return random.pick(NASTY_TEXTS);
    case 5:
      return Array.from({ length: random.below(4) }, () => nastyValue(random, depth - 1));
    default:
      return Object.fromEntries(
        Array.from({ length: random.below(4) }, () => [random.pick(NASTY_TEXTS), nastyValue(random, depth - 1)]),
      );
  }
}

/** A row that is nearly right. */
function nastyRow(random: Random): unknown {
  const stream = random.pick(streamNames);
  const row: Record<string, unknown> = { time: '2026-11-21T10:00:00Z', service: 'mutant' };
  for (const { name } of streams[stream].fields) if (random.chance(0.4)) row[name] = nastyValue(random, 1);
  if (random.chance(0.3)) row[random.pick(NASTY_TEXTS)] = nastyValue(random);
  if (random.chance(0.2)) row['id'] = nastyValue(random, 1);
  if (random.chance(0.2)) row['organization'] = nastyValue(random, 1);
  return random.chance(0.1) ? nastyValue(random) : row;
}

const QUESTION = {
  stream: 'requests',
  from: '2026-11-01T00:00:00Z',
  to: '2026-12-01T00:00:00Z',
  bucket: { every: '1d', zone: 'Europe/Berlin' },
  measures: ['count'],
  dimensions: ['service'],
  filters: [{ dimension: 'service', operator: 'in', values: ['x'] }],
  order: [{ by: 'count', direction: 'descending' }],
  limit: 10,
  offset: 0,
  fill: true,
  organizations: ['NORTH'],
  descendants: true,
};

/** The same value with a few of its parts replaced, left out or added. */
function mutated(random: Random, value: unknown): unknown {
  if (random.chance(0.12)) return nastyValue(random);
  if (Array.isArray(value)) return value.map((one) => mutated(random, one));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).flatMap(([name, one]): [string, unknown][] =>
    random.chance(0.1) ? [] : [[name, mutated(random, one)]],
  );
  if (random.chance(0.1)) kept.push([random.pick(NASTY_TEXTS), nastyValue(random)]);
  return Object.fromEntries(kept);
}

/** Bytes that once were JSON. */
function damaged(random: Random, text: string): Buffer {
  const bytes = Buffer.from(text);
  switch (random.below(6)) {
    case 0:
      return bytes.subarray(0, random.below(bytes.length + 1));
    case 1:
      if (bytes.length > 0) bytes[random.below(bytes.length)] = random.below(256);
      return bytes;
    case 2:
      return Buffer.concat([bytes, random.bytes(random.below(20))]);
    case 3:
      return random.bytes(random.below(200));
    case 4:
      return Buffer.from(random.pick(['[', '{"a":', '"']).repeat(random.below(20_000)));
    default:
      return bytes;
  }
}

function encoded(random: Random, body: Buffer): [Buffer, Record<string, string>] {
  switch (random.below(12)) {
    case 0:
      return [gzipSync(body), { 'content-encoding': 'gzip' }];
    case 1:
      return [body, { 'content-encoding': random.pick(['gzip', 'br', 'deflate', 'zstd', 'gzip, gzip', '']) }];
    case 2:
      return [gzipSync(body).subarray(0, 15), { 'content-encoding': 'gzip' }];
    case 3:
      return [deflateRawSync(body), { 'content-encoding': 'deflate' }];
    default:
      return [body, {}];
  }
}

const TYPES = [
  'application/json',
  'application/x-ndjson',
  'application/json; charset=utf-16',
  'text/plain',
  'text/html',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'application/json;;;',
  'x',
];
const KEYS = [
  ...Array.from({ length: 12 }, () => 'th_north_all'),
  'th_north_all',
  'th_north_all',
  'th_north_all',
  'th_north_all',
  'th_north_ingest',
  'th_gone_all',
  'wrong',
  '',
];
const PATHS = [
  '/api/v1/streams',
  '/api/v1/whoami',
  '/api/v1/ledger',
  '/api/v1/audit',
  '/api/v1/export/inventory',
  '/api/v1/export/requests',
  '/api/v1/organizations',
  '/api/v1/organizations/NORTH',
  '/api/v1/organizations/NORTH/apps',
  '/api/v1/organizations/NORTH/products/7/metrics',
  '/api/v1/users',
  '/api/v1/nothing',
  '/api/v1/',
];
const PARAMETERS = [
  'limit',
  'cursor',
  'since',
  'until',
  'organization',
  'descendants',
  'format',
  'x',
  '__proto__',
  'access_token',
];

/** One request that is wrong in some way, or right by accident. It never changes the directory. */
export function malformedRequest(random: Random): FuzzedRequest {
  const headers: Record<string, string> = { authorization: `Bearer ${random.pick(KEYS)}` };
  if (random.chance(0.05)) headers['authorization'] = random.pick(['Basic x', 'Bearer', 'Bearer a b', '\u00ff']);
  if (random.chance(0.7)) headers['content-type'] = random.pick(TYPES);
  if (random.chance(0.1)) headers['idempotency-key'] = random.pick(['', 'k', 'x'.repeat(300), '\u00e9']);
  if (random.chance(0.05)) headers['x-request-id'] = random.pick(['', '\t', 'x'.repeat(500), 'a b']);

  const kind = random.next();
  if (kind < 0.55) {
    const stream = random.chance(0.95) ? random.pick(streamNames) : encodeURIComponent(random.pick(PLAIN_TEXTS));
    const [body, more] = encoded(random, rowsBody(random));
    return { method: 'POST', path: `/api/v1/facts/${stream}`, headers: { ...headers, ...more }, body };
  }
  if (kind < 0.8) {
    const text = JSON.stringify(mutated(random, QUESTION)) ?? '';
    const body = random.chance(0.15) ? damaged(random, text) : Buffer.from(text);
    return { method: 'POST', path: '/api/v1/query', headers: { ...headers, 'content-type': 'application/json' }, body };
  }
  const parameters = Array.from(
    { length: random.below(4) },
    () => `${random.pick(PARAMETERS)}=${encodeURIComponent(random.pick(PLAIN_TEXTS))}`,
  );
  const damage = random.chance(0.05) ? random.pick(['%', '%ff', '/..', '//', '?', '&&=', '%00']) : '';
  const query = parameters.length === 0 ? '' : `?${parameters.join('&')}`;
  const method = random.pick(['GET', 'GET', 'GET', 'HEAD', 'OPTIONS', 'TRACE', 'POST']);
  const path = random.pick(PATHS);
  // What would make an entry is sent as a list, which none is.
  return { method, path: `${path}${damage}${query}`, headers, body: method === 'POST' ? Buffer.from('[1]') : null };
}

/** Texts that can be written in a URL. */
const PLAIN_TEXTS = NASTY_TEXTS.filter((text) => !/\p{Surrogate}/u.test(text) && text.length < 1000);

function rowsBody(random: Random): Buffer {
  const rows = Array.from({ length: random.below(6) }, () => nastyRow(random));
  const text = random.chance(0.5) ? JSON.stringify(rows) : rows.map((row) => JSON.stringify(row)).join('\n');
  return random.chance(0.4) ? damaged(random, text) : Buffer.from(text);
}
