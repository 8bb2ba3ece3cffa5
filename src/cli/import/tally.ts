import type { Place } from './batches.ts';

export interface RejectedLine extends Place {
  readonly problem: string;
}

/** What became of the lines of one run. `lines` = accepted + duplicate + rejected once the run is over. */
export interface ImportCounts {
  /** Rows that were read, blank lines and a CSV header left out. */
  readonly lines: number;
  readonly accepted: number;
  readonly duplicate: number;
  readonly rejected: number;
  /** Of the duplicates, those sent again after a lost answer: this very run may have stored them. */
  readonly repeated: number;
}

/** Counts, and hands on what was rejected one line at a time. */
export class ImportTally {
  lines = 0;
  accepted = 0;
  duplicate = 0;
  rejected = 0;
  repeated = 0;
  readonly #onRejected: (line: RejectedLine) => void;

  constructor(onRejected: (line: RejectedLine) => void) {
    this.#onRejected = onRejected;
  }

  reject(line: RejectedLine): void {
    this.rejected += 1;
    this.#onRejected(line);
  }

  counts(): ImportCounts {
    const { lines, accepted, duplicate, rejected, repeated } = this;
    return { lines, accepted, duplicate, rejected, repeated };
  }
}
