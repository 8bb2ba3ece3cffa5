import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from '../../domain/problem.ts';
import { renderProblem } from './problems.ts';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  const { status, headers, body } = renderProblem(problem, request.id);
  return reply.code(status).headers(headers).type(PROBLEM_TYPE).send(body);
}
