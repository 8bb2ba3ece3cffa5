import type { Problem } from '../domain/problem.ts';
import type { OrganizationId } from '../domain/scope.ts';
import type { StreamName } from '../domain/streams/index.ts';
import type { EpochMs } from '../domain/time/instant.ts';
import type { Fact } from './fact.ts';

/**
 * What one request asks to be stored. A batch is atomic: it is committed whole, in one transaction with the other
 * batches waiting at that moment, or not at all.
 */
export interface Batch {
  /** Who sent it, for the ledger: a dialect's name or `import`. */
  readonly source: string;
  readonly entries: readonly Entry[];
  /** Parts that did not parse; they are only counted. */
  readonly refused?: readonly Refusal[];
  /** A request that may be repeated as a whole under a key of the caller's. */
  readonly guard?: Guard;
}

/** The smallest part that is accepted, found to be a repeat, or rejected by itself. */
export interface Entry {
  readonly organization: OrganizationId;
  /** Stream the entry is counted under in the ledger; null for an entry that only advances state. */
  readonly stream: StreamName | null;
  readonly facts: readonly Fact[];
  /**
   * Name under which the entry is stored once for ever; a later entry with the same claim is a duplicate. Includes
   * everything that makes it unique, organization and stream too.
   */
  readonly claim?: string;
  /** Advances that decide, in order; if one rejects, none of the entry takes place. */
  readonly steps?: readonly Step[];
}

/**
 * One advance of a named state, taken in the transaction that acknowledges the entry: serial over all nodes, never
 * counted twice. `advance` must be pure: after a lost race it runs again on the newer state.
 */
export interface Step {
  /** Kind of state, e.g. `threescale.limit`; with `key` it names one state. Neither may hold U+0000. */
  readonly kind: string;
  readonly key: string;
  /**
   * `state` is what an earlier step returned, as JSON, or null. Returning a null state removes it. `results` are those of
   * the entry's steps before this one: what one state says may decide about the next.
   */
  readonly advance: (state: unknown, results: readonly unknown[]) => Advance;
}

export type Advance =
  | {
      readonly ok: true;
      readonly state: unknown;
      /** Facts that follow from the advance. */
      readonly facts?: readonly Fact[];
      /** Handed back in the entry's outcome. */
      readonly result?: unknown;
    }
  /** `result` is handed back in the entry's outcome. */
  | { readonly ok: false; readonly problem: Problem; readonly result?: unknown }
  /** The state knows what the entry says already: it is a repeat, as with a claim. */
  | { readonly ok: false; readonly duplicate: true };

export interface Guard {
  /** Includes everything that makes it unique, organization and route too. */
  readonly key: string;
  /** Hash of the request's content: the same key with another content is refused. */
  readonly fingerprint: string;
  /** What a repeat will be told; kept with the key. */
  readonly answer: (outcomes: readonly Outcome[]) => string;
}

export interface Refusal {
  readonly organization: OrganizationId;
  readonly stream: StreamName | null;
  readonly problem: Problem;
}

export type Outcome =
  | { readonly kind: 'accepted'; readonly results: readonly unknown[] }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'rejected'; readonly problem: Problem; readonly result?: unknown };

/** Returned once everything accepted is on disk. */
export interface Receipt {
  /** One for each entry or packed row, in order; empty when the whole batch was a repeat. */
  readonly outcomes: readonly Outcome[];
  /** The answer kept with the guard's key, when the batch repeats one that was answered before. */
  readonly repeated: string | null;
  readonly committedAt: EpochMs;
}
