import { setTimeout as sleep } from 'node:timers/promises';
import { FactsError } from './facts-error.ts';
import type { Lanes } from './lanes.ts';
import { quote } from './render.ts';

/** One statement under way. */
export interface Run {
  /** Aborts with a `FactsError` as reason: the caller's signal, its own `giveUp`, or the store that closes. */
  readonly signal: AbortSignal;
  giveUp(reason: FactsError): void;
  /** The engine is done with it. */
  end(): void;
}

/** Between two requests to stop the same statement. */
const FIRST_PAUSE_MS = 50;
const LAST_PAUSE_MS = 1_000;
const KILL_MS = 2_000;

/** The statements under way, and the way to make the engine stop one. */
export class RunningStatements {
  readonly #lanes: Lanes;
  readonly #log: { warn(data: object, message: string): void };
  readonly #runs = new Map<string, Run>();

  /** @param lanes for the requests to stop, which never wait behind what they are to stop */
  constructor(lanes: Lanes, log: { warn(data: object, message: string): void }) {
    this.#lanes = lanes;
    this.#log = log;
  }

  begin(id: string, caller?: AbortSignal): Run {
    const controller = new AbortController();
    const left = (): void => controller.abort(new FactsError('aborted', 'stopped by the caller'));
    caller?.addEventListener('abort', left, { once: true });
    if (caller?.aborted === true) left();
    const run = {
      signal: controller.signal,
      giveUp: (reason: FactsError) => controller.abort(reason),
      end: () => {
        caller?.removeEventListener('abort', left);
        this.#runs.delete(id);
      },
    };
    this.#runs.set(id, run);
    return run;
  }

  giveUpAll(reason: FactsError): void {
    for (const run of this.#runs.values()) run.giveUp(reason);
  }

  /**
   * Makes the engine stop the statement with this id in its `log_comment`. The engine may not have heard of it yet, so it
   * is told again until the statement has ended; the statement's own time limit is behind this.
   */
  stop(id: string): void {
    void this.#stop(id).catch((error: unknown) => {
      this.#log.warn({ err: error, query: id }, 'could not stop a query of the facts store');
    });
  }

  async #stop(id: string): Promise<void> {
    for (let pauseMs = FIRST_PAUSE_MS; this.#runs.has(id); pauseMs = Math.min(2 * pauseMs, LAST_PAUSE_MS)) {
      await this.#kill(id);
      await sleep(pauseMs);
    }
  }

  async #kill(id: string): Promise<void> {
    const signal = AbortSignal.timeout(KILL_MS);
    const loan = await this.#lanes.borrow(signal);
    try {
      // SYNC would wait for ever in the embedded engine.
      const text = `KILL QUERY WHERE Settings['log_comment'] = ${quote(id)} ASYNC`;
      await loan.lane.answer({ text, params: {}, signal });
      loan.giveBack();
    } catch (error) {
      loan.discard();
      throw error;
    }
  }
}
