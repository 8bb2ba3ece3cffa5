import type { OrganizationId } from '../domain/scope.ts';
import type { StreamName } from '../domain/streams/index.ts';
import type { Batch, Entry, Guard } from './batch.ts';

/** From this many rows on, the way through the outbox costs more than it gives. */
export const BULK_ROWS = 10_000;
const ROWS_PER_INSERT = 100_000;
const PIECE_BYTES = 1024 * 1024;
/** UTF-8 takes no more for a UTF-16 unit. */
const BYTES_PER_UNIT = 3;
const LINE_FEED = 0x0a;
const NOTHING = Buffer.alloc(0);

/** A batch of at least `BULK_ROWS` rows that nothing decides about, which may go straight to the facts store. */
export interface BulkBatch extends Omit<Batch, 'entries'> {
  readonly rows: PackedRows;
  readonly guard: Guard;
}

/** So many rows as one insert takes, as lines; no line is cut by the end of a piece. */
export interface RowsOfInsert {
  readonly rows: number;
  readonly pieces: readonly Buffer[];
}

/** Rows of one organization that follow each other. */
export interface Run {
  readonly organization: OrganizationId;
  readonly rows: number;
}

/** Whether nothing decides about an entry and it is one row of its stream: it may be packed. */
export function isPlain({ claim, steps, stream, facts }: Entry): boolean {
  return (
    claim === undefined && steps === undefined && stream !== null && facts.length === 1 && facts[0]?.stream === stream
  );
}

/**
 * Plain rows of one stream, as the bytes that are inserted. Of so many rows the objects, and the time that the collector
 * of garbage spends on them, would be the larger part of what a request costs.
 */
export class PackedRows {
  readonly stream: StreamName;
  readonly #inserts: { rows: number; readonly pieces: Buffer[] }[] = [];
  readonly #runs: { readonly organization: OrganizationId; rows: number }[] = [];
  #rows = 0;
  /** Of the last insert: what is being written, and up to where it is. */
  #piece: Buffer = NOTHING;
  #end = 0;

  constructor(stream: StreamName) {
    this.stream = stream;
  }

  get rows(): number {
    return this.#rows;
  }

  get runs(): readonly Run[] {
    return this.#runs;
  }

  /** @param entry a plain one of this stream */
  add({ organization, facts }: Entry): void {
    const fact = facts[0];
    if (fact === undefined) throw new TypeError('an entry without a row cannot be packed');
    const insert = this.#insert();
    this.#write(fact.line, insert.pieces);
    insert.rows += 1;
    this.#rows += 1;
    const run = this.#runs.at(-1);
    if (run?.organization === organization) run.rows += 1;
    else this.#runs.push({ organization, rows: 1 });
  }

  /** Cut alike whenever the same rows come, so that a repeated request inserts the same blocks. */
  inserts(): readonly RowsOfInsert[] {
    const last = this.#inserts.at(-1);
    if (last !== undefined) this.#endPiece(last.pieces);
    return this.#inserts;
  }

  /** The rows as they were before they were packed. */
  entries(): Entry[] {
    const { stream } = this;
    const lines = this.inserts().flatMap(({ pieces }) =>
      pieces.flatMap((piece) => piece.toString('utf8', 0, piece.length - 1).split('\n')),
    );
    let next = 0;
    return this.#runs.flatMap(({ organization, rows }) => {
      const own = lines.slice(next, next + rows);
      next += rows;
      return own.map((line): Entry => ({ organization, stream, facts: [{ stream, line }] }));
    });
  }

  /** The insert that the next row belongs to. */
  #insert(): { rows: number; readonly pieces: Buffer[] } {
    const last = this.#inserts.at(-1);
    if (last !== undefined && last.rows < ROWS_PER_INSERT) return last;
    if (last !== undefined) this.#endPiece(last.pieces);
    const next = { rows: 0, pieces: [] };
    this.#inserts.push(next);
    return next;
  }

  #write(line: string, pieces: Buffer[]): void {
    const most = line.length * BYTES_PER_UNIT + 1;
    if (this.#piece.length - this.#end < most) {
      this.#endPiece(pieces);
      this.#piece = Buffer.allocUnsafe(Math.max(PIECE_BYTES, most));
    }
    this.#end += this.#piece.write(line, this.#end);
    this.#piece[this.#end] = LINE_FEED;
    this.#end += 1;
  }

  #endPiece(pieces: Buffer[]): void {
    if (this.#end > 0) pieces.push(this.#piece.subarray(0, this.#end));
    this.#piece = NOTHING;
    this.#end = 0;
  }
}
