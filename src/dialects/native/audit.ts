import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { organizationId } from '../../domain/scope.ts';
import { formatRfc3339Utc } from '../../domain/time/rfc3339.ts';
import type { Services } from '../dialect.ts';
import { callerOf } from './caller.ts';
import { limitOf, LimitQuery } from './paging.ts';
import { answers } from './route-schema.ts';
import { AuditAnswer, type AuditAnswer as Answer } from './wire.ts';

const Query = Type.Object(
  {
    ...LimitQuery,
    cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$', description: '`next` of the page before.' })),
  },
  { additionalProperties: false },
);

/** `GET /api/v1/audit`: what happened to credentials and rights in the organizations the key covers, newest first. */
export function registerAudit(api: FastifyInstance, { access }: Pick<Services, 'access'>): void {
  api.get<{ Querystring: Static<typeof Query> }>('/audit', {
    config: { needs: 'admin' },
    schema: {
      operationId: 'listAuditEvents',
      tags: ['Directory'],
      summary: 'What happened to credentials and rights',
      querystring: Query,
      response: answers(AuditAnswer, 'A page of events.', [400, 401, 403, 429]),
    },
    handler: async (request): Promise<Answer> => {
      const caller = callerOf(request);
      const { cursor } = request.query;
      const limit = limitOf(request.query);
      const entries = await access.audit.list({
        organizations: caller.credential.organizations,
        limit: limit + 1,
        ...(cursor === undefined ? {} : { before: Number(cursor) }),
      });
      const page = entries.slice(0, limit);
      return {
        events: page.map(({ at, event, actor, organization, subject, address, detail }) => ({
          at: formatRfc3339Utc(at),
          event,
          actor,
          organization: organization === null ? null : caller.uidOf(organizationId(organization)),
          subject,
          address,
          detail,
        })),
        next: entries.length > limit ? String(page.at(-1)?.id) : null,
      };
    },
  });
}
