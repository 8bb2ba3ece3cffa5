import type { Scope } from './scope.ts';
import type { StreamName } from './streams/index.ts';
import type { Bucketing } from './time/buckets.ts';
import type { EpochMs, TimeRange } from './time/instant.ts';

/**
 * The one value that describes every question (design 5). Dialects translate their requests into it and render their
 * answers from its result; they never write SQL. Names are those of the stream's declaration and already checked.
 */
export interface Question {
  readonly stream: StreamName;
  readonly scope: Scope;
  /** Half-open, UTC. */
  readonly range: TimeRange;
  /** Local calendar buckets, buckets of any other kind, or null for one total over the range. */
  readonly bucket: Bucketing | BucketEdgeList | null;
  readonly measures: readonly string[];
  /** Dimension names; `organization` (the internal number) is one of every stream. */
  readonly dimensions: readonly string[];
  /** Texts under which rows that lack a dimension are counted, by dimension; together with rows that have that very text. */
  readonly absentAs?: Readonly<Record<string, string>>;
  readonly filters: readonly Filter[];
  /** Defaults: bucket ascending, then dimensions ascending, in byte order. */
  readonly order?: readonly Order[];
  readonly limit?: number;
  readonly offset?: number;
  /** With a bucket: also return buckets without rows, measures 0 (null for means and extremes). */
  readonly fill?: boolean;
  /** `never` asks the raw rows even where a rollup could answer; the two must be equal. */
  readonly rollups?: 'auto' | 'never';
}

/** A question whose buckets, if any, are the calendar's. */
export type CalendarQuestion = Question & { readonly bucket: Bucketing | null };

/** Buckets that no calendar lays: bucket `i` is `[edges[i], edges[i + 1])`. Ascending, and around the whole range. */
export interface BucketEdgeList {
  readonly edges: readonly EpochMs[];
}

export interface Filter {
  readonly dimension: string;
  readonly operator: 'in' | 'not_in' | 'contains' | 'starts_with';
  /** `null` stands for an absent value. */
  readonly values: readonly (string | number | null)[];
}

export interface Order {
  /** A measure, a dimension, or `bucket`. */
  readonly by: string;
  readonly direction: 'ascending' | 'descending';
}

export interface Answer {
  readonly rows: readonly AnswerRow[];
  readonly range: TimeRange;
  /** Every bucket of the range in order; empty when the question has none. */
  readonly buckets: readonly AnswerBucket[];
  /** Every row acknowledged before this instant is counted. */
  readonly watermark: EpochMs;
  /** Rows before `limit` and `offset`; only present when one of them was given. */
  readonly totalRows?: number;
}

export interface AnswerBucket extends TimeRange {
  /** False while the bucket still runs. */
  readonly complete: boolean;
}

export interface AnswerRow {
  /** Index into `buckets`; -1 when the question has none. */
  readonly bucket: number;
  /** In the order of the question's dimensions; null where the row has no value. */
  readonly dimensions: readonly (string | number | null)[];
  /** In the order of the question's measures. Integers beyond 2^53 arrive as bigint. */
  readonly measures: readonly (number | bigint | null)[];
}
