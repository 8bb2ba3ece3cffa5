import type { EpochMs } from '../domain/time/instant.ts';
import type { RecordsTransaction } from '../store/records/records.ts';
import { RowsStatement } from '../store/records/rows-statement.ts';
import type { Guard, Outcome } from './batch.ts';
import { claimKey } from './claim-key.ts';
import { chunks } from './chunks.ts';
import type { TimeSlices } from './time-slices.ts';

export type ClaimUse = 'new' | 'used';

interface NewClaim {
  readonly key: string;
  readonly fingerprint: string | null;
  readonly at: EpochMs;
}

/** Returns the keys that nobody had. */
const claiming = new RowsStatement<NewClaim, { key: string }>(
  (tx, rows) =>
    tx
      .insertInto('claims')
      .values(rows.map(({ key, fingerprint, at }) => ({ key, fingerprint, answer: null, at })))
      .onConflict((conflict) => conflict.column('key').doNothing())
      .returning('key'),
  ({ key, fingerprint, at }) => [key, fingerprint, null, at],
);

export interface EarlierAnswer {
  readonly fingerprint: string | null;
  /** Null while a large request is still on its way into the facts store. */
  readonly answer: string | null;
}

/** Idempotency keys within one transaction. Keys are inserted in sorted order, so that two nodes cannot deadlock. */
export class ClaimTable {
  readonly #tx: RecordsTransaction;
  readonly #at: EpochMs;
  readonly #slices: TimeSlices;
  readonly #taken = new Map<string, ClaimUse>();
  readonly #answers = new Map<string, string>();

  constructor(tx: RecordsTransaction, at: EpochMs, slices: TimeSlices) {
    this.#tx = tx;
    this.#at = at;
    this.#slices = slices;
  }

  /**
   * Takes the keys nobody has: they map to `new` and are absent otherwise. The caller marks those it uses as `used`;
   * `finish` gives the others back.
   */
  async take(keys: readonly string[]): Promise<Map<string, ClaimUse>> {
    const at = this.#at;
    const rows = (await this.#sorted(keys)).map((key): NewClaim => ({ key, fingerprint: null, at }));
    for (const piece of claiming.pieces(rows)) {
      await this.#slices.next();
      for (const { key } of await claiming.execute(this.#tx, piece)) this.#taken.set(key, 'new');
    }
    return this.#taken;
  }

  /** Each key once, in order. Keys are digests: their first characters part them evenly, and no part takes long. */
  async #sorted(keys: readonly string[]): Promise<readonly string[]> {
    const parts = new Map<string, Set<string>>();
    for (const key of keys) {
      const part = parts.get(key.charAt(0));
      if (part === undefined) parts.set(key.charAt(0), new Set([key]));
      else part.add(key);
    }
    const sorted: string[] = [];
    for (const first of [...parts.keys()].sort()) {
      await this.#slices.next();
      for (const key of [...(parts.get(first) ?? [])].sort()) sorted.push(key);
    }
    return sorted;
  }

  /** Takes the keys of whole requests. Those seen before map to what was answered then; new ones are absent. */
  async takeGuards(guards: readonly Guard[]): Promise<Map<string, EarlierAnswer>> {
    const earlier = new Map<string, EarlierAnswer>();
    if (guards.length === 0) return earlier;
    const byKey = new Map(guards.map((guard) => [claimKey(guard.key), guard]));
    const rows = [...byKey]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, guard]): NewClaim => ({ key, fingerprint: guard.fingerprint, at: this.#at }));
    for (const piece of claiming.pieces(rows)) {
      const fresh = new Set((await claiming.execute(this.#tx, piece)).map(({ key }) => key));
      const known = piece.map(({ key }) => key).filter((key) => !fresh.has(key));
      if (known.length === 0) continue;
      const found = await this.#tx
        .selectFrom('claims')
        .select(['key', 'fingerprint', 'answer'])
        .where('key', 'in', known)
        .execute();
      for (const row of found) {
        const guard = byKey.get(row.key);
        if (guard === undefined) continue;
        earlier.set(guard.key, { fingerprint: row.fingerprint, answer: row.answer });
      }
    }
    return earlier;
  }

  /** Keeps what a repeat of the request will be told. */
  answer(guard: Guard, outcomes: readonly Outcome[]): void {
    this.#answers.set(claimKey(guard.key), guard.answer(outcomes));
  }

  /** Writes the answers and gives back the keys that were taken but not used. */
  async finish(): Promise<void> {
    for (const [key, answer] of this.#answers) {
      await this.#tx.updateTable('claims').set({ answer }).where('key', '=', key).execute();
    }
    const unused = [...this.#taken].filter(([, use]) => use === 'new').map(([key]) => key);
    for (const chunk of chunks(unused)) {
      await this.#slices.next();
      await this.#tx.deleteFrom('claims').where('key', 'in', chunk).execute();
    }
  }
}
