import { sql } from '../sql.ts';
import type { Migration } from './migration.ts';
import { createTable, type TableDefinition } from './topology.ts';

/**
 * One table for each stream, columns named as the fields. Text that repeats is `LowCardinality`; what rarely repeats is
 * left to ZSTD. `id` is the caller's own id of the row or ''. The tenant is first in every sort key, then what a question
 * nearly always fixes, then time. A part holds one year, so that an import of decades makes few parts.
 */
const head = sql`
  organization UInt32 CODEC(ZSTD(1)),
  id String CODEC(ZSTD(1)),
  time DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1))`;

/** A slot's rows meet on one shard, and a large tenant is spread over all of them. */
const shardBy = sql`cityHash64(organization, intDiv(toUnixTimestamp64Milli(time), 900000))`;
const partitionBy = sql`toYear(time)`;

const requests: TableDefinition = {
  name: 'requests',
  columns: sql`${head},
    service LowCardinality(String),
    url String CODEC(ZSTD(3)),
    method LowCardinality(String),
    status UInt16 CODEC(ZSTD(1)),
    bytes UInt64 CODEC(ZSTD(1)),
    cache LowCardinality(String),
    sdk LowCardinality(String),
    device LowCardinality(String),
    stack LowCardinality(String),
    project LowCardinality(String),
    environment LowCardinality(String),
    application UInt64 CODEC(ZSTD(1)),
    thing String CODEC(ZSTD(1)),
    user String CODEC(ZSTD(1)),
    duration_ms Nullable(UInt64) CODEC(ZSTD(1)),
    ip String CODEC(ZSTD(1)),
    country LowCardinality(String),
    count UInt64 DEFAULT 1 CODEC(ZSTD(1))`,
  merge: 'keep',
  partitionBy,
  orderBy: sql`(organization, service, time)`,
  shardBy,
};

const usage: TableDefinition = {
  name: 'usage',
  columns: sql`${head},
    product LowCardinality(String),
    application UInt64 CODEC(ZSTD(1)),
    metric LowCardinality(String),
    value UInt64 DEFAULT 1 CODEC(ZSTD(1)),
    code UInt16 CODEC(ZSTD(1))`,
  merge: 'keep',
  partitionBy,
  orderBy: sql`(organization, product, metric, time)`,
  shardBy,
};

const events: TableDefinition = {
  name: 'events',
  columns: sql`${head},
    app LowCardinality(String),
    device String CODEC(ZSTD(1)),
    key LowCardinality(String),
    count UInt64 DEFAULT 1 CODEC(ZSTD(1)),
    sum Float64 CODEC(ZSTD(1)),
    duration Float64 CODEC(ZSTD(1)),
    segmentation String CODEC(ZSTD(3))`,
  merge: 'keep',
  partitionBy,
  orderBy: sql`(organization, app, key, time)`,
  shardBy,
};

const visits: TableDefinition = {
  name: 'visits',
  columns: sql`${head},
    device LowCardinality(String),
    array LowCardinality(String),
    deployment LowCardinality(String),
    count UInt64 DEFAULT 1 CODEC(ZSTD(1)),
    dwell_ms Nullable(UInt64) CODEC(ZSTD(1)),
    direction LowCardinality(String)`,
  merge: 'keep',
  partitionBy,
  orderBy: sql`(organization, array, time)`,
  shardBy,
};

const inventory: TableDefinition = {
  name: 'inventory',
  columns: sql`${head},
    kind LowCardinality(String),
    uid String CODEC(ZSTD(1))`,
  merge: 'keep',
  partitionBy,
  orderBy: sql`(organization, kind, time)`,
  shardBy,
};

export const streamTables: Migration = {
  number: 1,
  name: 'stream-tables',
  statements: (topology) =>
    [requests, usage, events, visits, inventory].flatMap((table) => createTable(table, topology)),
};
