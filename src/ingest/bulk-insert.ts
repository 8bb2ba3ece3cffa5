import { fail, ok, type Result } from '../domain/result.ts';
import type { Clock } from '../domain/time/clock.ts';
import { epochMs } from '../domain/time/instant.ts';
import { FactsError } from '../store/facts/facts-error.ts';
import type { FactsStore } from '../store/facts/facts-store.ts';
import type { Records, RecordsTransaction } from '../store/records/records.ts';
import type { Guard, Outcome, Receipt } from './batch.ts';
import { claimKey } from './claim-key.ts';
import { LedgerTally } from './ledger.ts';
import { writeLedger } from './ledger-table.ts';
import { PauseWatch } from './loading-pause.ts';
import type { BulkBatch } from './packed-rows.ts';
import { countRefusals, countRows, firstAnswer } from './tally.ts';

const RETRY_AFTER_MS = 5_000;
/** One insert may take up to two minutes. Longer without a sign, and the node that carries the request is gone. */
const LEASE_MS = 150_000;
const OWNER = 'bulk';
/** What became of every row: nothing decides about them. */
const ACCEPTED: Outcome = { kind: 'accepted', results: [] };

interface Claim {
  readonly fingerprint: string | null;
  readonly answer: string | null;
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
  async accept(batch: BulkBatch): Promise<Result<Receipt> | null> {
    const { guard, rows } = batch;
    const key = claimKey(guard.key);
    const token = `${OWNER}-${key}`;
    const begun = await this.#begin(batch, token);
    if (begun === 'paused') return null;
    if (begun === 'later') return fail({ kind: 'overloaded', retryAfterMs: RETRY_AFTER_MS });
    if (begun !== 'mine') return this.#repeat(batch, begun);

    try {
      for (const [part, insert] of rows.inserts().entries()) {
        if (part > 0) await this.#renew(token);
        await this.#facts.insert(rows.stream, insert.pieces, { token: `${token}-${part}`, rows: insert.rows });
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
    const outcomes = Array.from({ length: batch.rows.rows }, () => ACCEPTED);
    const answer = batch.guard.answer(outcomes);
    const ledger = new LedgerTally(at);
    countRefusals(batch, ledger);
    countRows(batch, 'accepted', ledger);
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
  async #begin({ guard, rows }: BulkBatch, token: string): Promise<'mine' | 'paused' | 'later' | Claim> {
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
        .values({ token, stream: rows.stream, rows: rows.rows, owner: OWNER, lease_until, created_at: at })
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
    const repeated = firstAnswer(batch.guard, claim);
    if (!repeated.ok) return repeated;
    const ledger = new LedgerTally(at);
    countRefusals(batch, ledger);
    countRows(batch, 'duplicate', ledger);
    await this.#records.transaction((tx) => writeLedger(tx, ledger.rows()));
    return ok({ outcomes: [], repeated: repeated.value, committedAt: at });
  }

  async #claim(guard: Guard, db: RecordsTransaction = this.#records.db): Promise<Claim | undefined> {
    return db
      .selectFrom('claims')
      .select(['fingerprint', 'answer'])
      .where('key', '=', claimKey(guard.key))
      .executeTakeFirst();
  }
}
