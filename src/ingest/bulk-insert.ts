import { fail, ok, type Result } from '../domain/result.ts';
import type { StreamName } from '../domain/streams/index.ts';
import type { Clock } from '../domain/time/clock.ts';
import { epochMs } from '../domain/time/instant.ts';
import { FactsError } from '../store/facts/facts-error.ts';
import type { FactsStore } from '../store/facts/facts-store.ts';
import type { Records, RecordsTransaction } from '../store/records/records.ts';
import type { Batch, Guard, Outcome, Receipt } from './batch.ts';
import { chunks } from './chunks.ts';
import { claimKey } from './claim-key.ts';
import { LedgerTally } from './ledger.ts';
import { writeLedger } from './ledger-table.ts';
import { PauseWatch } from './loading-pause.ts';
import { countEntry, countRefusals, repeatOf } from './tally.ts';

/** From this many rows on, the way through the outbox costs more than it gives. */
const MIN_ROWS = 10_000;
const ROWS_PER_INSERT = 100_000;
const RETRY_AFTER_MS = 5_000;
/** One insert may take up to two minutes. Longer without a sign, and the node that carries the request is gone. */
const LEASE_MS = 150_000;
const OWNER = 'bulk';

/** A batch that may go straight to the facts store: large, guarded, one stream, nothing that decides. */
export interface BulkBatch extends Batch {
  readonly guard: Guard;
}

interface Claim {
  readonly fingerprint: string | null;
  readonly answer: string | null;
}

export function bulkStreamOf(batch: Batch): StreamName | null {
  if (batch.guard === undefined || batch.entries.length < MIN_ROWS) return null;
  const stream = batch.entries[0]?.facts[0]?.stream;
  const plain = batch.entries.every(
    (entry) =>
      entry.claim === undefined &&
      entry.steps === undefined &&
      entry.facts.length === 1 &&
      entry.facts[0]?.stream === stream,
  );
  return plain && stream !== undefined ? stream : null;
}

/**
 * Very large batches go straight to the facts store under tokens made from the caller's idempotency key (design 4.6).
 * The key is written before the insert and marked answered after it: whoever repeats the request after a crash in
 * between inserts the same blocks under the same tokens, which the engine drops if it has them.
 */
export class BulkInsert {
  readonly #records: Records;
  readonly #facts: FactsStore;
  readonly #clock: Clock;
  readonly #pause = new PauseWatch();

  constructor(parts: { records: Records; facts: FactsStore; clock: Clock }) {
    this.#records = parts.records;
    this.#facts = parts.facts;
    this.#clock = parts.clock;
  }

  /** Whether an earlier try of this request may have reached the facts store: it has to be finished on this way. */
  async begun(guard: Guard): Promise<boolean> {
    const row = await this.#claim(guard);
    return row !== undefined && row.answer === null;
  }

  /** Null when loading is paused and nothing of the request was begun: it has to go through the outbox. */
  async accept(batch: BulkBatch, stream: StreamName): Promise<Result<Receipt> | null> {
    const { guard } = batch;
    const key = claimKey(guard.key);
    const token = `${OWNER}-${key}`;
    const begun = await this.#begin(batch, stream, token);
    if (begun === 'paused') return null;
    if (begun === 'later') return fail({ kind: 'overloaded', retryAfterMs: RETRY_AFTER_MS });
    if (begun !== 'mine') return this.#repeat(batch, begun);

    try {
      let part = 0;
      for (const chunk of chunks(batch.entries, ROWS_PER_INSERT)) {
        if (part > 0) await this.#renew(token);
        const lines = chunk.flatMap((entry) => entry.facts.map((fact) => fact.line));
        await this.#facts.insert(stream, `${lines.join('\n')}\n`, { token: `${token}-${part}`, rows: lines.length });
        part += 1;
      }
    } catch (error) {
      // Not acknowledged, perhaps stored: a repeat under the same key finishes it without counting twice.
      if (error instanceof FactsError && error.kind !== 'rejected') {
        return fail({ kind: 'overloaded', retryAfterMs: RETRY_AFTER_MS });
      }
      throw error;
    }
    return this.#finish(batch, key);
  }

