import { ident, sql, type Sql } from '../sql.ts';
import type { Migration } from './migration.ts';
import { createTable, createView, type Topology } from './topology.ts';

/**
 * When each application first used anything on each UTC day. The earliest of two rows is the same whatever is said
 * twice, so the rows from before this step can simply be added, also by two nodes at once.
 */
const name = 'usage_traffic_1d';
const day = sql`fromUnixTimestamp64Milli(
  toUnixTimestamp64Milli(time) - positiveModulo(toUnixTimestamp64Milli(time), 86400000), 'UTC') AS day`;
const select = sql`organization, application, ${day}, min(time) AS first`;
const groupBy = sql`organization, application, day`;

function statements(topology: Topology): readonly Sql[] {
  return [
    ...createTable(
      {
        name,
        columns: sql`
          organization UInt32 CODEC(ZSTD(1)),
          application UInt64 CODEC(ZSTD(1)),
          day DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
          first SimpleAggregateFunction(min, DateTime64(3, 'UTC')) CODEC(ZSTD(1))`,
        merge: 'aggregate',
        partitionBy: sql`toYear(day)`,
        orderBy: sql`(organization, application, day)`,
        shardBy: sql`cityHash64(organization, application)`,
      },
      topology,
    ),
    ...createView({ name: `${name}_view`, from: 'usage', to: name, select, where: sql`value > 0`, groupBy }, topology),
    sql`INSERT INTO ${ident(name)} (organization, application, day, first)
      SELECT ${select} FROM ${ident('usage')} WHERE value > 0 GROUP BY ${groupBy}`,
  ];
}

export const usageTraffic: Migration = { number: 4, name: 'usage-traffic', statements };
