import type { FastifyReply } from 'fastify';
import { bodyOf, type Refusal } from './problems.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

export function refuse(reply: FastifyReply, refusal: Refusal): FastifyReply {
  return reply.code(refusal.status).type(JSON_TYPE).send(bodyOf(refusal));
}

/** @param body an object, or text that is JSON already */
export function answer(reply: FastifyReply, body: object | string): FastifyReply {
  return reply.type(JSON_TYPE).send(body);
}
