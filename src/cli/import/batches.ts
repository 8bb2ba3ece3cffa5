import type { ReadRow, ReadLines, RefusedLine } from './row-format.ts';
import type { RowIds } from './row-ids.ts';

/** Rows and bytes of one request: large enough to be cheap, small enough to be repeated and not to hold others up. */
const MAX_ROWS = 5_000;
const MAX_BYTES = 2 * 1024 * 1024;

/** Where a row stands. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** What goes in one request: NDJSON, with the place of each row. */
export interface RowBatch {
  readonly rows: readonly string[];
  readonly places: readonly Place[];
}

/** Gathers rows over all files of a run, and gives each the id it is stored once under. */
export class BatchBuilder {
  readonly #ids: RowIds;
  #rows: string[] = [];
  #places: Place[] = [];
  #bytes = 0;

  constructor(ids: RowIds) {
    this.#ids = ids;
  }

  /** @returns the batches that are full now */
  add(file: string, rows: readonly ReadRow[]): RowBatch[] {
    const full: RowBatch[] = [];
    for (const row of rows) {
      const text = this.#withId(row);
      if (this.#rows.length === MAX_ROWS || (this.#bytes + text.length > MAX_BYTES && this.#rows.length > 0)) {
        full.push(...this.flush());
      }
      this.#rows.push(text);
      this.#places.push({ file, line: row.line });
      this.#bytes += text.length + 1;
    }
    return full;
  }

  /** @returns what is left: one batch, or none */
  flush(): RowBatch[] {
    if (this.#rows.length === 0) return [];
    const batch = { rows: this.#rows, places: this.#places };
    this.#rows = [];
    this.#places = [];
    this.#bytes = 0;
    return [batch];
  }

  /** The id comes last, so that it also stands in for one that is there and empty. */
  #withId({ content, open, hasId }: ReadRow): string {
    if (hasId) return `${open}}`;
    const comma = open.trimEnd() === '{' ? '' : ',';
    return `${open}${comma}"id":"${this.#ids.next(content)}"}`;
  }
}

/** Rows of a file up to which a wrong format is noticed. */
const PROBE_LINES = 1_000;

/** Notices a file none of whose first lines is a row: a wrong `--format` rather than a thousand damaged lines. */
export class FormatProbe {
  #lines = 0;
  #done = false;

  /** @returns the first problem, when it is time to give up on the file */
  looksWrong({ rows, refused }: ReadLines): RefusedLine | null {
    if (this.#done) return null;
    this.#lines += refused.length;
    this.#first ??= refused[0];
    if (rows.length > 0) this.#done = true;
    return !this.#done && this.#lines >= PROBE_LINES ? (this.#first ?? null) : null;
  }

  #first: RefusedLine | undefined;
}
