import { request } from 'node:http';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** One request as it travels: nothing is added to the headers but Host, Connection and the length of a body. */
export function send(url: string, path: string, { method, headers = {}, body }: Sent = {}): Promise<Reply> {
  const bytes = body === undefined ? undefined : Buffer.from(body);
  const length = bytes === undefined ? {} : { 'content-length': String(bytes.length) };
  const used = method ?? (bytes === undefined ? 'GET' : 'POST');
  return new Promise((resolve, reject) => {
    const outgoing = request(`${url}${path}`, { method: used, headers: { ...length, ...headers } }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(bytes);
  });
}

/** Parameters as a query; objects and arrays as JSON text. */
export function query(parameters: Readonly<Record<string, unknown>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    search.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return search.toString();
}

/** The parsed answer of a GET; fails for every status but 200. */
export async function read(url: string, path: string, parameters: Readonly<Record<string, unknown>>): Promise<unknown> {
  const { status, text } = await send(url, `${path}?${query(parameters)}`);
  if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
  return JSON.parse(text) as unknown;
}

/** A write that has to succeed, by POST. */
export async function write(url: string, parameters: Readonly<Record<string, unknown>>): Promise<void> {
  const { status, text } = await send(url, '/i', {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: query(parameters),
  });
  if (status !== 200 || text !== '{"result":"Success"}') throw new Error(`/i: ${status} ${text}`);
}

/** Status and text of a GET, for tables. */
export async function outcome(url: string, path: string, sent: Sent = {}): Promise<readonly [number, string]> {
  const { status, text } = await send(url, path, sent);
  return [status, text];
}
