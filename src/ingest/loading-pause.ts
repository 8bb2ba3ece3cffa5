import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Records, RecordsTransaction } from '../store/records/records.ts';

/** Row of `settings` with which a backup keeps every node from inserting into the facts store; '' when none does. */
export const PAUSE_KEY = 'loading_pause';

/** Whoever pauses changes the row's value this often; nodes go by their own watches, so their clocks may differ. */
const BEAT_MS = 5_000;
/** A value that a node has seen unchanged for so long is that of a process that is gone. */
const STALE_MS = 30_000;
/** From here on a node may have taken us for gone. */
const LOST_MS = 20_000;
const OTHERS_LIMIT_MS = 60_000;
const POLL_MS = 100;

/** A node's side: asked in the transaction that begins an insert. */
export class PauseWatch {
  #beat = '';
  #seenAt = 0;

  /**
   * Whether loading is paused. On a store with row locks the answer holds until `tx` ends, because the row is locked
   * against the one who pauses; a store without them has one transaction at a time.
   */
  async inForce(tx: RecordsTransaction): Promise<boolean> {
    let beat = await readBeat(tx);
    if (beat === undefined) {
      await tx
        .insertInto('settings')
        .values({ key: PAUSE_KEY, value: '' })
        .onConflict((conflict) => conflict.column('key').doNothing())
        .execute();
      beat = (await readBeat(tx)) ?? '';
    }
    if (beat !== this.#beat) {
      this.#beat = beat;
      this.#seenAt = performance.now();
    }
    return beat !== '' && performance.now() - this.#seenAt < STALE_MS;
  }
}

async function readBeat(tx: RecordsTransaction): Promise<string | undefined> {
  const row = await tx
    .selectFrom('settings')
    .select('value')
    .where('key', '=', PAUSE_KEY)
    .$if(tx.capabilities.rowLocks, (query) => query.forShare())
    .executeTakeFirst();
  return row?.value;
}

/** Inserts into the facts store that may be under way, in whatever node. */
export interface UnfinishedInserts {
  readonly batches: number;
  readonly rows: number;
}

/** Keeps all nodes from beginning inserts. Writes go on being accepted; they wait in the outbox. */
export class LoadingPause {
  readonly #records: Records;
  #beat: string;
  #beatAt = performance.now();
  #lost = false;
  #beating: Promise<void> = Promise.resolve();
  #ended: Promise<boolean> | undefined;
  readonly #timer: NodeJS.Timeout;

  private constructor(records: Records, beat: string) {
    this.#records = records;
    this.#beat = beat;
    this.#timer = setInterval(() => {
      this.#beating = this.#beating.then(() => this.#renew());
    }, BEAT_MS);
  }

  /** Null when somebody else keeps loading paused for longer than a minute. */
  static async begin(records: Records): Promise<LoadingPause | null> {
    const deadline = performance.now() + OTHERS_LIMIT_MS;
    const beat = randomUUID();
    let seen = '';
    let seenAt = 0;
    for (;;) {
      const held = (await records.transaction((tx) => readBeat(tx))) ?? '';
      if (held !== seen) {
        seen = held;
        seenAt = performance.now();
      }
      const free = held === '' || performance.now() - seenAt > 2 * BEAT_MS;
      if (free && (await replaceBeat(records, held, beat))) return new LoadingPause(records, beat);
      if (performance.now() > deadline) return null;
      await sleep(POLL_MS);
    }
  }

  /** Inserts that were begun before the pause and are not finished. From none on, the facts stand still. */
  async unfinished(): Promise<UnfinishedInserts> {
    const { batches, rows } = await this.#records.db
      .selectFrom('outbox_batches')
      .select((select) => [select.fn.countAll<number>().as('batches'), select.fn.sum<number | null>('rows').as('rows')])
      .executeTakeFirstOrThrow();
    return { batches, rows: rows ?? 0 };
  }

  /**
   * Lets loading go on. False when it may have gone on before: what was read meanwhile is not of one moment. Safe to call
   * twice.
   */
  end(): Promise<boolean> {
    return (this.#ended ??= this.#end());
  }

  async #end(): Promise<boolean> {
    clearInterval(this.#timer);
    await this.#beating;
    this.#note(await replaceBeat(this.#records, this.#beat, ''));
    return !this.#lost;
  }

  async #renew(): Promise<void> {
    const next = randomUUID();
    try {
      this.#note(await replaceBeat(this.#records, this.#beat, next));
      this.#beat = next;
    } catch {
      // The next beat, or the end, will tell.
    }
  }

  #note(held: boolean): void {
    if (!held || performance.now() - this.#beatAt > LOST_MS) this.#lost = true;
    this.#beatAt = performance.now();
  }
}

/** Waits for transactions that have seen the row as it was. */
async function replaceBeat(records: Records, from: string, to: string): Promise<boolean> {
  return records.transaction(async (tx) => {
    await tx
      .insertInto('settings')
      .values({ key: PAUSE_KEY, value: '' })
      .onConflict((conflict) => conflict.column('key').doNothing())
      .execute();
    const { numUpdatedRows } = await tx
      .updateTable('settings')
      .set({ value: to })
      .where('key', '=', PAUSE_KEY)
      .where('value', '=', from)
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  });
}

/** Whether somebody has asked for a pause, alive or not. */
export async function isPauseWanted(records: Records): Promise<boolean> {
  const row = await records.db.selectFrom('settings').select('value').where('key', '=', PAUSE_KEY).executeTakeFirst();
  return row !== undefined && row.value !== '';
}
