import { randomUUID } from 'node:crypto';
import { isStreamName, type StreamName } from '../domain/streams/index.ts';
import { epochMs, type EpochMs } from '../domain/time/instant.ts';
import type { Records, RecordsTransaction } from '../store/records/records.ts';
import { chunks } from './chunks.ts';
import { PauseWatch } from './loading-pause.ts';

/**
 * A node that has not finished a batch after this long is taken for dead, and another replays the batch. Should the
 * first still be alive, both insert under one token and the engine keeps one.
 */
const LEASE_MS = 15_000;
/** No lease ends later than this from now, unless a clock was set back since: then it ends never, or nearly so. */
const LONGEST_LEASE_MS = 10 * 60_000;
const MAX_BATCH_ROWS = 100_000;
const MAX_BATCH_BYTES = 64 * 1024 * 1024;
/** Records looked at when a batch is made; a batch of many single-row groups stays one statement. */
const MAX_BATCH_RECORDS = 5_000;

/** Value of `outbox.batch` for rows the engine refuses. */
export const QUARANTINE = 'quarantine';

export interface LoadBatch {
  readonly token: string;
  readonly stream: StreamName;
  readonly records: number;
  readonly rows: number;
  readonly payload: readonly string[];
  /** More rows of the stream were waiting than one batch takes. */
  readonly full: boolean;
}

interface Waiting {
  readonly seq: number;
  readonly rows: number;
  readonly bytes: number;
}

/** The loader's side of the outbox: which records travel together under which token. */
export class LoadBatches {
  readonly #records: Records;
  readonly #owner = randomUUID();
  readonly #pause = new PauseWatch();
  #started: boolean;

  /** `alone`: no other process loads from this store unless the store is one that many share. */
  constructor(records: Records, { alone = true }: { readonly alone?: boolean } = {}) {
    this.#records = records;
    this.#started = !alone;
  }

