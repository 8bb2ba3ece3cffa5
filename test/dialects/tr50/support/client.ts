import { request } from 'node:http';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface Post {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** One request as it travels: nothing is added to the headers but Host, Connection and the length of the body. */
export function send(url: string, { method = 'POST', path = '/api', headers = {}, body = '' }: Post): Promise<Reply> {
  const bytes = Buffer.from(body);
  const length = 'transfer-encoding' in headers ? {} : { 'content-length': String(bytes.length) };
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(path, url), { method, headers: { ...length, ...headers } }, (incoming) => {
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

export interface CommandReply {
  readonly success: boolean;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly errorCodes?: readonly number[];
  readonly errorMessages?: readonly string[];
}

/** A script against one server: sends packets and reads replies as JSON. */
export class Client {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** Sends a packet and returns the whole reply. */
  async packet(packet: unknown, headers: Readonly<Record<string, string>> = {}): Promise<unknown> {
    const { status, text } = await send(this.url, { headers, body: JSON.stringify(packet) });
    if (status !== 200) throw new Error(`${status}: ${text}`);
    return JSON.parse(text);
  }

  /** Logs a user in and returns the session's id. */
  async login(username: string, password: string): Promise<string> {
    return this.#sessionOf({ username, password });
  }

  async loginThing(appId: string, appToken: string, thingKey: string): Promise<string> {
    return this.#sessionOf({ appId, appToken, thingKey });
  }

  async #sessionOf(params: Readonly<Record<string, string>>): Promise<string> {
    const reply = (await this.packet({ auth: { command: 'api.authenticate', params } })) as {
      auth?: { params: { sessionId: string } };
    };
    if (reply.auth === undefined) throw new Error(`cannot log in: ${JSON.stringify(reply)}`);
    return reply.auth.params.sessionId;
  }

  /** Runs one command and returns its part of the reply. */
  async call(sessionId: string, command: string, params?: unknown): Promise<CommandReply> {
    const packet = { auth: { sessionId }, cmd: { command, ...(params === undefined ? {} : { params }) } };
    const reply = (await this.packet(packet)) as { cmd?: CommandReply };
    if (reply.cmd === undefined) throw new Error(`the packet was refused: ${JSON.stringify(reply)}`);
    return reply.cmd;
  }

  /** Counts calls through the native API; all rows have to be accepted. */
  async count(key: string, rows: readonly object[]): Promise<void> {
    const response = await fetch(`${this.url}/api/v1/facts/requests`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(rows),
    });
    const text = await response.text();
    const accepted = response.ok ? (JSON.parse(text) as { accepted: number }).accepted : -1;
    if (accepted !== rows.length) throw new Error(`${response.status}: ${text}`);
  }
}
