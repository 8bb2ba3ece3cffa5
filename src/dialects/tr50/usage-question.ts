import type { Answer, Question } from '../../domain/question.ts';
import type { Problem } from '../../domain/problem.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { OrganizationId } from '../../domain/scope.ts';
import type { Bucketing } from '../../domain/time/buckets.ts';
import { epochMs, STORABLE, type EpochMs, type TimeRange } from '../../domain/time/instant.ts';
import type { AskContext, Questions } from '../../queries/ask/questions.ts';
import { compareBytes, Counters } from './counters.ts';

/** Organizations of one answer with `dimension: "org"` (contract 5.7). */
const MAX_ORGANIZATIONS = 5000;

/** Calls of which organizations, over which buckets. */
export interface UsageQuestion {
  readonly organizations: readonly OrganizationId[];
  /** With it the counters are grouped by organization; its key, undefined for one that has none any more. */
  readonly keyOf: ((organization: OrganizationId) => string | undefined) | null;
  /** Half-open; `edges` are those of its buckets. */
  readonly range: TimeRange;
  readonly bucketing: Bucketing;
  readonly edges: readonly EpochMs[];
}

/** Room for numbers that are not zero, shared by the commands of a packet, so that no packet takes all memory. */
export interface Room {
  rows: number;
}

/**
 * Counts the calls, service by service and bucket by bucket. A question whose answer has more rows than the store gives
 * at once is asked in parts.
 *
 * @returns `query_limit` (`rows` when the room is used up too) or `facts_unavailable`
 */
export async function countCalls(
  questions: Questions,
  asked: UsageQuestion,
  room: Room,
  context: AskContext,
): Promise<Result<Counters>> {
  const counters = new Counters();
  const range = within(asked.range, STORABLE);
  if (range.from >= range.to || asked.organizations.length === 0) return ok(counters);

  const largest = asked.keyOf === null ? ok(asked.organizations) : await largestOf(questions, asked, range, context);
  if (!largest.ok) return largest;

  // The last one is taken next, so later parts lie below earlier ones.
  const parts: Part[] = [{ range, organizations: largest.value }];
  let fresh = asked.keyOf === null;
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const answer = await questions.ask(questionOf(asked, part), { ...context, fresh });
    if (answer.ok) {
      room.rows -= answer.value.rows.length;
      if (room.rows < 0) return fail({ kind: 'query_limit', limit: 'rows' });
      collect(counters, asked, answer.value);
    } else {
      const halves = isTooLarge(answer.problem) ? halvesOf(part, asked) : null;
      if (halves === null) return answer;
      parts.push(...halves.toReversed());
    }
    fresh = false;
  }
  return ok(counters);
}

interface Part {
  readonly range: TimeRange;
  readonly organizations: readonly OrganizationId[];
}

function questionOf({ keyOf, bucketing }: UsageQuestion, { range, organizations }: Part): Question {
  return {
    stream: 'requests',
    scope: { organizations },
    range,
    bucket: bucketing,
    measures: ['count'],
    dimensions: keyOf === null ? ['service'] : ['service', 'organization'],
    filters: [],
  };
}

/** The organizations with calls; of too many those with the largest sums, ties by key (contract 5.7). */
async function largestOf(
  questions: Questions,
  { organizations, keyOf }: UsageQuestion,
  range: TimeRange,
  context: AskContext,
): Promise<Result<readonly OrganizationId[]>> {
  const answer = await questions.ask(
    {
      stream: 'requests',
      scope: { organizations },
      range,
      bucket: null,
      measures: ['count'],
      dimensions: ['organization'],
      filters: [],
    },
    context,
  );
  if (!answer.ok) return answer;
  const sums = answer.value.rows.map(({ dimensions: [id], measures: [calls] }) => {
    const organization = Number(id) as OrganizationId;
    return { organization, key: keyOf?.(organization) ?? '', calls: calls ?? 0 };
  });
  sums.sort((a, b) => (a.calls === b.calls ? compareBytes(a.key, b.key) : a.calls > b.calls ? -1 : 1));
  return ok(sums.slice(0, MAX_ORGANIZATIONS).map(({ organization }) => organization));
}

function collect(counters: Counters, { keyOf, edges }: UsageQuestion, { rows, buckets }: Answer): void {
  const positions = new Map(edges.map((edge, position) => [edge, position]));
  for (const { bucket, dimensions, measures } of rows) {
    const start = buckets[bucket]?.from;
    const position = start === undefined ? undefined : positions.get(start);
    if (position === undefined) throw new RangeError('the answer has a bucket that was not asked for');
    const [service, organization] = dimensions;
    const key = keyOf === null ? '' : keyOf(Number(organization) as OrganizationId);
    // Removed between the two questions.
    if (key !== undefined) counters.add(key, String(service ?? ''), position, measures[0] ?? 0);
  }
}

function isTooLarge(problem: Problem): boolean {
  return problem.kind === 'query_limit' && problem.limit === 'rows';
}

/**
 * Two halves of the buckets. Of a single bucket, two halves of the organizations, if they are told apart: else both
 * halves would have a number for the same service. Null when there is nothing to halve.
 */
function halvesOf({ range, organizations }: Part, { edges, keyOf }: UsageQuestion): [Part, Part] | null {
  const inside = edges.filter((edge) => edge > range.from && edge < range.to);
  const middle = inside[Math.floor(inside.length / 2)];
  if (middle !== undefined) {
    return [
      { range: { from: range.from, to: middle }, organizations },
      { range: { from: middle, to: range.to }, organizations },
    ];
  }
  if (keyOf === null || organizations.length < 2) return null;
  const half = Math.ceil(organizations.length / 2);
  return [
    { range, organizations: organizations.slice(0, half) },
    { range, organizations: organizations.slice(half) },
  ];
}

function within(range: TimeRange, bounds: TimeRange): TimeRange {
  return {
    from: epochMs(Math.max(range.from, bounds.from)),
    to: epochMs(Math.min(range.to, bounds.to)),
  };
}
