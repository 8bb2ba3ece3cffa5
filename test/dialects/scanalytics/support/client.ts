import { request } from 'node:http';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  json(): unknown;
}

export interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
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

export const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
export const JSON_TYPE = { 'content-type': 'application/json' };

export function postForm(
  url: string,
  path: string,
  body: string,
  headers: Record<string, string> = {},
): Promise<Reply> {
  return send(url, path, { method: 'POST', headers: { ...FORM, ...headers }, body });
}

export interface Tokens {
  readonly access_token: string;
  readonly expires_in: number;
  readonly token_type: string;
  readonly scope: string;
  readonly refresh_token: string;
}

/** Asks the token endpoint and expects a token. */
export async function tokens(url: string, body: string, headers: Record<string, string> = {}): Promise<Tokens> {
  const reply = await postForm(url, '/o/token/', body, headers);
  if (reply.status !== 200) throw new Error(`${reply.status}: ${reply.text}`);
  return reply.json() as Tokens;
}

export const DANA = 'grant_type=password&client_id=scripts&username=dana@museum.example&password=open-at-nine';
export const VERA = 'grant_type=password&client_id=scripts&username=vera@museum.example&password=vera-looks-on';
export const OMAR = 'grant_type=password&client_id=scripts&username=omar@museum.example&password=omar-owns-it';
export const NINA = 'grant_type=password&client_id=scripts&username=nina@museum.example&password=nina-has-none';
export const EVE = 'grant_type=password&client_id=harbour&username=eve@harbour.example&password=eve-next-door';
export const SERVER = 'grant_type=client_credentials&client_id=server&client_secret=s3cret-of-server';

export function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

export function basic(id: string, secret: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` };
}

/** Sends visits through the native API; all rows have to be accepted. */
export async function ingest(url: string, rows: readonly object[], key = 'th_museum'): Promise<void> {
  const reply = await send(url, '/api/v1/facts/visits', {
    method: 'POST',
    headers: { ...JSON_TYPE, ...bearer(key) },
    body: JSON.stringify(rows),
  });
  const { accepted } = reply.json() as { accepted?: number };
  if (accepted !== rows.length) throw new Error(`${reply.status}: ${reply.text}`);
}
