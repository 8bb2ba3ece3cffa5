import type { Filter } from '../../../domain/question.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import type { OrganizationId } from '../../../domain/scope.ts';
import { epochMs, STORABLE, type EpochMs } from '../../../domain/time/instant.ts';
import type { Questions } from '../../../queries/ask/questions.ts';
import { readRefusalOf, type ReadRefusal } from '../format/refusal.ts';

/** Whose use of what is counted. */
export interface Counted {
  readonly organization: OrganizationId;
  /** System name of the service. */
  readonly product: string;
  /** Null for all applications of the service. */
  readonly application: number | null;
  /** A metric's quantity, or the calls that one of these codes answered. */
  readonly of: { readonly metric: string } | { readonly codes: readonly number[] };
}

interface Asking {
  readonly questions: Questions;
  readonly tag: string;
  readonly signal: AbortSignal;
}

/** One number for each bucket, exact beyond 2^53. */
export async function countBuckets(
  asking: Asking,
  counted: Counted,
  edges: readonly EpochMs[],
): Promise<Result<readonly bigint[], ReadRefusal>> {
  const values = Array.from({ length: Math.max(0, edges.length - 1) }, () => 0n);
  const [first, last] = [edges[0], edges.at(-1)];
  if (first === undefined || last === undefined || countsNothing(counted)) return ok(values);
  const range = storable(first, last);
  if (range.from >= range.to) return ok(values);
  const answered = await asking.questions.ask(
    { ...question(counted), range, bucket: edges.length === 2 ? null : { edges } },
    { tag: asking.tag, signal: asking.signal },
  );
  if (!answered.ok) return fail(readRefusalOf(answered.problem));
  for (const { bucket, measures } of answered.value.rows) values[Math.max(0, bucket)] = BigInt(measures[0] ?? 0);
  return ok(values);
}

/** All of a range together. */
export async function countTotal(
  asking: Asking,
  counted: Counted,
  { from, to }: { readonly from: EpochMs; readonly to: EpochMs },
): Promise<Result<bigint, ReadRefusal>> {
  if (from >= to) return ok(0n);
  const found = await countBuckets(asking, counted, [from, to]);
  return found.ok ? ok(found.value[0] ?? 0n) : found;
}

function countsNothing({ of }: Counted): boolean {
  return 'codes' in of && of.codes.length === 0;
}

function question({ organization, product, application, of }: Counted) {
  const filters: Filter[] = [{ dimension: 'product', operator: 'in', values: [product] }];
  if ('metric' in of) filters.push({ dimension: 'metric', operator: 'in', values: [of.metric] });
  else filters.push({ dimension: 'code', operator: 'in', values: of.codes });
  return {
    stream: 'usage' as const,
    scope: {
      organizations: [organization],
      ...(application === null ? {} : { only: { application: [application] } }),
    },
    // Of a call's rows one carries the code, so rows with a code are calls.
    measures: ['metric' in of ? 'value' : 'rows'],
    dimensions: [],
    filters,
  };
}

/** What facts can lie in. */
export function storable(from: EpochMs, to: EpochMs): { readonly from: EpochMs; readonly to: EpochMs } {
  return { from: epochMs(Math.max(from, STORABLE.from)), to: epochMs(Math.min(to, STORABLE.to)) };
}
