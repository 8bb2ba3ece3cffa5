import type { Random } from '../demo/random.ts';

/** A request as it is sent, and sent again. */
export interface DrillRequest {
  readonly kind: 'row with id' | 'row without id' | 'batch under a key' | 'large batch under a key';
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** One mark for each row; a mark is never used twice. */
  readonly marks: readonly string[];
}

export type DrillAnswer = { readonly accepted: number; readonly duplicate: number; readonly rejected: number } | null;

/** Rows of a large batch: over the size from which a batch goes straight to the facts store. */
const LARGE_ROWS = 10_000;

/** Makes requests of all kinds a client may send, each row with a mark of its own. */
export class DrillRequests {
  readonly #random: Random;
  readonly #prefix: string;
  #number = 0;

  constructor(random: Random, prefix: string) {
    this.#random = random;
    this.#prefix = prefix;
  }

  next(): DrillRequest {
    const kind = this.#random.pick<DrillRequest['kind']>([
      ['row with id', 60],
      ['row without id', 25],
      ['batch under a key', 14],
      ['large batch under a key', 0.15],
    ]);
    const rows = {
      'row with id': 1,
      'row without id': 1,
      'batch under a key': 50,
      'large batch under a key': LARGE_ROWS,
    };
    const marks = Array.from({ length: rows[kind] }, () => `${this.#prefix}-${(this.#number += 1)}`);
    const withId = kind === 'row with id';
    const body = marks.map((mark) => JSON.stringify(this.#row(mark, withId))).join('\n');
    const headers: Record<string, string> = { 'content-type': 'application/x-ndjson' };
    if (kind.endsWith('under a key')) headers['idempotency-key'] = `key-${marks[0] ?? ''}`;
    return { kind, body, headers, marks };
  }

  #row(mark: string, withId: boolean): Record<string, unknown> {
    const second = String(this.#random.below(60)).padStart(2, '0');
    return {
      ...(withId ? { id: mark } : {}),
      time: `2026-03-0${1 + this.#random.below(9)}T10:${second}:${second}.${this.#random.below(900) + 100}Z`,
      service: this.#random.pick([
        ['cdn', 3],
        ['cma', 1],
        ['thing', 1],
      ]),
      status: 200,
      bytes: this.#random.below(5_000),
      user: mark,
      url: `https://drill.example/${'x'.repeat(this.#random.below(150))}`,
    };
  }
}

/** Sends one request; null when no answer came (the server was killed) or it said to come back later. */
export async function send(url: string, key: string, request: DrillRequest): Promise<DrillAnswer> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${url}/api/v1/facts/requests`, {
      method: 'POST',
      headers: { ...request.headers, authorization: `Bearer ${key}` },
      body: request.body,
      signal: AbortSignal.timeout(30_000),
    });
    text = await response.text();
  } catch {
    return null;
  }
  if (response.status === 503 || response.status === 429) return null;
  if (response.status !== 200) throw new Error(`the server answered ${response.status}: ${text.slice(0, 300)}`);
  const { accepted, duplicate, rejected } = JSON.parse(text) as {
    accepted: number;
    duplicate: number;
    rejected: unknown[];
  };
  return { accepted, duplicate, rejected: rejected.length };
}
