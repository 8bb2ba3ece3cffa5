import { createClient, ClickHouseLogLevel, type ClickHouseClient } from '@clickhouse/client';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Chunks, Engine, Insert, Lane, Statement } from '../engine.ts';
import type { StreamFormat } from '../facts-store.ts';
import type { FactsAddress } from '../facts-url.ts';
import { settingsText, type Settings } from '../settings.ts';
import { responseChunks } from './response-chunks.ts';

type Served = Extract<FactsAddress, { kind: 'served' }>;

/** How long a connection may be silent. Statements have limits of their own, which the store watches. */
const SILENCE_MS = 24 * 60 * 60 * 1000;

/** Settings of every request. They belong to one request only: the protocol keeps no session. */
const REQUEST_SETTINGS = {
  session_timezone: 'UTC',
  max_query_size: String(32 * 1024 * 1024),
  // A caller that goes away stops its query.
  cancel_http_readonly_queries_on_client_close: 1,
} as const;

/** A ClickHouse server or cluster over HTTP. */
export function openServed(address: Served, connections: number): Engine {
  const { url, username, password, database } = address;
  const options = {
    url,
    username,
    password,
    max_open_connections: connections,
    request_timeout: SILENCE_MS,
    clickhouse_settings: REQUEST_SETTINGS,
    log: { level: ClickHouseLogLevel.OFF },
  };
  const client = createClient({ ...options, database });
  return {
    embedded: false,
    bindsParameters: true,
    async createDatabase(cluster) {
      const spread = cluster === null ? '' : ` ON CLUSTER \`${cluster}\``;
      const outside = createClient(options);
      try {
        await outside.command({ query: `CREATE DATABASE IF NOT EXISTS \`${database}\`${spread}` });
      } finally {
        await outside.close();
      }
    },
    openLane: () => new ServedLane(client),
    close: () => client.close(),
  };
}

/** The protocol has no sessions; a lane is a turn. */
class ServedLane implements Lane {
  readonly #client: ClickHouseClient;

  constructor(client: ClickHouseClient) {
    this.#client = client;
  }

  async answer({ text, params, signal }: Statement): Promise<Buffer> {
    const { stream } = await this.#client.exec({
      query: text,
      query_params: params,
      // The status line then tells the outcome, errors in the middle included.
      clickhouse_settings: { wait_end_of_query: 1 },
      ...(signal === undefined ? {} : { abort_signal: signal }),
    });
    return buffer(stream);
  }

  async stream({ text, params, signal }: Statement, format: StreamFormat, settings: Settings): Promise<Chunks> {
    const { stream, response_headers } = await this.#client.exec({
      query: `${text} FORMAT ${format}${settingsText(settings)}`,
      query_params: params,
      ...(signal === undefined ? {} : { abort_signal: signal }),
    });
    const tag = response_headers['x-clickhouse-exception-tag'];
    return responseChunks(stream, typeof tag === 'string' ? tag : null);
  }

  async insert({ table, payload, settings, signal }: Insert): Promise<void> {
    await this.#send(
      `INSERT INTO \`${table}\`${settingsText(settings)} FORMAT JSONEachRow`,
      Readable.from([payload]),
      signal,
    );
  }

  async load(table: string, file: string, settings: Settings): Promise<void> {
    await this.#send(
      `INSERT INTO \`${table}\`${settingsText(settings)} FORMAT Native`,
      createReadStream(file),
      undefined,
    );
  }

  async close(): Promise<void> {}

  async #send(query: string, values: Readable, signal: AbortSignal | undefined): Promise<void> {
    const { stream } = await this.#client.exec({
      query,
      values,
      ...(signal === undefined ? {} : { abort_signal: signal }),
    });
    await buffer(stream);
  }
}
