import type { Claim, JobTable, PackedRows } from './job-table.ts';
import { packRows } from './row-text.ts';

/** A piece is stored when it has so many rows, or about so many bytes: small enough to be read for one page of few rows. */
const PIECE_ROWS = 1_000;
const PIECE_LENGTH = 512 * 1024;

/** Gathers the rows of a run into pieces. At most one piece is in memory. */
export class ResultWriter {
  readonly #table: JobTable;
  readonly #claim: Claim;
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
      const piece = await this.takeRest();
      if (piece !== null) await this.#table.append(this.#claim, piece);
    }
  }

  /** What has not been stored yet, for the transaction that ends the job; null when that is nothing. */
  async takeRest(): Promise<PackedRows | null> {
    const rows = this.#rows;
    if (rows.length === 0) return null;
    this.#rows = [];
    this.#length = 0;
    const firstRow = this.#stored;
    this.#stored += rows.length;
    return { firstRow, rows: rows.length, content: await packRows(rows) };
  }
}
