import { FactsError } from './facts-error.ts';

export interface Supervised<T> {
  /** The signal ends the wait of drivers that can end it. */
  readonly work: (signal: AbortSignal) => Promise<T>;
  readonly timeoutMs: number;
  /** Asks the engine to give up. */
  readonly stop: () => void;
  /** The engine is done with it; true when it ended well. */
  readonly settled: (complete: boolean) => void;
  readonly signal?: AbortSignal;
}

/** The engine's own limit comes first; this is for an engine that does not look, or does not answer. */
export const GRACE_MS = 1_000;

/**
 * Tells the caller in time, whatever the engine does: rejects with `aborted` as soon as the caller's signal says so, and
 * with `timeout` when the engine has let its own limit pass.
 */
export async function supervise<T>({ work, timeoutMs, stop, settled, signal }: Supervised<T>): Promise<T> {
  const controller = new AbortController();
  const working = work(controller.signal);
  working.then(
    () => settled(true),
    () => settled(false),
  );
  return new Promise<T>((resolve, reject) => {
    const giveUp = (error: FactsError): void => {
      reject(error);
      stop();
      controller.abort();
    };
    const abort = (): void => giveUp(new FactsError('aborted', 'stopped by the caller'));
    const timer = setTimeout(
      () => giveUp(new FactsError('timeout', `the facts store gave no answer within ${timeoutMs} ms`)),
      timeoutMs + GRACE_MS,
    );
    const over = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    signal?.addEventListener('abort', abort, { once: true });
    working.then(resolve, reject).finally(over);
    if (signal?.aborted === true) abort();
  });
}
