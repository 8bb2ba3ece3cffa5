import type { FastifyInstance } from 'fastify';
import type { Services } from '../dialect.ts';
import { callerOf } from './caller.ts';
import { organizationsOf } from './organizations-query.ts';
import { answerToWire } from './query/answer-to-wire.ts';
import { questionFromWire } from './query/question-from-wire.ts';
import { answers } from './route-schema.ts';
import { sendProblem } from './send-problem.ts';
import { QueryAnswer, QueryRequest } from './wire.ts';

/** `POST /api/v1/query`: any question about a stream (design 5). The engine stops when the caller goes away. */
export function registerQuery(api: FastifyInstance, { questions, clock }: Pick<Services, 'questions' | 'clock'>): void {
  api.post<{ Body: QueryRequest }>('/query', {
    config: { needs: 'read' },
    schema: {
      operationId: 'query',
      tags: ['Questions'],
      summary: 'Counts rows: measures by bucket and dimension',
      description:
        'Buckets are local calendar buckets of an IANA zone, half-open. Counts and uniques are exact. Rows acknowledged before the question are counted.',
      body: QueryRequest,
      response: answers(QueryAnswer, 'The answer.', [400, 401, 403, 413, 415, 422, 429]),
    },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const question = questionFromWire(request.body, {
        now: clock.now(),
        zone: caller.zone,
        organizations: (names, descendants) => organizationsOf(caller, names, descendants, 'organizations'),
        organization: (name) => caller.organizationNamed(name),
      });
      if (!question.ok) return sendProblem(request, reply, question.problem);
      const aborted = new AbortController();
      reply.raw.once('close', () => aborted.abort());
      const answer = await questions.ask(question.value, { tag: 'native:query', signal: aborted.signal });
      if (!answer.ok) return sendProblem(request, reply, answer.problem);
      return answerToWire(answer.value, question.value, (id) => caller.uidOf(id));
    },
  });
}
