import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CapturedRow } from './options.ts';
import type { Ending } from './observe.ts';

/** Characters that the fields of `requests` hold. */
const MAX_URL = 8_192;
const MAX_DEVICE = 1_024;
const MAX_SDK = 256;
const MAX_METHOD = 16;
const MAX_CACHE = 32;
const MAX_IP = 64;

const STACK_KEY = /^blt[0-9a-z]{1,64}$/i;
const CACHE_HEADERS = ['x-cache', 'x-cache-status', 'cf-cache-status'];

/** What is known when a request arrives. A socket forgets its caller when it closes. */
export interface Arrival {
  readonly time: string;
  readonly url: string | undefined;
  readonly ip: string | undefined;
}

/** What Express and Fastify know better than Node, because they know which proxies to trust. */
interface Framework {
  readonly originalUrl?: unknown;
  readonly protocol?: unknown;
  readonly ip?: unknown;
}

/** @param framework the framework's own request, which may be the same */
export function arrivalOf(request: IncomingMessage, framework: Framework): Arrival {
  const { originalUrl, protocol, ip } = framework;
  const path = textOf(originalUrl) ?? request.url ?? '/';
  const host = headerOf(request, ':authority') ?? headerOf(request, 'host');
  const encrypted = 'encrypted' in request.socket;
  const scheme = textOf(protocol) ?? (encrypted ? 'https' : 'http');
  const address = textOf(ip) ?? request.socket.remoteAddress;
  return {
    time: new Date().toISOString(),
    url: host === undefined || !path.startsWith('/') ? path : `${scheme}://${host}${path}`,
    // Of a socket that listens on both families.
    ip: address?.replace(/^::ffff:(?=\d+\.)/i, ''),
  };
}

/** Puts together what is known when the answer has gone. */
export function rowOf(parts: {
  readonly id: string;
  readonly service: string;
  readonly arrival: Arrival;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly ending: Ending;
}): CapturedRow {
  const { id, service, arrival, request, response, ending } = parts;
  const stack = headerOf(request, 'api_key');
  const texts = {
    url: cut(arrival.url, MAX_URL),
    method: cut(request.method, MAX_METHOD),
    cache: cacheOutcome(response),
    sdk: cut(headerOf(request, 'x-user-agent'), MAX_SDK),
    device: cut(headerOf(request, 'user-agent'), MAX_DEVICE),
    stack: stack !== undefined && STACK_KEY.test(stack) ? stack : undefined,
    ip: cut(arrival.ip, MAX_IP),
  };
  const present = Object.entries(texts).filter(([, text]) => text !== undefined && text !== '');
  return {
    id,
    time: arrival.time,
    service,
    ...(Object.fromEntries(present) as Partial<Pick<CapturedRow, keyof typeof texts>>),
    ...(ending.status === null ? {} : { status: ending.status }),
    bytes: ending.bytes,
    duration_ms: ending.durationMs,
  };
}

/** Caches say "Hit from cloudfront", "TCP_MISS", "HIT, MISS": the one nearest to the caller comes last. */
function cacheOutcome(response: ServerResponse): string | undefined {
  for (const name of CACHE_HEADERS) {
    const header = response.getHeader(name);
    if (header === undefined) continue;
    const last = String(header).split(',').at(-1)?.trim().toUpperCase() ?? '';
    if (/\bHIT\b|_HIT/.test(last)) return 'HIT';
    return /\bMISS\b|_MISS/.test(last) ? 'MISS' : cut(last, MAX_CACHE);
  }
  return undefined;
}

function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  return textOf(headers[name]);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Never between the halves of a character. */
function cut(text: string | undefined, maxLength: number): string | undefined {
  if (text === undefined || text.length <= maxLength) return text;
  return text.slice(0, maxLength).replace(/[\ud800-\udbff]$/, '');
}
