import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

/**
 * The address a request came from as its country is looked up (contract 2.6): the leftmost of `X-Forwarded-For`, then
 * `X-Real-IP`, then the socket's, without port. Whoever sends the headers decides; nothing but the country depends on it.
 */
export function clientAddress(headers: IncomingHttpHeaders, socketAddress: string): string {
  const forwarded = [headers['x-forwarded-for']].flat()[0]?.split(',', 1)[0] ?? '';
  const real = [headers['x-real-ip']].flat()[0] ?? '';
  for (const candidate of [forwarded, real]) {
    const address = withoutPort(candidate);
    if (address !== '') return address;
  }
  return withoutPort(socketAddress);
}

/** The bare address of `1.2.3.4:80`, `[2001:db8::1]:80` or an address alone; '' when it is none. */
export function withoutPort(written: string): string {
  const trimmed = written.trim();
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(trimmed)?.[1];
  const address = bracketed ?? (isIP(trimmed) === 0 ? trimmed.replace(/:\d+$/, '') : trimmed);
  return isIP(address) === 0 ? '' : address;
}
