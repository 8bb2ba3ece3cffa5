import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Result } from '../../../domain/result.ts';
import { refusalOf, type Refusal } from '../problems.ts';
import { isDecodable, UNDECODABLE } from '../query.ts';
import { answer, refuse } from '../send.ts';
import { admit, type AdmissionParts, type Admitted } from './admission.ts';
import { createJob, type CreateParts } from './create-job.ts';
import { READS } from './reads.ts';
import { retrieve, type RetrieveParts } from './retrieve.ts';
import { readSchema, retrieveSchema } from './schema.ts';

const PREFIX = '/analytics/v2';

type Handler = (admitted: Admitted, request: FastifyRequest) => Promise<Result<object | string, Refusal>>;

/** The requests 1 to 8 (contract 1). */
export function registerAnalytics(
  scope: FastifyInstance,
  parts: { readonly admission: AdmissionParts; readonly create: CreateParts; readonly retrieve: RetrieveParts },
): void {
  const add = (url: string, schema: object, handler: Handler): void => {
    scope.get(url, { schema, exposeHeadRoute: false }, (request, reply) =>
      run(parts.admission, handler, request, reply),
    );
  };
  for (const read of READS) {
    add(`${PREFIX}/${read.name}`, readSchema(read), (admitted) => createJob(parts.create, read, admitted));
  }
  add(`${PREFIX}/job/:jobId/data`, retrieveSchema, (admitted, request) =>
    retrieve(parts.retrieve, (request.params as { readonly jobId: string }).jobId, admitted),
  );
}

async function run(
  parts: AdmissionParts,
  handler: Handler,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const admitted = await admit(parts, request, reply);
  if (!admitted.ok) return refuse(reply, refusalOf(admitted.problem));
  if (!isDecodable(request.originalUrl)) {
    return refuse(reply, refusalOf({ kind: 'malformed_body', reason: UNDECODABLE }));
  }
  const result = await handler(admitted.value, request);
  return result.ok ? answer(reply, result.value) : refuse(reply, result.problem);
}
