import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  json(): unknown;
}

export interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** One request as it travels: nothing is added to the headers but Host, Connection and the length of a body. */
export function send(url: string, path: string, { method, headers = {}, body }: Sent = {}): Promise<Reply> {
  const bytes = body === undefined ? null : Buffer.from(body);
  const length = bytes === null ? {} : { 'content-length': String(bytes.length) };
  return new Promise((resolve, reject) => {
    const options = { method: method ?? (bytes === null ? 'GET' : 'POST'), headers: { ...length, ...headers } };
    // As text, so that the path is sent as it is written.
    const { hostname, port } = new URL(url);
    const outgoing = request({ hostname, port, path, ...options }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text, json: () => JSON.parse(text) });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(bytes ?? undefined);
  });
}

export function login(url: string, user: object, path = '/v3/user-session'): Promise<Reply> {
  return send(url, path, { body: JSON.stringify({ user }), headers: { 'content-type': 'application/json' } });
}

/** Logs in and expects a token. */
export async function authtokenOf(url: string, email: string, password: string): Promise<string> {
  const reply = await login(url, { email, password });
  if (reply.status !== 200) throw new Error(`${reply.status}: ${reply.text}`);
  return (reply.json() as { user: { authtoken: string } }).user.authtoken;
}

/** Sends rows through the native API; all have to be accepted. */
export async function ingest(
  url: string,
  stream: 'requests' | 'inventory',
  rows: readonly object[],
  key: string,
): Promise<void> {
  const reply = await send(url, `/api/v1/facts/${stream}`, {
    body: JSON.stringify(rows),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
  });
  const { accepted } = reply.json() as { accepted?: number };
  if (accepted !== rows.length) throw new Error(`${reply.status}: ${reply.text}`);
}

/** An organization's analytics as one user asks for them; waits out the rate limit, as clients do. */
export class Analytics {
  readonly #url: string;
  readonly #authtoken: string;
  readonly orgUid: string;

  constructor(url: string, authtoken: string, orgUid: string) {
    this.#url = url;
    this.#authtoken = authtoken;
    this.orgUid = orgUid;
  }

  /** @param path below `/analytics/v2/`, with a query but without `orgUid` */
  async get(path: string): Promise<Reply> {
    const joined = `${path}${path.includes('?') ? '&' : '?'}orgUid=${this.orgUid}`;
    for (;;) {
      const reply = await send(this.#url, `/analytics/v2/${joined}`, { headers: { authtoken: this.#authtoken } });
      if (reply.status !== 429) return reply;
      await sleep(100);
    }
  }

  /** Starts a job and returns its id. */
  async start(path: string): Promise<string> {
    const reply = await this.get(path);
    if (reply.status !== 200) throw new Error(`${reply.status}: ${reply.text}`);
    return (reply.json() as { jobId: string }).jobId;
  }

  /** The reply to the first retrieval that does not say that the job is active. */
  async retrieve(jobId: string, query = ''): Promise<Reply> {
    for (;;) {
      const reply = await this.get(`job/${jobId}/data${query}`);
      const active = reply.status === 200 && (reply.json() as { status?: string }).status === 'active';
      if (!active) return reply;
      await sleep(10);
    }
  }

  /** Text of the result; anything but a result is an error. */
  async result(path: string, query = ''): Promise<string> {
    const reply = await this.retrieve(await this.start(path), query);
    if (reply.status !== 200) throw new Error(`${reply.status}: ${reply.text}`);
    return reply.text;
  }
}
