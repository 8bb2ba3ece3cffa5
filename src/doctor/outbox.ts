import type { EpochMs } from '../domain/time/instant.ts';
import { QUARANTINE } from '../ingest/load-batches.ts';
import type { Records, RecordsDatabase } from '../store/records/records.ts';
import { durationText, failure, fine, sizeText, warning, type Finding } from './finding.ts';

/** A loader that works has moved rows on long before. */
const LATE_MS = 60_000;

/** What was acknowledged and is not in the facts store: how much, for how long, and what hinders it. */
export async function checkOutbox(records: Records, limitBytes: number, now: EpochMs): Promise<Finding[]> {
  return [
    await checkWaiting(records.db, limitBytes, now),
    await checkQuarantine(records.db),
    await checkUnfinished(records.db, now),
  ];
}

async function checkWaiting(db: RecordsDatabase, limitBytes: number, now: EpochMs): Promise<Finding> {
  const { rows, bytes, oldest } = await db
    .selectFrom('outbox')
    .select((select) => [
      select.fn.sum<number | null>('rows').as('rows'),
      select.fn.sum<number | null>('bytes').as('bytes'),
      select.fn.min<number | null>('committed_at').as('oldest'),
    ])
    .where((where) => where.or([where('batch', 'is', null), where('batch', '<>', QUARANTINE)]))
    .executeTakeFirstOrThrow();
  if (oldest === null) return fine('outbox', 'empty: every acknowledged row is in the facts store');
  const age = now - oldest;
  const says = `${rows ?? 0} rows, ${sizeText(bytes ?? 0)}, the oldest for ${durationText(age)}`;
  if ((bytes ?? 0) >= limitBytes) {
    return failure('outbox', `${says}: full, writes are put off`, 'repair the facts store; nothing is lost meanwhile');
  }
  if (age < LATE_MS) return fine('outbox', says);
  const advice = 'if a server runs, see its log for why it cannot load; if none does, they are loaded when it starts';
  return warning('outbox', says, advice);
}

async function checkQuarantine(db: RecordsDatabase): Promise<Finding> {
  const found = await db
    .selectFrom('outbox')
    .select((select) => ['stream', select.fn.sum<number>('rows').as('rows')])
    .where('batch', '=', QUARANTINE)
    .groupBy('stream')
    .orderBy('stream')
    .execute();
  if (found.length === 0) return fine('quarantine', 'no row was refused by the facts store');
  const streams = found.map(({ stream, rows }) => `${stream} ${rows}`).join(', ');
  return warning(
    'quarantine',
    `the facts store refuses rows for good: ${streams}`,
    `they are in the table outbox with batch = '${QUARANTINE}'; report the log line of their refusal`,
  );
}

async function checkUnfinished(db: RecordsDatabase, now: EpochMs): Promise<Finding> {
  const { batches } = await db
    .selectFrom('outbox_batches')
    .select((select) => select.fn.countAll<number>().as('batches'))
    .where('lease_until', '<', now)
    .executeTakeFirstOrThrow();
  if (batches === 0) return fine('inserts', 'none was left unfinished');
  const says = `${batches} were begun by a server that is gone`;
  return warning('inserts', says, 'start a server: it repeats them under their tokens, so that nothing counts twice');
}
