import type { Clock } from '../domain/time/clock.ts';
import { epochMs, type EpochMs } from '../domain/time/instant.ts';
import type { Records } from '../store/records/records.ts';
import { QUARANTINE } from './load-batches.ts';
import type { Loader } from './loader.ts';

/** A read is not held up longer than this by rows that cannot be loaded. */
const BOUND_MS = 2_000;
/** Between looks while another node loads our rows. */
const POLL_MS = 20;

/**
 * Lets a read see every row acknowledged before it began (design 4.5): a script that writes and then reads sees its
 * own write.
 */
export class ReadBarrier {
  readonly #records: Records;
  readonly #loader: Loader;
  readonly #clock: Clock;

  constructor(parts: { records: Records; loader: Loader; clock: Clock }) {
    this.#records = parts.records;
    this.#loader = parts.loader;
    this.#clock = parts.clock;
  }

  /**
   * Resolves with the watermark: every row acknowledged before that instant is in the facts store. It is the moment of
   * the call, or earlier when the bound of 2 s was reached first. Rows in quarantine do not count.
   *
   * @param slowMs the bound while the store takes rows and is only slow, for reads that cannot tell what they miss
   */
  async wait(slowMs = BOUND_MS): Promise<EpochMs> {
    const asked = this.#clock.now();
    const last = await this.#lastSeq();
    if (last === null) return asked;
    const startedAt = performance.now();
    for (;;) {
      const oldest = await this.#oldest(last);
      if (oldest === null) return asked;
      const bound = this.#loader.failures === 0 ? slowMs : BOUND_MS;
      const left = startedAt + bound - performance.now();
      // The row committed at `oldest` itself is missing.
      if (left <= 0) return epochMs(Math.min(asked, oldest));
      await raceTimeout(this.#loader.pass(), left);
      if ((await this.#oldest(last)) !== null) await raceTimeout(null, Math.min(POLL_MS, left));
    }
  }

  async #lastSeq(): Promise<number | null> {
    const { seq } = await this.#records.db
      .selectFrom('outbox')
      .select((select) => select.fn.max<number | null>('seq').as('seq'))
      .where((where) => where.or([where('batch', 'is', null), where('batch', '<>', QUARANTINE)]))
      .executeTakeFirstOrThrow();
    return seq;
  }

  /** When the oldest row that is still on its way was committed; null when none is. */
  async #oldest(last: number): Promise<number | null> {
    const row = await this.#records.db
      .selectFrom('outbox')
      .select('committed_at')
      .where('seq', '<=', last)
      .where((where) => where.or([where('batch', 'is', null), where('batch', '<>', QUARANTINE)]))
      .orderBy('seq')
      .limit(1)
      .executeTakeFirst();
    return row?.committed_at ?? null;
  }
}

async function raceTimeout(work: Promise<void> | null, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await (work === null ? timeout : Promise.race([work, timeout]));
  clearTimeout(timer);
}
