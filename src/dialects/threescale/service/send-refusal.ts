import type { FastifyReply } from 'fastify';
import { element, xmlText } from '../format/xml.ts';
import type { ServiceRefusal } from './refusals.ts';

export function sendRefusal(reply: FastifyReply, { status, error, retryAfter }: ServiceRefusal): FastifyReply {
  if (retryAfter !== undefined) void reply.header('retry-after', String(retryAfter));
  void reply.code(status);
  return reply.send(error === null ? '' : xmlText(element('error', error.message, { code: error.code })));
}
