import { FactsError } from './facts-error.ts';

export interface Supervised<T> {
  /** The signal ends the wait of drivers that can end it. */
  readonly work: (signal: AbortSignal) => Promise<T>;
  readonly timeoutMs: number;
  /** Gives up when it aborts, with its reason. */
  readonly signal: AbortSignal;
  /** Asks the engine to give up. */
  readonly stop: () => void;
  /** The engine is done with it; true when it ended well. */
  readonly settled: (complete: boolean) => void;
}

/** The engine's own limit comes first; this is for an engine that does not look, or does not answer. */
export const GRACE_MS = 1_000;

/** Tells the caller in time, whatever the engine does: when `signal` aborts, or when the engine has let its limit pass. */
export async function supervise<T>({ work, timeoutMs, signal, stop, settled }: Supervised<T>): Promise<T> {
  const controller = new AbortController();
  const working = work(controller.signal);
  working.then(
    () => settled(true),
    () => settled(false),
  );
  return new Promise<T>((resolve, reject) => {
    const giveUp = (error: Error): void => {
      reject(error);
      stop();
      controller.abort();
    };
    const abort = (): void => giveUp(reasonOf(signal));
    const timer = setTimeout(() => giveUp(tooLate(timeoutMs)), timeoutMs + GRACE_MS);
    const over = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
    signal.addEventListener('abort', abort, { once: true });
    working.then(resolve, reject).finally(over);
    if (signal.aborted) abort();
  });
}

export function tooLate(timeoutMs: number): FactsError {
  return new FactsError('timeout', `the facts store gave no answer within ${timeoutMs} ms`);
}

/** Why a run's signal aborted. */
export function reasonOf(signal: AbortSignal): FactsError {
  return signal.reason instanceof FactsError ? signal.reason : new FactsError('aborted', 'stopped by the caller');
}
