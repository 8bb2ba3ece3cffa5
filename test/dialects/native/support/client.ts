export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; undefined when it is none. */
  readonly json: unknown;
}

export interface Sent {
  readonly method?: string;
  /** Sent as it is; objects as JSON. */
  readonly body?: string | Uint8Array | object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends requests as they are written, with one key (none when null). */
export class Client {
  readonly #url: string;
  readonly #key: string | null;

  constructor(url: string, key: string | null) {
    this.#url = url;
    this.#key = key;
  }

  async send(path: string, { method, body, headers = {} }: Sent = {}): Promise<Reply> {
    const plain = typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(new URL(path, this.#url), {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: {
        ...(this.#key === null ? {} : { authorization: `Bearer ${this.#key}` }),
        ...(plain || body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: plain ? Buffer.from(body) : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parsed(text) };
  }

  /** Sends rows; all have to be accepted. */
  async count(stream: string, rows: readonly object[]): Promise<void> {
    const { status, text, json } = await this.send(`/api/v1/facts/${stream}`, { body: rows });
    const { accepted } = (json ?? {}) as { accepted?: number };
    if (accepted !== rows.length) throw new Error(`${status}: ${text}`);
  }

  /** The rows of an answer; the query has to be answered. */
  async query(query: object): Promise<unknown> {
    const { status, text, json } = await this.send('/api/v1/query', { body: query });
    if (status !== 200) throw new Error(`${status}: ${text}`);
    return (json as { rows: unknown }).rows;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The part of a problem that does not change from request to request. */
export function problem({ json }: Reply): unknown {
  const { request_id: requestId, ...rest } = json as Record<string, unknown>;
  return typeof requestId === 'string' ? rest : json;
}
