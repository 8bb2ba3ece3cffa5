/** Rows that wait to be sent, oldest first, within a bound. */
export class RowQueue {
  readonly #maxLength: number;
  #rows: string[] = [];
  #length = 0;

  /** @param maxLength characters of all rows together */
  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  get size(): number {
    return this.#rows.length;
  }

  /** @returns false when there is no room */
  add(row: string): boolean {
    if (this.#length + row.length > this.#maxLength) return false;
    this.#rows.push(row);
    this.#length += row.length;
    return true;
  }

  /** The oldest rows; they stay until `remove`. */
  oldest(count: number): readonly string[] {
    return this.#rows.slice(0, count);
  }

  remove(count: number): void {
    for (const row of this.#rows.splice(0, count)) this.#length -= row.length;
  }
}
