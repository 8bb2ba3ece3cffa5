import { ident, join, sql, type Sql } from '../sql.ts';
import type { Migration } from './migration.ts';
import { createTable, createView, type TableDefinition, type Topology } from './topology.ts';

/**
 * Sums per 15 minutes, kept by the engine with every insert; columns and their names: `rollups.ts`. The start of the
 * slot is computed from the milliseconds, because the engine's own functions end at 1970 and 2106.
 */
const head = sql`
  organization UInt32 CODEC(ZSTD(1)),
  slot DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1))`;
const shardBy = sql`cityHash64(organization, intDiv(toUnixTimestamp64Milli(slot), 900000))`;
const partitionBy = sql`toYear(slot)`;
const slotOfTime = sql`fromUnixTimestamp64Milli(
  toUnixTimestamp64Milli(time) - positiveModulo(toUnixTimestamp64Milli(time), 900000), 'UTC') AS slot`;

interface RollupDefinition {
  readonly from: string;
  readonly table: TableDefinition;
  readonly dimensions: readonly string[];
  /** Name of the column to what is added up in it. */
  readonly sums: Readonly<Record<string, Sql>>;
}

const rows = sql`toUInt64(count())`;
const sum = (field: string): Sql => sql`sum(${ident(field)})`;
const sumOfPresent = (field: string): Sql => sql`sum(ifNull(${ident(field)}, 0))`;
const rowsWith = (field: string): Sql => sql`toUInt64(count(${ident(field)}))`;

function rollup(
  name: string,
  from: string,
  dimensions: Readonly<Record<string, Sql>>,
  key: Pick<TableDefinition, 'orderBy' | 'primaryKey'>,
  sums: Readonly<Record<string, Sql>>,
): RollupDefinition {
  const columns = [
    ...Object.entries(dimensions).map(([column, type]) => sql`${ident(column)} ${type}`),
    ...Object.keys(sums).map((column) => sql`${ident(column)} UInt64 CODEC(ZSTD(1))`),
  ];
  return {
    from,
    table: {
      name,
      columns: sql`${head}, ${join(columns)}`,
      merge: { sum: Object.keys(sums) },
      partitionBy,
      ...key,
      shardBy,
    },
    dimensions: Object.keys(dimensions),
    sums,
  };
}

const text = sql`LowCardinality(String)`;
const status = sql`UInt16 CODEC(ZSTD(1))`;
const number = sql`UInt64 CODEC(ZSTD(1))`;

/**
 * Asked for one application over long, and for all of a product over short times. Within a week the applications lie
 * apart, so either reads little. The slot itself is kept out of the index: with it there, the engine would not look at
 * the week.
 */
const week = sql`intDiv(toUnixTimestamp64Milli(slot), 604800000)`;
const usageKey = {
  orderBy: sql`(organization, product, metric, ${week}, application, slot, code)`,
  primaryKey: sql`(organization, product, metric, ${week}, application)`,
};

const requestSums = {
  count: sum('count'),
  rows,
  bytes: sum('bytes'),
  duration_ms_sum: sumOfPresent('duration_ms'),
  duration_ms_rows: rowsWith('duration_ms'),
};

const rollups: readonly RollupDefinition[] = [
  rollup(
    'requests_by_service_15m',
    'requests',
    { service: text },
    { orderBy: sql`(organization, service, slot)` },
    requestSums,
  ),
  rollup(
    'requests_15m',
    'requests',
    { service: text, status, cache: text },
    { orderBy: sql`(organization, service, slot, status, cache)` },
    requestSums,
  ),
  rollup('usage_15m', 'usage', { product: text, application: number, metric: text, code: status }, usageKey, {
    value: sum('value'),
    rows,
  }),
  rollup(
    'events_15m',
    'events',
    { app: text, key: text },
    { orderBy: sql`(organization, app, key, slot)` },
    {
      count: sum('count'),
      rows,
    },
  ),
  rollup(
    'visits_15m',
    'visits',
    { deployment: text, array: text, device: text, direction: text },
    { orderBy: sql`(organization, array, slot, device, deployment, direction)` },
    { count: sum('count'), rows, dwell_ms_sum: sumOfPresent('dwell_ms'), dwell_ms_rows: rowsWith('dwell_ms') },
  ),
];

function createRollup({ from, table, dimensions, sums }: RollupDefinition, topology: Topology): readonly Sql[] {
  const keys = [ident('organization'), ident('slot'), ...dimensions.map((name) => ident(name))];
  const parts = [
    sql`organization`,
    slotOfTime,
    ...dimensions.map((name) => ident(name)),
    ...Object.entries(sums).map(([name, value]) => sql`${value} AS ${ident(name)}`),
  ];
  return [
    ...createTable(table, topology),
    ...createView(
      { name: `${table.name}_view`, from, to: table.name, select: join(parts), groupBy: join(keys) },
      topology,
    ),
  ];
}

export const rollupTables: Migration = {
  number: 2,
  name: 'rollup-tables',
  statements: (topology) => rollups.flatMap((definition) => createRollup(definition, topology)),
};
