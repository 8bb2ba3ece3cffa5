import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { fail, ok, type Result } from '../../domain/result.ts';
import { organizationId } from '../../domain/scope.ts';
import { DAY_MS } from '../../domain/time/durations.ts';
import { epochMs, STORABLE, type EpochMs } from '../../domain/time/instant.ts';
import { formatRfc3339Utc } from '../../domain/time/rfc3339.ts';
import type { LedgerLine, LedgerPlace } from '../../ingest/ledger-read.ts';
import type { Services } from '../dialect.ts';
import { callerOf, type Caller } from './caller.ts';
import { namedOrganizations, OrganizationsQuery } from './organizations-query.ts';
import { limitOf, LimitQuery } from './paging.ts';
import { instant } from './query/question-from-wire.ts';
import { answers } from './route-schema.ts';
import { sendProblem } from './send-problem.ts';
import { LedgerAnswer, type LedgerAnswer as Answer } from './wire.ts';

const Query = Type.Object(
  {
    since: Type.Optional(Type.String({ description: 'RFC 3339. Default: a day ago.' })),
    until: Type.Optional(Type.String({ description: 'RFC 3339. Default: no end.' })),
    cursor: Type.Optional(Type.String({ maxLength: 1_000, description: '`next` of the page before.' })),
    ...LimitQuery,
    ...OrganizationsQuery,
  },
  { additionalProperties: false },
);

const REJECTED = 'rejected:';

/** `GET /api/v1/ledger`: what became of the rows that were received, per minute, source and stream (design 4.2). */
export function registerLedger(api: FastifyInstance, { ingest, clock }: Pick<Services, 'ingest' | 'clock'>): void {
  api.get<{ Querystring: Static<typeof Query> }>('/ledger', {
    config: { needs: 'read' },
    schema: {
      operationId: 'readLedger',
      tags: ['Facts'],
      summary: 'What became of the rows that were received',
      querystring: Query,
      response: answers(LedgerAnswer, 'A page of the ledger.', [400, 401, 403, 429]),
    },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const { since, until, cursor } = request.query;
      const from = since === undefined ? ok(epochMs(clock.now() - DAY_MS)) : instant('since', since);
      if (!from.ok) return sendProblem(request, reply, from.problem);
      const to: Result<EpochMs> = until === undefined ? ok(STORABLE.to) : instant('until', until);
      if (!to.ok) return sendProblem(request, reply, to.problem);
      const after = placeOf(cursor);
      if (!after.ok) return sendProblem(request, reply, after.problem);
      const organizations = namedOrganizations(caller, request.query);
      if (!organizations.ok) return sendProblem(request, reply, organizations.problem);

      const limit = limitOf(request.query);
      const range = { from: from.value, to: to.value };
      const lines = await ingest.ledger({
        organizations: organizations.value,
        range,
        limit: limit + 1,
        after: after.value,
      });
      const page = lines.slice(0, limit);
      const last = page.at(-1);
      const answer: Answer = {
        rows: page.map((line) => lineToWire(line, caller)),
        next: lines.length > limit && last !== undefined ? cursorOf(last) : null,
      };
      return answer;
    },
  });
}

function lineToWire(
  { minute, organization, source, stream, outcomes }: LedgerLine,
  caller: Caller,
): Answer['rows'][number] {
  const rejected = Object.entries(outcomes).filter(([outcome]) => outcome.startsWith(REJECTED));
  return {
    minute: formatRfc3339Utc(minute),
    organization: caller.uidOf(organizationId(organization)) ?? '',
    source,
    stream: stream === '' ? null : stream,
    received: outcomes['received'] ?? 0,
    accepted: outcomes['accepted'] ?? 0,
    duplicate: outcomes['duplicate'] ?? 0,
    rejected: Object.fromEntries(rejected.map(([outcome, count]) => [outcome.slice(REJECTED.length), count])),
  };
}

function cursorOf({ minute, organization, source, stream }: LedgerPlace): string {
  return Buffer.from(JSON.stringify([minute, organization, source, stream])).toString('base64url');
}

/** Of a source or stream; what comes from outside could hold what no store can compare. */
function isName(part: unknown): part is string {
  return typeof part === 'string' && /^[a-z0-9_-]{0,64}$/.test(part);
}

function placeOf(cursor: string | undefined): Result<LedgerPlace | null> {
  if (cursor === undefined) return ok(null);
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(parts)) {
      const [minute, organization, source, stream] = parts as unknown[];
      if (Number.isSafeInteger(minute) && Number.isSafeInteger(organization) && isName(source) && isName(stream)) {
        return ok({ minute: epochMs(Number(minute)), organization: Number(organization), source, stream });
      }
    }
  } catch {
    // Not one of ours; told below.
  }
  return fail({ kind: 'invalid_field', field: 'cursor', reason: 'is not the next of an earlier page' });
}