  async #finish(batch: BulkBatch, key: string): Promise<Result<Receipt>> {
    const at = this.#clock.now();
    const outcomes: Outcome[] = batch.entries.map(() => ({ kind: 'accepted', results: [] }));
    const answer = batch.guard.answer(outcomes);
    const ledger = new LedgerTally(at);
    countRefusals(batch, ledger);
    for (const entry of batch.entries) countEntry(batch, entry, { kind: 'accepted', results: [] }, entry.facts, ledger);
    const first = await this.#records.transaction(async (tx) => {
      const { numUpdatedRows } = await tx
        .updateTable('claims')
        .set({ answer })
        .where('key', '=', key)
        .where('answer', 'is', null)
        .executeTakeFirstOrThrow();
      await tx.deleteFrom('outbox_batches').where('token', '=', `${OWNER}-${key}`).execute();
      if (numUpdatedRows === 0n) return false;
      await writeLedger(tx, ledger.rows());
      return true;
    });
    if (first) return ok({ outcomes, repeated: null, committedAt: at });
    const claim = await this.#claim(batch.guard);
    return this.#repeat(batch, claim ?? { fingerprint: null, answer: null });
  }

  /**
   * Takes the key and says in `outbox_batches` that an insert is under way. After a failure the mark stays, for the engine
   * may still be at it. A loader that finds it past its lease removes it: no rows of the outbox belong to it.
   */
  async #begin(batch: BulkBatch, stream: StreamName, token: string): Promise<'mine' | 'paused' | 'later' | Claim> {
    const { guard, entries } = batch;
    const at = this.#clock.now();
    return this.#records.transaction(async (tx) => {
      const paused = await this.#pause.inForce(tx);
      const earlier = await this.#claim(guard, tx);
      if (earlier !== undefined && (earlier.fingerprint !== guard.fingerprint || earlier.answer !== null)) {
        return earlier;
      }
      if (paused) return earlier === undefined ? 'paused' : 'later';
      await tx
        .insertInto('claims')
        .values({ key: claimKey(guard.key), fingerprint: guard.fingerprint, answer: null, at })
        .onConflict((conflict) => conflict.column('key').doNothing())
        .execute();
      const lease_until = epochMs(at + LEASE_MS);
      await tx
        .insertInto('outbox_batches')
        .values({ token, stream, rows: entries.length, owner: OWNER, lease_until, created_at: at })
        .onConflict((conflict) => conflict.column('token').doUpdateSet({ lease_until }))
        .execute();
      const claim = await this.#claim(guard, tx);
      if (claim === undefined) throw new Error('a claim that was just written is gone');
      return claim.fingerprint === guard.fingerprint && claim.answer === null ? 'mine' : claim;
    });
  }

  async #renew(token: string): Promise<void> {
    await this.#records.db
      .updateTable('outbox_batches')
      .set({ lease_until: epochMs(this.#clock.now() + LEASE_MS) })
      .where('token', '=', token)
      .execute();
  }

  async #repeat(batch: BulkBatch, claim: Claim): Promise<Result<Receipt>> {
    const at = this.#clock.now();
    const ledger = new LedgerTally(at);
    const result = repeatOf(batch, batch.guard, claim, at, ledger);
    await this.#records.transaction((tx) => writeLedger(tx, ledger.rows()));
    return result;
  }

  async #claim(guard: Guard, db: RecordsTransaction = this.#records.db): Promise<Claim | undefined> {
    return db
      .selectFrom('claims')
      .select(['fingerprint', 'answer'])
      .where('key', '=', claimKey(guard.key))
      .executeTakeFirst();
  }
}
