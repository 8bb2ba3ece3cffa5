import type { Duration } from './parameters.ts';
import type { Day } from './date.ts';
import type { ReadName } from './reads.ts';
import type { Service } from './services.ts';

/** What is kept with a job: the question, and what its result shows of the request. */
export interface JobRequest {
  readonly read: ReadName;
  readonly from: Day;
  readonly to: Day;
  readonly services: readonly Service[];
  readonly duration: Duration;
  readonly orderBy: 1 | -1;
  readonly skip: number;
  readonly limit: number;
  /** The result has totals. */
  readonly counted: boolean;
  readonly apiKey: string | null;
  readonly projectUid: string | null;
  readonly environmentUid: string | null;
  readonly httpStatusCode: number | null;
  readonly cache: 'HIT' | 'MISS' | null;
  readonly meta: Readonly<Record<string, unknown>>;
  /** Names the result. */
  readonly uid: string;
}

/** What is kept with the rows of a result. */
export interface ResultHead {
  /** Rows after `skip` that are kept. */
  readonly rows: number;
  /** There are more, which are not kept: pages end before them. */
  readonly cut: boolean;
  /** Written as JSON; null where the result has no totals. */
  readonly totals: { readonly total: string; readonly totalDocs: string } | null;
  /** The element after the last row, as JSON; null when the last bucket has rows. */
  readonly marker: string | null;
}
