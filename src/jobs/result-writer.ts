import type { Claim, JobTable, PackedRows } from './job-table.ts';
import { packRows } from './row-text.ts';

/** A piece is stored when it has so many rows, or about so many bytes: small enough to be read for one page of few rows. */
const PIECE_ROWS = 1_000;
const PIECE_LENGTH = 512 * 1024;
/** So many pieces are stored in one transaction, for each of them waits for the disk. */
const PIECES_AT_ONCE = 16;

/** Gathers the rows of a run into pieces. One piece is in memory as text, and few as they are stored. */
export class ResultWriter {
  readonly #table: JobTable;
  readonly #claim: Claim;
  #packed: PackedRows[] = [];
  #rows: string[] = [];
  #length = 0;
  #stored = 0;

  constructor(table: JobTable, claim: Claim) {
    this.#table = table;
    this.#claim = claim;
  }

  async write(rows: readonly string[]): Promise<void> {
    for (const row of rows) {
      this.#rows.push(row);
      this.#length += row.length;
      if (this.#rows.length < PIECE_ROWS && this.#length < PIECE_LENGTH) continue;
      await this.#pack();
      if (this.#packed.length >= PIECES_AT_ONCE) await this.#table.append(this.#claim, this.#packed.splice(0));
    }
  }

  /** What has not been stored yet, for the transaction that ends the job. */
  async takeRest(): Promise<readonly PackedRows[]> {
    await this.#pack();
    return this.#packed.splice(0);
  }

  async #pack(): Promise<void> {
    const rows = this.#rows;
    if (rows.length === 0) return;
    this.#rows = [];
    this.#length = 0;
    const firstRow = this.#stored;
    this.#stored += rows.length;
    this.#packed.push({ firstRow, rows: rows.length, content: await packRows(rows) });
  }
}
