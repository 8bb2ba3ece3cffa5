import type { FastifyReply } from 'fastify';
import { element, xmlText } from '../format/xml.ts';
import type { ServiceRefusal } from './refusals.ts';

export const CONTENT_TYPE = 'application/vnd.3scale-v2.0+xml';

export function sendRefusal(reply: FastifyReply, { status, error, retryAfter }: ServiceRefusal): FastifyReply {
  if (retryAfter !== undefined) void reply.header('retry-after', String(retryAfter));
  void reply.code(status).header('content-type', CONTENT_TYPE);
  return reply.send(error === null ? '' : xmlText(element('error', error.message, { code: error.code })));
}
