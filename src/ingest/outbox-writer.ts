import type { StreamName } from '../domain/streams/index.ts';
import type { EpochMs } from '../domain/time/instant.ts';
import type { RecordsTransaction } from '../store/records/records.ts';
import type { Fact } from './fact.ts';
import type { TimeSlices } from './time-slices.ts';

/** A record of the outbox is cut here: the loader's unit must stay far below one insert. */
const MAX_RECORD_ROWS = 10_000;
const MAX_RECORD_CHARACTERS = 4 * 1024 * 1024;

interface Record {
  readonly stream: StreamName;
  lines: string[];
  characters: number;
}

/** Collects the facts of a group and appends them to the outbox, a record for each stream (more when large). */
export class OutboxWriter {
  readonly #tx: RecordsTransaction;
  readonly #at: EpochMs;
  readonly #open = new Map<StreamName, Record>();
  readonly #full: Record[] = [];
  rows = 0;
  bytes = 0;

  constructor(tx: RecordsTransaction, at: EpochMs) {
    this.#tx = tx;
    this.#at = at;
  }

  append(fact: Fact): void {
    let record = this.#open.get(fact.stream);
    if (record === undefined) {
      record = { stream: fact.stream, lines: [], characters: 0 };
      this.#open.set(fact.stream, record);
    }
    record.lines.push(fact.line);
    record.characters += fact.line.length + 1;
    if (record.lines.length >= MAX_RECORD_ROWS || record.characters >= MAX_RECORD_CHARACTERS) {
      this.#full.push(record);
      this.#open.delete(fact.stream);
    }
  }

  async write(slices: TimeSlices): Promise<void> {
    for (const record of [...this.#full, ...this.#open.values()]) {
      await slices.next();
      const payload = `${record.lines.join('\n')}\n`;
      const bytes = Buffer.byteLength(payload);
      await this.#tx
        .insertInto('outbox')
        .values({
          stream: record.stream,
          rows: record.lines.length,
          bytes,
          payload,
          batch: null,
          committed_at: this.#at,
        })
        .execute();
      this.rows += record.lines.length;
      this.bytes += bytes;
    }
  }
}
