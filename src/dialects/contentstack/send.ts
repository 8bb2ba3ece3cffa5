import type { FastifyReply } from 'fastify';
import { bodyOf, type Refusal } from './problems.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

export function refuse(reply: FastifyReply, refusal: Refusal): FastifyReply {
  return unstored(reply).code(refusal.status).type(JSON_TYPE).send(bodyOf(refusal));
}

/** @param body an object, or text that is JSON already */
export function answer(reply: FastifyReply, body: object | string): FastifyReply {
  return unstored(reply).type(JSON_TYPE).send(body);
}

/** Caches know that answers to `Authorization` are for one caller, but not that those to `authtoken` are. */
function unstored(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-store');
}