  /** Fixes the next batch of a stream, oldest records first, in one transaction; null when nothing waits or none may. */
  async claim(stream: StreamName, at: EpochMs): Promise<LoadBatch | null> {
    if ((await this.#waiting(this.#records.db, stream, 1, false)).length === 0) return null;
    const token = randomUUID();
    const full = await this.#records.transaction(async (tx) => {
      if (await this.#pause.inForce(tx)) return null;
      const waiting = await this.#waiting(tx, stream, MAX_BATCH_RECORDS, this.#records.capabilities.rowLocks);
      const taken = takeBatch(waiting);
      if (taken.length === 0) return null;
      const rows = taken.reduce((sum, record) => sum + record.rows, 0);
      await this.#fix(tx, { token, stream, rows, at, seqs: taken.map((record) => record.seq) });
      return taken.length < waiting.length || waiting.length === MAX_BATCH_RECORDS;
    });
    return full === null ? null : this.#read(token, stream, full);
  }

  /** Batches fixed earlier and not finished: this node's own after an error, and those of nodes that are gone. */
  async resume(at: EpochMs): Promise<LoadBatch[]> {
    // Nobody else writes to a store that is not shared: what a predecessor left is ours at once.
    const all = !this.#started && !this.#records.capabilities.shared;
    const found = await this.#records.db
      .selectFrom('outbox_batches')
      .select(['token', 'stream'])
      .$if(!all, (query) =>
        query.where((where) =>
          where.or([
            where('owner', '=', this.#owner),
            where('lease_until', '<', at),
            where('lease_until', '>', epochMs(at + LONGEST_LEASE_MS)),
          ]),
        ),
      )
      .orderBy('created_at')
      .limit(100)
      .execute();
    const batches: LoadBatch[] = [];
    for (const { token, stream } of found) {
      if (!isStreamName(stream)) throw new Error(`the outbox holds a batch of an unknown stream: ${stream}`);
      await this.#records.db
        .updateTable('outbox_batches')
        .set({ owner: this.#owner, lease_until: epochMs(at + LEASE_MS) })
        .where('token', '=', token)
        .execute();
      batches.push(await this.#read(token, stream, false));
    }
    this.#started = true;
    return batches;
  }

  /** The batch is in the facts store. */
  async finish(batch: LoadBatch): Promise<void> {
    await this.#records.transaction(async (tx) => {
      await tx.deleteFrom('outbox').where('batch', '=', batch.token).execute();
      await tx.deleteFrom('outbox_batches').where('token', '=', batch.token).execute();
    });
  }

  /** Replaces a refused batch by smaller ones: a batch for each of its records, or its only record's halves. */
  async split(batch: LoadBatch, at: EpochMs): Promise<void> {
    await this.#records.transaction(async (tx) => {
      const records = await tx
        .selectFrom('outbox')
        .select(['seq', 'rows', 'payload', 'committed_at'])
        .where('batch', '=', batch.token)
        .orderBy('seq')
        .execute();
      await tx.deleteFrom('outbox_batches').where('token', '=', batch.token).execute();
      const { stream } = batch;
      const [only] = records;
      if (records.length > 1 || only === undefined) {
        for (const { seq, rows } of records) {
          await this.#fix(tx, { token: randomUUID(), stream, rows, at, seqs: [seq] });
        }
        return;
      }
      await tx.deleteFrom('outbox').where('seq', '=', only.seq).execute();
      const lines = only.payload.split('\n').filter((line) => line !== '');
      const middle = Math.ceil(lines.length / 2);
      for (const half of [lines.slice(0, middle), lines.slice(middle)]) {
        const payload = `${half.join('\n')}\n`;
        const { seq } = await tx
          .insertInto('outbox')
          .values({
            stream,
            rows: half.length,
            bytes: Buffer.byteLength(payload),
            payload,
            batch: null,
            committed_at: only.committed_at,
          })
          .returning('seq')
          .executeTakeFirstOrThrow();
        await this.#fix(tx, { token: randomUUID(), stream, rows: half.length, at, seqs: [seq] });
      }
    });
  }

  /** Sets a refused row aside: it stays in the outbox, out of the loader's and the readers' way. */
  async quarantine(batch: LoadBatch): Promise<void> {
    await this.#records.transaction(async (tx) => {
      await tx.updateTable('outbox').set({ batch: QUARANTINE }).where('batch', '=', batch.token).execute();
      await tx.deleteFrom('outbox_batches').where('token', '=', batch.token).execute();
    });
  }

  /** When the oldest row on its way was committed; null when none is. Rows set aside do not count. */
  async oldestWaiting(): Promise<EpochMs | null> {
    const row = await this.#records.db
      .selectFrom('outbox')
      .select('committed_at')
      .where((where) => where.or([where('batch', 'is', null), where('batch', '<>', QUARANTINE)]))
      .orderBy('seq')
      .limit(1)
      .executeTakeFirst();
    return row?.committed_at ?? null;
  }

  async outboxBytes(): Promise<number> {
    const { bytes } = await this.#records.db
      .selectFrom('outbox')
      .select((select) => select.fn.sum<number | string | null>('bytes').as('bytes'))
      .executeTakeFirstOrThrow();
    return Number(bytes ?? 0);
  }

  async #waiting(
    db: RecordsTransaction,
    stream: StreamName,
    limit: number,
    lock: boolean,
  ): Promise<readonly Waiting[]> {
    return db
      .selectFrom('outbox')
      .select(['seq', 'rows', 'bytes'])
      .where('stream', '=', stream)
      .where('batch', 'is', null)
      .orderBy('seq')
      .limit(limit)
      .$if(lock, (query) => query.forUpdate().skipLocked())
      .execute();
  }

  async #fix(
    tx: RecordsTransaction,
    batch: { token: string; stream: StreamName; rows: number; at: EpochMs; seqs: readonly number[] },
  ): Promise<void> {
    await tx
      .insertInto('outbox_batches')
      .values({
        token: batch.token,
        stream: batch.stream,
        rows: batch.rows,
        owner: this.#owner,
        lease_until: epochMs(batch.at + LEASE_MS),
        created_at: batch.at,
      })
      .execute();
    for (const chunk of chunks(batch.seqs)) {
      await tx.updateTable('outbox').set({ batch: batch.token }).where('seq', 'in', chunk).execute();
    }
  }

  async #read(token: string, stream: StreamName, full: boolean): Promise<LoadBatch> {
    const records = await this.#records.db
      .selectFrom('outbox')
      .select(['rows', 'payload'])
      .where('batch', '=', token)
      .orderBy('seq')
      .execute();
    return {
      token,
      stream,
      records: records.length,
      rows: records.reduce((sum, record) => sum + record.rows, 0),
      payload: records.map((record) => record.payload),
      full,
    };
  }
}

function takeBatch(waiting: readonly Waiting[]): readonly Waiting[] {
  let rows = 0;
  let bytes = 0;
  const end = waiting.findIndex((record, index) => {
    rows += record.rows;
    bytes += record.bytes;
    return index > 0 && (rows > MAX_BATCH_ROWS || bytes > MAX_BATCH_BYTES);
  });
  return end < 0 ? waiting : waiting.slice(0, end);
}
