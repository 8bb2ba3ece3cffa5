import { streamNames, type StreamName } from '../domain/streams/index.ts';
import type { EpochMs } from '../domain/time/instant.ts';
import type { RecordsDatabase } from '../store/records/records.ts';
import { durationText, failure, fine, warning, type Finding } from './finding.ts';

/** Clocks of several nodes differ by less. */
const AHEAD_MS = 5 * 60_000;

export interface StreamBalance {
  /** Facts that were acknowledged, by the ledger. */
  readonly counted: number;
  /** Of these, still in the outbox. */
  readonly waiting: number;
  /** In inserts under way: they may be in the facts store already, though the records do not say so yet. */
  readonly moving: number;
}

/** What the records say about the facts, at one moment. */
export interface Books {
  readonly streams: ReadonlyMap<string, StreamBalance>;
  /** Large requests begun and not finished: rows of theirs may be in the facts store and were not acknowledged. */
  readonly unfinishedRequests: number;
}

export async function readBooks(at: RecordsDatabase): Promise<Books> {
  const counted = await at
    .selectFrom('ledger')
    .select((select) => ['stream', select.fn.sum<number>('count').as('rows')])
    .where('outcome', '=', 'rows')
    .groupBy('stream')
    .execute();
  const waiting = await at
    .selectFrom('outbox')
    .select((select) => ['stream', select.fn.sum<number>('rows').as('rows')])
    .groupBy('stream')
    .execute();
  const moving = await at
    .selectFrom('outbox_batches')
    .select((select) => ['stream', select.fn.sum<number>('rows').as('rows')])
    .groupBy('stream')
    .execute();
  const { requests } = await at
    .selectFrom('claims')
    .select((select) => select.fn.countAll<number>().as('requests'))
    .where('fingerprint', 'is not', null)
    .where('answer', 'is', null)
    .executeTakeFirstOrThrow();
  const of = (rows: readonly { stream: string; rows: number }[], stream: string): number =>
    rows.find((row) => row.stream === stream)?.rows ?? 0;
  return {
    streams: new Map(
      streamNames.map((stream) => [
        stream,
        { counted: of(counted, stream), waiting: of(waiting, stream), moving: of(moving, stream) },
      ]),
    ),
    unfinishedRequests: requests,
  };
}

/** Every row received was accepted, found to be a duplicate, or rejected: by source and stream. */
export async function checkOutcomes(at: RecordsDatabase): Promise<Finding> {
  const rows = await at
    .selectFrom('ledger')
    .select((select) => ['source', 'stream', 'outcome', select.fn.sum<number>('count').as('count')])
    .where('outcome', '<>', 'rows')
    .groupBy(['source', 'stream', 'outcome'])
    .orderBy('source')
    .orderBy('stream')
    .execute();
  const balances = new Map<string, { received: number; decided: number }>();
  for (const { source, stream, outcome, count } of rows) {
    const name = stream === '' ? source : `${source} to ${stream}`;
    const balance = balances.get(name) ?? { received: 0, decided: 0 };
    if (outcome === 'received') balance.received += count;
    else balance.decided += count;
    balances.set(name, balance);
  }
  const received = [...balances.values()].reduce((sum, balance) => sum + balance.received, 0);
  const wrong = [...balances].filter(([, balance]) => balance.received !== balance.decided);
  if (wrong.length === 0) return fine('ledger', `${received} rows received, each accepted, a duplicate or rejected`);
  const said = wrong.map(([name, { received: all, decided }]) => `${name}: ${all} received, ${decided} decided`);
  return failure('ledger', said.join('; '), 'report this as a bug, with the table ledger');
}

/**
 * Facts of a stream against the books. The facts are counted before and after the books are read, so that the check can
 * be made while rows move: it fails only for a difference that no movement explains.
 */
export function checkBalance(
  stream: StreamName,
  books: Books,
  facts: { readonly before: number; readonly after: number },
): Finding {
  const check = `balance of ${stream}`;
  const { counted, waiting, moving } = books.streams.get(stream) ?? { counted: 0, waiting: 0, moving: 0 };
  const least = counted - waiting;
  const most = least + moving;
  const says = `${counted} acknowledged = ${least} in the facts store + ${waiting} on their way`;
  if (facts.after < least) {
    const lost = `${least - facts.after} acknowledged rows are not in the facts store (${facts.after} of ${least})`;
    return failure(
      check,
      lost,
      'was the facts store changed by hand, or only one of the stores restored? See a backup',
    );
  }
  if (facts.before <= most) return fine(check, says);
  const extra = `${facts.before - most} rows in the facts store were never acknowledged`;
  if (books.unfinishedRequests > 0) {
    const advice = 'none: a client that repeats its request under the same key makes them count';
    return warning(check, `${extra}; ${books.unfinishedRequests} large requests were never finished`, advice);
  }
  return failure(check, extra, 'was the facts store filled by hand, or only one of the stores restored?');
}

/** Time goes forward: what is on record was not recorded in the future. */
export async function checkClock(at: RecordsDatabase, now: EpochMs): Promise<Finding> {
  const { newest } = await at
    .selectFrom('ledger')
    .select((select) => select.fn.max<number | null>('minute').as('newest'))
    .executeTakeFirstOrThrow();
  const ahead = (newest ?? 0) - now;
  if (ahead <= AHEAD_MS) return fine('clock', 'not behind what is on record');
  const says = `the newest row on record was received ${durationText(ahead)} from now`;
  return warning('clock', says, "set this machine's clock (run an NTP client), and that of every node");
}
