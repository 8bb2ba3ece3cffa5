import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { recordsErrorKind } from './records-error.ts';
import type { RecordsLog } from './records.ts';
import type { RecordsSchema } from './schema/index.ts';

const ATTEMPTS = 6;
const FIRST_PAUSE_MS = 5;

/** One transaction, tried again after a `conflict`; pauses grow and differ, so that two nodes fall out of step. */
export async function transactionOf<T>(
  db: Kysely<RecordsSchema>,
  fn: (tx: Kysely<RecordsSchema>) => Promise<T>,
  log: RecordsLog | undefined,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute(fn);
    } catch (error) {
      if (recordsErrorKind(error) !== 'conflict' || attempt === ATTEMPTS) throw error;
      log?.warn({ err: error, attempt }, 'a transaction on the records store is tried again');
    }
    await sleep(FIRST_PAUSE_MS * 2 ** attempt * (0.5 + Math.random()));
  }
}
