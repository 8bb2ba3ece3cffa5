import type { StreamName } from '../domain/streams/index.ts';
import type { EpochMs } from '../domain/time/instant.ts';
import type { RecordsTransaction } from '../store/records/records.ts';
import { RowsStatement } from '../store/records/rows-statement.ts';
import type { OutboxTable } from '../store/records/schema/outbox.ts';
import type { Fact } from './fact.ts';
import type { TimeSlices } from './time-slices.ts';

/** A record of the outbox is cut here: the loader's unit must stay far below one insert. */
const MAX_RECORD_ROWS = 10_000;
const MAX_RECORD_CHARACTERS = 4 * 1024 * 1024;

const appending = new RowsStatement<Omit<OutboxTable, 'seq' | 'batch'>>(
  (tx, rows) => tx.insertInto('outbox').values(rows.map((row) => ({ ...row, batch: null }))),
  (row) => [row.stream, row.rows, row.bytes, row.payload, row.committed_at, null],
);

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
      const { stream, lines } = record;
      await appending.execute(this.#tx, [{ stream, rows: lines.length, bytes, payload, committed_at: this.#at }]);
      this.rows += record.lines.length;
      this.bytes += bytes;
    }
  }
}
