import { query, read, send } from './client.ts';

export const MEMBER = '11111111111111111111111111111111';

/** A directory of apps that differ in nothing, so that each case of a table has one of its own. */
export function manyApps(count: number, zone: string): string {
  const apps = Array.from(
    { length: count },
    (_, index) =>
      `      - {id: ${idOf(index)}, key: key${index}, name: App ${index}, timezone: ${zone}, country: TR, members: [{user: m@x.example}]}`,
  );
  return `
users: [{email: m@x.example, password: only-for-this-test, countly_api_key: ${MEMBER}}]
organizations:
  - key: X
    name: X
    native_keys: [{key: th_x, scopes: [ingest, read, admin]}]
    apps:
${apps.join('\n')}
`;
}

export function idOf(index: number): string {
  return `a${String(index).padStart(23, '0')}`;
}

export type Sent = Readonly<Record<string, unknown>>;

/** One app of many: what is sent to it, and what it shows. */
export class OneApp {
  readonly #url: string;
  readonly index: number;

  constructor(url: string, index: number) {
    this.#url = url;
    this.index = index;
  }

  /** The body of the answer to `/i`. */
  async write(parameters: Sent): Promise<unknown> {
    const reply = await send(this.#url, `/i?${query({ app_key: `key${this.index}`, device_id: 'd', ...parameters })}`);
    return JSON.parse(reply.text) as unknown;
  }

  async bulk(requests: readonly unknown[], further: Sent = {}): Promise<unknown> {
    const body = JSON.stringify({ app_key: `key${this.index}`, requests, ...further });
    const reply = await send(this.#url, '/i/bulk', { headers: { 'content-type': 'application/json' }, body });
    return JSON.parse(reply.text) as unknown;
  }

  read(parameters: Sent): Promise<unknown> {
    return read(this.#url, '/o', { api_key: MEMBER, app_id: idOf(this.index), ...parameters });
  }

  /** The node of the running year without those below it. */
  async year(method = 'sessions', year = '2014'): Promise<Record<string, unknown>> {
    const tree = (await this.read({ method })) as Record<string, Record<string, unknown>>;
    return Object.fromEntries(
      Object.entries(tree[year] ?? {}).filter(([key]) => !/^(?:[1-9]|1[0-2]|w(?:[1-9]|[1-4]\d|5[0-3]))$/.test(key)),
    );
  }
}
