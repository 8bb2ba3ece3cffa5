import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { ok } from '../../domain/result.ts';
import { isStreamName } from '../../domain/streams/index.ts';
import { STORABLE } from '../../domain/time/instant.ts';
import type { Services } from '../dialect.ts';
import { callerOf } from './caller.ts';
import { namedOrganizations, OrganizationsQuery } from './organizations-query.ts';
import { instant } from './query/question-from-wire.ts';
import { problemAnswers } from './route-schema.ts';
import { sendProblem } from './send-problem.ts';
import { uncheckedParameters } from './unchecked-parameters.ts';
import { EXPORT_FORMATS, STREAMS } from './wire.ts';

const MEDIA_TYPES = {
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
} as const satisfies Record<(typeof EXPORT_FORMATS)[number], string>;

const FILE = { schema: Type.String({ format: 'binary' }) };

const Query = Type.Object(
  {
    format: Type.Optional(Type.Enum(EXPORT_FORMATS, { description: 'Default `ndjson`.' })),
    since: Type.Optional(Type.String({ description: 'First instant, RFC 3339. Default: the first row.' })),
    until: Type.Optional(
      Type.String({ description: 'First instant no longer exported. Default: after the last row.' }),
    ),
    ...OrganizationsQuery,
  },
  { additionalProperties: false },
);

/**
 * `GET /api/v1/export/{stream}`: the rows as `POST /api/v1/facts/{stream}` takes them, written by the engine while they
 * are read. What goes wrong after the first byte ends the connection without the end of the body, so that half an
 * export is not taken for a whole one.
 */
export function registerExport(api: FastifyInstance, { exports }: Pick<Services, 'exports'>): void {
  api.get<{ Params: { stream: string }; Querystring: Static<typeof Query> }>('/export/:stream', {
    config: { needs: 'read' },
    // It would make the engine write everything for nothing.
    exposeHeadRoute: false,
    validatorCompiler: uncheckedParameters,
    schema: {
      operationId: 'exportStream',
      tags: ['Questions'],
      summary: 'All rows of a stream as a file',
      params: Type.Object({ stream: Type.Enum(STREAMS, { description: 'Name of the stream.' }) }),
      querystring: Query,
      response: {
        200: {
          description: 'The rows, in order of time.',
          content: {
            'application/x-ndjson': FILE,
            'text/csv': FILE,
            'application/vnd.apache.parquet': FILE,
          },
        },
        ...problemAnswers([400, 401, 403, 404, 422, 429, 503]),
      },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const { stream } = request.params;
      const { format = 'ndjson', since, until } = request.query;
      if (!isStreamName(stream)) return sendProblem(request, reply, { kind: 'not_found', what: 'stream', key: stream });
      const from = since === undefined ? ok(STORABLE.from) : instant('since', since);
      if (!from.ok) return sendProblem(request, reply, from.problem);
      const to = until === undefined ? ok(STORABLE.to) : instant('until', until);
      if (!to.ok) return sendProblem(request, reply, to.problem);
      if (to.value < from.value) {
        return sendProblem(request, reply, { kind: 'invalid_field', field: 'until', reason: 'lies before since' });
      }
      const organizations = namedOrganizations(caller, request.query);
      if (!organizations.ok) return sendProblem(request, reply, organizations.problem);

      const aborted = new AbortController();
      reply.raw.once('close', () => aborted.abort());
      const opened = await exports.open(
        {
          stream,
          scope: { organizations: organizations.value },
          range: { from: from.value, to: to.value },
          format,
          organizations: new Map(organizations.value.map((id) => [id, caller.uidOf(id) ?? ''])),
        },
        { tag: 'native:export', signal: aborted.signal },
      );
      if (!opened.ok) return sendProblem(request, reply, opened.problem);
      return reply
        .type(MEDIA_TYPES[format])
        .headers({ 'content-disposition': `attachment; filename="${stream}.${format}"`, 'cache-control': 'no-store' })
        .send(opened.value);
    },
  });
}
