import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import type { StreamName } from '../../domain/streams/index.ts';
import { formatRfc3339Utc } from '../../domain/time/rfc3339.ts';
import type { Result } from '../../domain/result.ts';
import type { LiveCounts as Counts } from '../../queries/live/live.ts';
import type { Services } from '../dialect.ts';
import { callerOf } from './caller.ts';
import { EventStream } from './event-stream.ts';
import { renderProblem } from './problems.ts';
import { exact } from './query/answer-to-wire.ts';
import { namedOrganizations, OrganizationsQuery } from './organizations-query.ts';
import { problemAnswers } from './route-schema.ts';
import { sendProblem } from './send-problem.ts';
import type { LiveCounts } from './wire.ts';

/** Listeners of the whole server; each costs a share of one query a second. */
const MAX_LISTENERS = 200;
const RETRY_AFTER_MS = 10_000;
const TICK_MS = 1_000;

const Query = Type.Object(
  {
    step: Type.Optional(Type.Enum(['second', 'minute'], { description: 'Default `second`.' })),
    steps: Type.Optional(Type.String({ pattern: '^[0-9]{1,3}$', description: '1 to 300, default 60.' })),
    access_token: Type.Optional(
      Type.String({ description: 'The key, for EventSource, which cannot send headers. Nowhere else.' }),
    ),
    ...OrganizationsQuery,
  },
  { additionalProperties: false },
);

/**
 * `GET /api/v1/live`: server-sent events. A `counts` event each second with the last steps of every stream, a `problem`
 * event where the counts cannot be had. The streams end when the server stops, when the key is revoked, and when the
 * listener goes.
 */
export function registerLive(api: FastifyInstance, { live }: Pick<Services, 'live'>): void {
  const listeners = new Set<EventStream>();
  api.addHook('preClose', async () => {
    for (const listener of listeners) listener.finish();
  });

  api.get<{ Querystring: Static<typeof Query> }>('/live', {
    config: { needs: 'read', keyInQuery: true },
    // A HEAD request would listen for ever to what it throws away.
    exposeHeadRoute: false,
    schema: {
      operationId: 'live',
      tags: ['Questions'],
      summary: 'Counts of the last steps, once a second, as server-sent events',
      description:
        'Event `counts` has the data of the schema LiveCounts; event `problem` has problem details, and the stream goes on. `Last-Event-ID` is ignored: every event is complete by itself.',
      querystring: Query,
      response: {
        200: { description: 'The events.', content: { 'text/event-stream': { schema: Type.String() } } },
        ...problemAnswers([400, 401, 403, 429, 503]),
      },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const { step = 'second', steps = '60' } = request.query;
      const organizations = namedOrganizations(caller, request.query);
      if (!organizations.ok) return sendProblem(request, reply, organizations.problem);
      if (listeners.size >= MAX_LISTENERS) {
        return sendProblem(request, reply, { kind: 'overloaded', retryAfterMs: RETRY_AFTER_MS });
      }
      const ask = (): Promise<Result<Counts>> =>
        live.counts(
          { scope: { organizations: organizations.value }, step, steps: Number(steps) },
          { tag: 'native:live' },
        );

      const stream = new EventStream();
      listeners.add(stream);
      stream.once('close', () => listeners.delete(stream));
      try {
        const first = await ask();
        if (!first.ok) {
          stream.destroy();
          return await sendProblem(request, reply, first.problem);
        }
        stream.event('counts', first.value.range.to, countsToWire(first.value));
      } catch (error) {
        stream.destroy();
        throw error;
      }
      every(
        TICK_MS,
        stream,
        async () => {
          if (!(await caller.mayStillRead(organizations.value))) return stream.finish();
          const counts = await ask();
          if (counts.ok) stream.event('counts', counts.value.range.to, countsToWire(counts.value));
          else stream.event('problem', null, renderProblem(counts.problem, request.id).body);
        },
        (error) => request.log.error({ err: error }, 'live counts failed'),
      );
      return reply
        .type('text/event-stream; charset=utf-8')
        .headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
        .send(stream);
    },
  });
}

/** Runs the work at that pace until the stream is closed; never twice at a time. */
function every(ms: number, stream: EventStream, work: () => Promise<void>, failed: (error: unknown) => void): void {
  let running = false;
  const timer = setInterval(() => {
    if (running) return;
    running = true;
    work()
      .catch((error: unknown) => {
        failed(error);
        stream.finish();
      })
      .finally(() => {
        running = false;
      });
  }, ms);
  stream.once('close', () => clearInterval(timer));
}

function countsToWire({ range, stepMs, streams }: Counts): LiveCounts {
  return {
    from: formatRfc3339Utc(range.from),
    to: formatRfc3339Utc(range.to),
    step_ms: stepMs,
    streams: Object.fromEntries(
      (Object.entries(streams) as [StreamName, readonly (number | bigint)[]][]).map(([name, counts]) => [
        name,
        counts.map((count) => exact(count) as number | string),
      ]),
    ),
  };
}
