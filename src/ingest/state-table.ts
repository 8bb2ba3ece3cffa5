import type { EpochMs } from '../domain/time/instant.ts';
import { RecordsError } from '../store/records/records-error.ts';
import type { RecordsTransaction } from '../store/records/records.ts';
import { RowsStatement } from '../store/records/rows-statement.ts';
import type { StatesTable } from '../store/records/schema/states.ts';
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

type Found = Pick<StatesTable, 'key' | 'value'>;

/** Makes the rows where they are absent. */
const placing = new RowsStatement<StatesTable>(
  (tx, rows) =>
    tx
      .insertInto('states')
      .values([...rows])
      .onConflict((conflict) => conflict.columns(['kind', 'key']).doNothing()),
  valuesOf,
);

const saving = new RowsStatement<StatesTable>(
  (tx, rows) =>
    tx
      .insertInto('states')
      .values([...rows])
      .onConflict((conflict) =>
        conflict.columns(['kind', 'key']).doUpdateSet((row) => ({
          value: row.ref('excluded.value'),
          updated_at: row.ref('excluded.updated_at'),
        })),
      ),
  valuesOf,
);

const readings = new Map<string, RowsStatement<string, Found>>();

/** Reads the states of a kind by their keys, and locks them where others could change them meanwhile. */
function readingOf(kind: string): RowsStatement<string, Found> {
  const known = readings.get(kind);
  if (known !== undefined) return known;
  const reading = new RowsStatement<string, Found>(
    (tx, keys) =>
      tx
        .selectFrom('states')
        .select(['key', 'value'])
        .where('kind', '=', kind)
        .where('key', 'in', keys)
        .orderBy('key')
        .$if(tx.capabilities.rowLocks, (query) => query.forUpdate()),
    (key) => [key],
    [kind],
  );
  readings.set(kind, reading);
  return reading;
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
    for (const { kind, key } of steps) {
      const name = nameOf(kind, key);
      if (!this.#states.has(name)) this.#states.set(name, { kind, key, value: null, changed: false });
    }
    for (const [kind, keys] of keysByKind(this.#states.values())) await this.#read(kind, keys);
  }

  async #read(kind: string, keys: readonly string[]): Promise<void> {
    // Where transactions are serial nothing has to be locked, and so nothing has to exist.
    if (!this.#tx.capabilities.rowLocks) {
      for (const { key, value } of await this.#rowsOf(kind, keys)) {
        const state = this.#states.get(nameOf(kind, key));
        if (state !== undefined) state.value = JSON.parse(value) as unknown;
      }
      return;
    }
    let missing = keys;
    // Between the two statements another node may remove a row that the first one left alone.
    for (let attempt = 1; missing.length > 0; attempt += 1) {
      if (attempt > LOCK_ATTEMPTS) throw new RecordsError('conflict', `states of ${kind} come and go too fast to lock`);
      const locked = await this.#lock(kind, missing);
      missing = missing.filter((key) => !locked.has(key));
    }
  }

  async #rowsOf(kind: string, keys: readonly string[]): Promise<readonly Found[]> {
    const reading = readingOf(kind);
    const found: Found[] = [];
    for (const piece of reading.pieces(keys)) found.push(...(await reading.execute(this.#tx, piece)));
    return found;
  }

  /** Makes the rows where they are absent and locks them; returns the keys whose rows are locked. */
  async #lock(kind: string, keys: readonly string[]): Promise<ReadonlySet<string>> {
    // A row has to exist to be locked: the first advance of a state must be serial too.
    const placeholders = keys.map((key) => ({ kind, key, value: 'null', updated_at: this.#at }));
    for (const piece of placing.pieces(placeholders)) await placing.execute(this.#tx, piece);
    const rows = await this.#rowsOf(kind, keys);
    for (const row of rows) {
      const state = this.#states.get(nameOf(kind, row.key));
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
      const name = nameOf(step.kind, step.key);
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
    const rows = kept.map(({ kind, key, value }) => {
      return { kind, key, value: JSON.stringify(value), updated_at: this.#at };
    });
    for (const piece of saving.pieces(rows)) await saving.execute(this.#tx, piece);
    for (const [kind, keys] of keysByKind(gone)) {
      for (const chunk of chunks(keys)) {
        await this.#tx.deleteFrom('states').where('kind', '=', kind).where('key', 'in', chunk).execute();
      }
    }
  }
}

/** Kinds and keys are sorted, so that two nodes lock in the same order. */
function keysByKind(states: Iterable<State>): Map<string, string[]> {
  const kinds = new Map<string, string[]>();
  for (const { kind, key } of states) {
    const keys = kinds.get(kind);
    if (keys === undefined) kinds.set(kind, [key]);
    else keys.push(key);
  }
  const sorted = [...kinds].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [, keys] of sorted) keys.sort();
  return new Map(sorted);
}

function valuesOf({ kind, key, value, updated_at }: StatesTable): readonly unknown[] {
  return [kind, key, value, updated_at];
}

/** NUL cannot occur in a kind, so two names never meet. */
function nameOf(kind: string, key: string): string {
  return `${kind}\u0000${key}`;
}
