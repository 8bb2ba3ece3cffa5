import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AllowedOrigins } from './settings.ts';

/** Whether any page of another origin may call. */
export function isCorsOn(origins: AllowedOrigins): boolean {
  return origins === 'all' || origins.size > 0;
}

/** Lets pages of the allowed origins read the answer; says nothing to others. */
export function allowOrigin(origins: AllowedOrigins, request: FastifyRequest, reply: FastifyReply): void {
  if (!isCorsOn(origins)) return;
  reply.header('vary', 'Origin');
  const { origin } = request.headers;
  if (origin === undefined || (origins !== 'all' && !origins.has(origin))) return;
  reply.header('access-control-allow-origin', origin);
}

/** The answer to a browser that asks before it posts. */
export function sendPreflight(reply: FastifyReply): FastifyReply {
  return reply
    .code(204)
    .headers({
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'content-type, sessionid',
      'access-control-max-age': '86400',
    })
    .send();
}
