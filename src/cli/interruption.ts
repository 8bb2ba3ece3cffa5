import { CliError } from './command.ts';

/** Ctrl-C. */
export class Interrupted extends CliError {
  constructor() {
    super('interrupted');
  }
}

/**
 * Does work that Ctrl-C, or SIGTERM, may end: the signal given to it is aborted, and what is half done can be finished.
 * A second one ends the process at once.
 */
export async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(1);
    controller.abort(new Interrupted());
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}
