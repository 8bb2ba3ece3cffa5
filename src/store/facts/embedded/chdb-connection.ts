import type { ClickHouseClientConfigOptions } from '@clickhouse/client';
import type { ChdbConnection } from 'chdb/connection';

type Connection = NonNullable<ClickHouseClientConfigOptions['connection']>;

/**
 * chDB's connection under the types of our client: the two packages carry their own copies of the same declarations.
 * Only what may be passed on is: settings beside the text would stay in the session, parameters are serialised
 * process-wide, and an abort would settle the promise while the engine goes on.
 */
export function clientConnection(chdb: ChdbConnection): Connection {
  return {
    query: ({ query }) => chdb.query({ query }),
    exec: ({ query }) => chdb.exec({ query }),
    command: ({ query }) => chdb.command({ query }),
    insert: ({ query, values }) => chdb.insert({ query, values }),
    ping: ({ select }) => chdb.ping({ select }),
    close: () => chdb.close(),
  };
}
