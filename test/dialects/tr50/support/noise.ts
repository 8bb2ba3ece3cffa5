import type { Random } from '../../../support/random.ts';
import type { Post } from './client.ts';

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
export function noise(random: Random, sessionId: string): Post {
  const value = (depth: number): unknown => {
    const kind = random.below(depth > 0 ? 9 : 7);
    if (kind < 3) return random.pick(TEXTS);
    if (kind === 3) return random.pick([0, -1, 1, 1.5, 1e308, -0, 2 ** 53, 5000, NaN]);
    if (kind === 4) return random.chance(0.5);
    if (kind === 5) return null;
    if (kind === 6) return 'x'.repeat(random.below(300));
    if (kind === 7) return Array.from({ length: random.below(4) }, () => value(depth - 1));
    return object(NAMES, () => value(depth - 1));
  };
  const object = (names: readonly string[], make: () => unknown): Record<string, unknown> =>
    Object.fromEntries(Array.from({ length: random.below(5) }, () => [random.pick(names), make()]));
  const command = (): unknown => {
    if (random.chance(0.1)) return value(3);
    const params = random.chance(0.1) ? value(2) : object(NAMES, () => value(2));
    return random.chance(0.9)
      ? { command: random.chance(0.95) ? random.pick(COMMANDS) : value(1), params }
      : { params };
  };
  const id = (): string =>
    random.chance(0.02) ? 'i'.repeat(random.below(50_000)) : random.pick([...TEXTS, ...NAMES, 'a', 'b', '1']);
  const auth = (): unknown => {
    if (random.chance(0.8)) return { sessionId };
    // A login costs a hash, so there are few.
    if (random.chance(0.05))
      return { command: 'api.authenticate', params: object(['username', 'password'], () => value(1)) };
    return random.chance(0.5) ? { sessionId: value(1) } : value(2);
  };
  const packet = (): string => {
    const calls = Array.from({ length: random.below(random.chance(0.01) ? 130 : 5) }, () => [id(), command()]);
    return JSON.stringify({ ...(random.chance(0.9) ? { auth: auth() } : {}), ...Object.fromEntries(calls) });
  };
  const damaged = (text: string): Buffer => {
    const body = Buffer.from(text);
    for (let times = 1 + random.below(3); times > 0 && body.length > 0; times--) {
      body[random.below(body.length)] = random.below(256);
    }
    return random.chance(0.5) ? body : body.subarray(0, random.below(body.length));
  };
  const body = (): string | Buffer => {
    const kind = random.next();
    if (kind < 0.7) return packet();
    if (kind < 0.9) return damaged(packet());
    if (kind < 0.95) return random.bytes(random.below(200));
    if (kind < 0.98) return JSON.stringify(value(3));
    if (kind < 0.99) return `{"a":${'['.repeat(50_000)}${random.chance(0.5) ? ']'.repeat(50_000) : ''}}`;
    return random.chance(0.1) ? Buffer.alloc(1_100_000, 32) : '';
  };
  const headers: Record<string, string> = {};
  if (random.chance(0.5)) headers['content-type'] = random.pick(CONTENT_TYPES);
  if (random.chance(0.1))
    headers['sessionid'] = random.chance(0.5) ? sessionId : random.pick(TEXTS).replace(/[^!-~]/g, '');
  if (random.chance(0.1)) headers['authorization'] = `Bearer ${random.bytes(8).toString('hex')}`;
  if (random.chance(0.05)) headers['accept-encoding'] = random.pick(['gzip', 'br', 'nonsense', '']);
  if (random.chance(0.05)) headers[`x-${random.bytes(4).toString('hex')}`] = random.bytes(20).toString('base64');
  if (random.chance(0.02)) headers['x-request-id'] = random.pick(['a', '"', '{}']);
  const method = random.chance(0.03) ? random.pick(METHODS) : 'POST';
  return { method, headers, body: body() };
}
