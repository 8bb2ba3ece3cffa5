import type { Organization } from '../../directory/organizations.ts';
import { bucketEdges, type Bucketing, type BucketUnit } from '../../domain/time/buckets.ts';
import { formatWithOffset } from '../../domain/time/rfc3339.ts';
import { epochMs, type EpochMs, type ZoneId } from '../../domain/time/instant.ts';
import type { Command, CommandContext } from './command.ts';
import type { Counters } from './counters.ts';
import type { Params } from './params.ts';
import { errorOf } from './problems.ts';
import { failure } from './reply.ts';
import { countCalls } from './usage-question.ts';
import { readWindow } from './window.ts';

/** Positions of one answer; of a longer window the newest stay (contract 5.7). */
const MAX_POSITIONS = 5000;

const SERIES: ReadonlyMap<string, BucketUnit> = new Map([
  ['hour', 'hour'],
  ['day', 'day'],
]);

/**
 * Calls by service and hour or day (contract 5; the command of the reference). The window is half-open and not rounded;
 * buckets are local ones of the current organization's zone.
 */
export const usageApiHistory: Command = {
  name: 'usage.api.history',
  summary:
    'Number of API calls by service and hour or day, for the window from `start` to `end` or for the `last` period.',
  example: {
    params: { includeSubOrgs: false, showAll: false, last: '3h', series: 'hour' },
    reply: {
      counters: { thing: [3, 0, 2], usage: [0, 0, 1] },
      total: 6,
      ts: ['2025-06-02T08:00:00-04:00', '2025-06-02T09:00:00-04:00', '2025-06-02T10:00:00-04:00'],
    },
  },
  async run(params, context) {
    const { services, session, now, room, signal } = context;
    const window = readWindow(params, now);
    const unit = readSeries(params);
    const grouped = readDimension(params);
    const organizations = readScope(params, context);
    if (params.faults.length > 0) return failure(...params.faults.map(errorOf));

    const zone = session.current.zone;
    const bucketing: Bucketing = { unit, count: 1, zone };
    const found = bucketEdges(window, bucketing, MAX_POSITIONS, 'newest');
    if (!found.ok) throw new RangeError('the newest buckets were asked for, and all were refused');
    const { edges } = found;
    // Buckets that were cut off are not counted either.
    const range = { from: epochMs(Math.max(window.from, edges[0] ?? window.from)), to: window.to };

    const keys = new Map(organizations.map(({ id, key }) => [id, key]));
    const counters = await countCalls(
      services.questions,
      {
        organizations: organizations.map(({ id }) => id),
        keyOf: grouped ? (id) => keys.get(id) : null,
        range,
        bucketing,
        edges,
      },
      room,
      { tag: 'tr50:usage.api.history', signal },
    );
    if (!counters.ok) return failure(errorOf(counters.problem));
    return { ok: true, params: usageJson(counters.value, edges, zone, grouped) };
  },
};

function readSeries(params: Params): BucketUnit {
  const text = params.text('series') ?? 'hour';
  const unit = SERIES.get(text);
  if (unit === undefined) params.refuse('series', `has to be ${[...SERIES.keys()].join(' or ')}`);
  return unit ?? 'hour';
}

function readDimension(params: Params): boolean {
  const text = params.text('dimension');
  if (text !== null && text !== 'org') params.refuse('dimension', 'has to be org');
  return text === 'org';
}

/** The organizations to be counted, each once (contract 5.6), and none that the caller may not enter. */
function readScope(params: Params, { session, organizations }: CommandContext): readonly Organization[] {
  const includeSubOrgs = params.flag('includeSubOrgs');
  const { caller, current } = session;
  if (params.flag('showAll')) {
    if (caller.kind === 'user' && caller.superOps) return organizations.all;
    params.forbid('Super-Ops');
  }
  if (!includeSubOrgs) return [current];
  return organizations.subtree(current.id).filter((each) => session.mayEnter(each));
}

function* usageJson(counters: Counters, edges: readonly EpochMs[], zone: ZoneId, grouped: boolean): Generator<string> {
  const positions = Math.max(0, edges.length - 1);
  yield '{"counters":';
  yield* counters.json(positions, grouped);
  const ts = edges.slice(0, positions).map((edge) => formatWithOffset(edge, zone));
  yield `,"total":${String(counters.total)},"ts":${JSON.stringify(ts)}}`;
}
