import type { Post } from './client.ts';

/** The same numbers for the same seed (mulberry32). */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const COMMANDS = [
  'usage.api.history',
  'session.info',
  'session.org.list',
  'session.org.switch',
  'org.find',
  'org.list',
  'diag.ping',
  'diag.time',
  'api.authenticate',
  'no.such',
  '',
  '__proto__',
];
const NAMES = [
  'last',
  'start',
  'end',
  'series',
  'dimension',
  'includeSubOrgs',
  'showAll',
  'key',
  'id',
  'offset',
  'limit',
  'sort',
  'includeRoles',
  '__proto__',
  'constructor',
  '',
];
const TEXTS = [
  '24h',
  '999999999d',
  '1s',
  'hour',
  'day',
  'org',
  'NORTH',
  'SOUTH',
  '2014-03-27T00:00:00.000-00:00',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999999999Z',
  '2016-12-31T23:59:60Z',
  '2025-02-30T00:00:00Z',
  '',
  ' ',
  '\u0000',
  '\uD800',
  '😀',
  "'; DROP TABLE requests --",
  '\\',
  '%',
  '{}',
  'null',
  '-key',
];
const CONTENT_TYPES = [
  'application/json',
  'text/plain',
  'x',
  '/',
  ';;',
  'multipart/form-data',
  'application/xml; charset=x',
];
const METHODS = ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'];

/** Random requests to `/api`: good ones, nearly good ones and plain noise. */
export function noise(random: () => number, sessionId: string): Post {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const chance = (share: number): boolean => random() < share;
  const bytes = (length: number): Buffer => Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));

  const value = (depth: number): unknown => {
    const kind = Math.floor(random() * (depth > 0 ? 9 : 7));
    if (kind < 3) return pick(TEXTS);
    if (kind === 3) return pick([0, -1, 1, 1.5, 1e308, -0, 2 ** 53, 5000, NaN]);
    if (kind === 4) return chance(0.5);
    if (kind === 5) return null;
    if (kind === 6) return 'x'.repeat(Math.floor(random() * 300));
    if (kind === 7) return Array.from({ length: Math.floor(random() * 4) }, () => value(depth - 1));
    return object(NAMES, () => value(depth - 1));
  };
  const object = (names: readonly string[], make: () => unknown): Record<string, unknown> =>
    Object.fromEntries(Array.from({ length: Math.floor(random() * 5) }, () => [pick(names), make()]));
  const command = (): unknown => {
    if (chance(0.1)) return value(3);
    const params = chance(0.1) ? value(2) : object(NAMES, () => value(2));
    return chance(0.9) ? { command: chance(0.95) ? pick(COMMANDS) : value(1), params } : { params };
  };
  const id = (): string =>
    chance(0.02) ? 'i'.repeat(Math.floor(random() * 50_000)) : pick([...TEXTS, ...NAMES, 'a', 'b', '1']);
  const auth = (): unknown => {
    if (chance(0.8)) return { sessionId };
    // A login costs a hash, so there are few.
    if (chance(0.05)) return { command: 'api.authenticate', params: object(['username', 'password'], () => value(1)) };
    return chance(0.5) ? { sessionId: value(1) } : value(2);
  };
  const packet = (): string => {
    const calls = Array.from({ length: Math.floor(random() * (chance(0.01) ? 130 : 5)) }, () => [id(), command()]);
    return JSON.stringify({ ...(chance(0.9) ? { auth: auth() } : {}), ...Object.fromEntries(calls) });
  };
  const damaged = (text: string): Buffer => {
    const body = Buffer.from(text);
    for (let times = 1 + Math.floor(random() * 3); times > 0 && body.length > 0; times--) {
      body[Math.floor(random() * body.length)] = Math.floor(random() * 256);
    }
    return chance(0.5) ? body : body.subarray(0, Math.floor(random() * body.length));
  };
  const body = (): string | Buffer => {
    const kind = random();
    if (kind < 0.7) return packet();
    if (kind < 0.9) return damaged(packet());
    if (kind < 0.95) return bytes(Math.floor(random() * 200));
    if (kind < 0.98) return JSON.stringify(value(3));
    if (kind < 0.99) return `{"a":${'['.repeat(50_000)}${chance(0.5) ? ']'.repeat(50_000) : ''}}`;
    return chance(0.1) ? Buffer.alloc(1_100_000, 32) : '';
  };
  const headers: Record<string, string> = {};
  if (chance(0.5)) headers['content-type'] = pick(CONTENT_TYPES);
  if (chance(0.1)) headers['sessionid'] = chance(0.5) ? sessionId : pick(TEXTS).replace(/[^!-~]/g, '');
  if (chance(0.1)) headers['authorization'] = `Bearer ${bytes(8).toString('hex')}`;
  if (chance(0.05)) headers['accept-encoding'] = pick(['gzip', 'br', 'nonsense', '']);
  if (chance(0.05)) headers[`x-${bytes(4).toString('hex')}`] = bytes(20).toString('base64');
  if (chance(0.02)) headers['x-request-id'] = pick(['a', '"', '{}']);
  const method = chance(0.03) ? pick(METHODS) : 'POST';
  return { method, headers, body: body() };
}
