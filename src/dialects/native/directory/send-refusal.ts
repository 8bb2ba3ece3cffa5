import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Refusal } from '../../../directory/resources/resources.ts';
import { mistakeProblem } from '../../../directory/file/mistake.ts';
import { renderProblem } from '../problems.ts';
import { PROBLEM_TYPE, sendProblem } from '../send-problem.ts';

/** Answers with the first mistake as the problem, and with all of them in `errors`. */
export function sendRefusal(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply {
  if (refusal.kind === 'problem') return sendProblem(request, reply, refusal.problem);
  const all = refusal.mistakes.map((mistake) => renderProblem(mistakeProblem(mistake), request.id));
  const [first] = all;
  if (first === undefined) throw new Error('a refusal without a reason');
  const errors = all.map(({ body: { detail, field } }) => ({ detail, ...(field === undefined ? {} : { field }) }));
  return reply
    .code(first.status)
    .type(PROBLEM_TYPE)
    .send({ ...first.body, errors });
}
