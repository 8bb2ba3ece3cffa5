import type { Readable } from 'node:stream';
import type { Command } from 'commander';

/** Where a command reads its environment from and writes to; the process, or a test's stand-in. */
export interface Terminal {
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** One command of the command line: adds itself to the program. One file per command, one line in `program.ts`. */
export type CliCommand = (program: Command, terminal: Terminal) => void;

/** A failure the operator can act on: one line on stderr, exit code 1 (failed) or 2 (wrong usage). */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}
