import type { EpochMs } from '../domain/time/instant.ts';
import { RecordsError } from '../store/records/records-error.ts';
import type { RecordsTransaction } from '../store/records/records.ts';
import type { Advance, Step } from './batch.ts';
import { chunks } from './chunks.ts';
import type { Fact } from './fact.ts';

type Advanced =
  | { readonly ok: true; readonly facts: readonly Fact[]; readonly results: readonly unknown[] }
  | Extract<Advance, { readonly ok: false }>;

/** Each further attempt needs another node to remove a state in the very moment. */
const LOCK_ATTEMPTS = 10;

const NOTHING: Advanced = { ok: true, facts: [], results: [] };

interface State {
  readonly kind: string;
  readonly key: string;
  value: unknown;
  changed: boolean;
}

/**
 * The named states that decide (limits, sessions of devices) within one transaction: all that the group needs are read
 * and locked at once, advanced in memory one entry after another, and written back.
 */
export class StateTable {
  readonly #tx: RecordsTransaction;
  readonly #at: EpochMs;
  readonly #states = new Map<string, State>();

  constructor(tx: RecordsTransaction, at: EpochMs) {
    this.#tx = tx;
    this.#at = at;
  }

  async load(steps: readonly Step[]): Promise<void> {
    if (steps.length === 0) return;
    const wanted = new Map(steps.map((step) => [nameOf(step), step]));
    const keysByKind = new Map<string, string[]>();
    // Sorted, so that two nodes lock in the same order.
    for (const name of [...wanted.keys()].sort()) {
      const step = wanted.get(name);
      if (step === undefined) continue;
      this.#states.set(name, { kind: step.kind, key: step.key, value: null, changed: false });
      keysByKind.set(step.kind, [...(keysByKind.get(step.kind) ?? []), step.key]);
    }
    for (const [kind, keys] of keysByKind) {
      for (const chunk of chunks(keys)) await this.#read(kind, chunk);
    }
  }

  async #read(kind: string, keys: readonly string[]): Promise<void> {
    let missing = keys;
    // Between the two statements another node may remove a row that the first one left alone.
    for (let attempt = 1; missing.length > 0; attempt += 1) {
      if (attempt > LOCK_ATTEMPTS) throw new RecordsError('conflict', `states of ${kind} come and go too fast to lock`);
      const locked = await this.#lock(kind, missing);
      missing = missing.filter((key) => !locked.has(key));
    }
  }

  /** Makes the rows where they are absent and locks them; returns the keys whose rows are locked. */
  async #lock(kind: string, keys: readonly string[]): Promise<ReadonlySet<string>> {
    // A row has to exist to be locked: the first advance of a state must be serial too.
    await this.#tx
      .insertInto('states')
      .values(keys.map((key) => ({ kind, key, value: 'null', updated_at: this.#at })))
      .onConflict((conflict) => conflict.columns(['kind', 'key']).doNothing())
      .execute();
    const rows = await this.#tx
      .selectFrom('states')
      .select(['key', 'value'])
      .where('kind', '=', kind)
      .where('key', 'in', keys)
      .orderBy('key')
      .$if(this.#tx.capabilities.rowLocks, (query) => query.forUpdate())
      .execute();
    for (const row of rows) {
      const state = this.#states.get(nameOf({ kind, key: row.key }));
      if (state === undefined) continue;
      state.value = JSON.parse(row.value) as unknown;
      // The placeholder just inserted must go again when nothing is stored in it.
      state.changed = state.value === null;
    }
    return new Set(rows.map((row) => row.key));
  }

  /** Takes the steps of one entry, all or none. */
  advance(steps: readonly Step[]): Advanced {
    if (steps.length === 0) return NOTHING;
    const next = new Map<string, unknown>();
    const facts: Fact[] = [];
    const results: unknown[] = [];
    for (const step of steps) {
      const name = nameOf(step);
      const current = next.has(name) ? next.get(name) : this.#states.get(name)?.value;
      const advance = step.advance(current ?? null, results);
      if (!advance.ok) return advance;
      next.set(name, advance.state);
      facts.push(...(advance.facts ?? []));
      results.push(advance.result);
    }
    for (const [name, value] of next) {
      const state = this.#states.get(name);
      if (state === undefined || state.value === value) continue;
      state.value = value;
      state.changed = true;
    }
    return { ok: true, facts, results };
  }

  async save(): Promise<void> {
    const changed = [...this.#states.values()].filter((state) => state.changed);
    const kept = changed.filter((state) => state.value !== null && state.value !== undefined);
    const gone = changed.filter((state) => state.value === null || state.value === undefined);
    for (const chunk of chunks(kept)) {
      await this.#tx
        .insertInto('states')
        .values(
          chunk.map(({ kind, key, value }) => ({ kind, key, value: JSON.stringify(value), updated_at: this.#at })),
        )
        .onConflict((conflict) =>
          conflict.columns(['kind', 'key']).doUpdateSet((row) => ({
            value: row.ref('excluded.value'),
            updated_at: row.ref('excluded.updated_at'),
          })),
        )
        .execute();
    }
    for (const [kind, keys] of groupKeys(gone)) {
      for (const chunk of chunks(keys)) {
        await this.#tx.deleteFrom('states').where('kind', '=', kind).where('key', 'in', chunk).execute();
      }
    }
  }
}

function groupKeys(states: readonly State[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { kind, key } of states) groups.set(kind, [...(groups.get(kind) ?? []), key]);
  return groups;
}

/** NUL cannot occur in a kind, so two names never meet. */
function nameOf(step: { readonly kind: string; readonly key: string }): string {
  return `${step.kind}\u0000${step.key}`;
}
