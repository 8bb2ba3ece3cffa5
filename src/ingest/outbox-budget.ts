/**
 * Disk that acknowledged rows may take while they wait for the facts store. A running total, corrected by the loader
 * from the table itself, so that nodes sharing the records store see each other's rows.
 */
export class OutboxBudget {
  readonly #limitBytes: number;
  #bytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  exceeded(): boolean {
    return this.#bytes >= this.#limitBytes;
  }

  added(bytes: number): void {
    this.#bytes += bytes;
  }

  corrected(bytes: number): void {
    this.#bytes = bytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get limitBytes(): number {
    return this.#limitBytes;
  }
}
