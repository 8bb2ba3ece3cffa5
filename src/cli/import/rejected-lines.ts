import { closeSync, openSync, writeSync } from 'node:fs';
import { CliError } from '../command.ts';
import type { RejectedLine } from './tally.ts';

/** Lines that are told one by one on the terminal; more of them are a file's matter. */
const TOLD = 100;

/** Tells which lines were rejected and why: each on stderr as `line 8899: …`, and all of them in a file when one is given. */
export class RejectedLines {
  readonly #severalFiles: boolean;
  readonly #say: (line: string) => void;
  readonly #file: number | null;
  #count = 0;

  constructor({
    severalFiles,
    file,
    say,
  }: {
    readonly severalFiles: boolean;
    readonly file: string | undefined;
    readonly say: (line: string) => void;
  }) {
    this.#severalFiles = severalFiles;
    this.#say = say;
    this.#file = file === undefined ? null : open(file);
  }

  add({ file, line, problem }: RejectedLine): void {
    this.#count += 1;
    if (this.#count <= TOLD) this.#say(`${this.#severalFiles ? `${file}, ` : ''}line ${line}: ${problem}`);
    if (this.#file !== null) writeSync(this.#file, `${JSON.stringify({ file, line, problem })}\n`);
  }

  /** Says how many were not told, and closes the file. */
  end(): void {
    if (this.#count > TOLD) {
      this.#say(
        `and ${this.#count - TOLD} more rejected lines${this.#file === null ? '; --rejects FILE names all' : ''}`,
      );
    }
    if (this.#file !== null) closeSync(this.#file);
  }
}

function open(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (error) {
    throw new CliError(`--rejects: ${error instanceof Error ? error.message : String(error)}`, 2);
  }
}
