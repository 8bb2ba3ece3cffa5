import { setTimeout as sleep } from 'node:timers/promises';
import { CliError } from '../command.ts';
import type { Endpoint } from './endpoint.ts';
import { NoAnswer, refusal, request, type NativeRequest } from './request.ts';

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 15_000;
/** What a server says about when to come back is followed up to this. */
const LONGEST_RETRY_AFTER_MS = 60_000;
/** Answers that mean "later": the server, or a proxy before it, cannot take the request now. */
const LATER = new Set([408, 425, 429, 500, 502, 503, 504]);

/** The time for waiting is used up. */
export class GaveUp extends CliError {}

export interface Patience {
  /** How long one request may wait in all, in milliseconds. */
  readonly giveUpMs: number;
  /** Called before a wait: why, and for how long. */
  readonly onWait: (reason: string, ms: number) => void;
  /** Ends the waiting; a request on its way is waited for all the same, for its answer is worth having. */
  readonly signal: AbortSignal;
}

export interface SentRequest {
  readonly response: Response;
  /** The answer's body, whole. */
  readonly text: string;
  /** An earlier try had no answer and may have been carried out. */
  readonly uncertain: boolean;
}

/**
 * Sends requests that may be sent twice until they are answered. A server that has answered before is waited for: it
 * may be restarting, or ask to be left alone for a while. One that never answered is taken to be the wrong one.
 */
export class PatientSender {
  readonly #endpoint: Endpoint;
  readonly #patience: Patience;
  #answered = false;

  constructor(endpoint: Endpoint, patience: Patience) {
    this.#endpoint = endpoint;
    this.#patience = patience;
  }

  /** @throws GaveUp, NoAnswer when there never was an answer, CliError when somebody else answered */
  async send(what: NativeRequest): Promise<SentRequest> {
    const { giveUpMs, onWait, signal } = this.#patience;
    let waitedMs = 0;
    let uncertain = false;
    for (let attempt = 0; ; attempt += 1) {
      signal.throwIfAborted();
      const outcome = await this.#try(what);
      if (outcome.kind === 'answer') return { ...outcome, uncertain };
      uncertain ||= outcome.uncertain;
      const exponentialMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
      // Spread, so that several importers do not come back at the same moment.
      const waitMs = Math.max(outcome.retryAfterMs, exponentialMs * (0.5 + Math.random() / 2));
      if (waitedMs + waitMs > giveUpMs) throw new GaveUp(outcome.error.message);
      onWait(outcome.error.message, waitMs);
      await pause(waitMs, signal);
      waitedMs += waitMs;
    }
  }

  async #try(what: NativeRequest): Promise<Attempt> {
    try {
      const response = await request(this.#endpoint, what);
      const { status } = response;
      if (!LATER.has(status)) {
        const text = await textOf(response, this.#endpoint);
        this.#answered = true;
        return { kind: 'answer', response, text };
      }
      const retryAfterMs = retryAfter(response.headers.get('retry-after'));
      const error = await refusal(response, this.#endpoint);
      // These say that nothing was done, and come from a server that knows what it was asked.
      const said = status === 429 || status === 503;
      if (!said && !this.#answered) throw error;
      this.#answered = true;
      return { kind: 'later', error, retryAfterMs, uncertain: !said };
    } catch (error) {
      if (!(error instanceof NoAnswer) || !this.#answered) throw error;
      return { kind: 'later', error: new CliError(error.message), retryAfterMs: 0, uncertain: true };
    }
  }
}

type Attempt =
  | { readonly kind: 'answer'; readonly response: Response; readonly text: string }
  | { readonly kind: 'later'; readonly error: CliError; readonly retryAfterMs: number; readonly uncertain: boolean };

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch {
    // Only the signal ends a sleep early.
    signal.throwIfAborted();
  }
}

async function textOf(response: Response, endpoint: Endpoint): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    throw new NoAnswer(`the answer of ${endpoint.url} stopped half-way`, { cause: error });
  }
}

/** Whole seconds; a date is not worth a clock, and the exponential wait does. */
function retryAfter(header: string | null): number {
  return header !== null && /^\d{1,6}$/.test(header) ? Math.min(Number(header) * 1000, LONGEST_RETRY_AFTER_MS) : 0;
}
