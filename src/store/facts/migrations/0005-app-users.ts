import { ident, join, sql, type Sql } from '../sql.ts';
import type { Migration } from './migration.ts';
import { addColumns, createTable, createView, localName, type TableDefinition, type Topology } from './topology.ts';

/**
 * The stream `sessions`, and what questions about an app's users are answered from (ADR 0018). A user is 64 bits of a
 * hash: of the id of its first device. `era` stands before everything that grows, so that what was before an app's
 * reset is not even looked at.
 */
const head = sql`
  organization UInt32 CODEC(ZSTD(1)),
  id String CODEC(ZSTD(1)),
  time DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1))`;
const name = sql`LowCardinality(String)`;
const count = sql`UInt64 CODEC(ZSTD(1))`;
const flag = sql`UInt16 CODEC(ZSTD(1))`;
const user = sql`if(user = '', device, user)`;
const userNumber = sql`sipHash64(${user})`;
const slotOfTime = sql`fromUnixTimestamp64Milli(
  toUnixTimestamp64Milli(time) - positiveModulo(toUnixTimestamp64Milli(time), 900000), 'UTC') AS slot`;
const slot = sql`slot DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1))`;
const DIMENSIONS = ['country', 'city', 'os', 'os_version', 'model', 'resolution', 'carrier', 'app_version'];
const dimensionColumns = join(DIMENSIONS.map((each) => sql`${ident(each)} ${name}`));

const sessions: TableDefinition = {
  name: 'sessions',
  columns: sql`${head},
    app ${name},
    device String CODEC(ZSTD(1)),
    user String CODEC(ZSTD(1)),
    requests UInt64 DEFAULT 1 CODEC(ZSTD(1)),
    begun ${flag},
    duration ${count},
    closed ${flag},
    reopened ${flag},
    length ${count},
    ${dimensionColumns},
    details String CODEC(ZSTD(3)),
    linked String CODEC(ZSTD(1)),
    ordinal ${count},
    open ${flag},
    turn ${count},
    received ${count},
    era ${count}`,
  merge: 'keep',
  partitionBy: sql`toYear(time)`,
  orderBy: sql`(organization, app, time)`,
  shardBy: sql`cityHash64(organization, app, ${user})`,
};

/** The columns that say whose rows they are, and which of the app's lives they belong to. */
const owner = sql`
  organization UInt32 CODEC(ZSTD(1)),
  app ${name},
  era ${count}`;
const byUser = sql`cityHash64(organization, app, user_id)`;

/** Counted sessions, a user's side by side in the order they began. */
const begins: TableDefinition = {
  name: 'session_begins',
  columns: sql`${owner},
    user_id UInt64,
    time DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    ${dimensionColumns}`,
  merge: 'keep',
  partitionBy: sql`toYear(time)`,
  orderBy: sql`(organization, app, era, user_id, time)`,
  shardBy: byUser,
};

/** Requests, seconds and closed sessions of devices that were users already. `class` is that of the length, 0 for none. */
const sums: TableDefinition = {
  name: 'sessions_15m',
  columns: sql`${owner}, ${slot},
    class UInt8,
    requests ${count},
    duration ${count},
    closings ${count},
    reopenings ${count}`,
  merge: { sum: ['requests', 'duration', 'closings', 'reopenings'] },
  partitionBy: sql`toYear(slot)`,
  orderBy: sql`(organization, app, era, slot, class)`,
  shardBy: sql`cityHash64(organization, app, slot)`,
};

/** Requests and seconds of devices that had no session by then: they show when their user has one, whenever that is. */
const early: TableDefinition = {
  name: 'early_requests_15m',
  columns: sql`${owner},
    user_id UInt64,
    ${slot},
    requests ${count},
    duration ${count}`,
  merge: { sum: ['requests', 'duration'] },
  partitionBy: sql`toYear(slot)`,
  orderBy: sql`(organization, app, era, user_id, slot)`,
  shardBy: byUser,
};

/** Pairs of users that are one. */
const links: TableDefinition = {
  name: 'user_links',
  columns: sql`${owner},
    user_id UInt64,
    linked_id UInt64`,
  merge: 'keep',
  partitionBy: sql`tuple()`,
  orderBy: sql`(organization, app, era, user_id)`,
  shardBy: byUser,
};

/**
 * Events by segment value; the row with an empty segment is all of the event. Sums are integers of 10^-5, so that they are
 * exact whatever the order of addition.
 */
const values: TableDefinition = {
  name: 'event_values_15m',
  columns: sql`${owner},
    key ${name},
    segment ${name},
    value String CODEC(ZSTD(1)),
    ${slot},
    count ${count},
    sum_e5 Int256 CODEC(ZSTD(1)),
    sums ${count},
    duration_e5 Int256 CODEC(ZSTD(1)),
    durations ${count}`,
  merge: { sum: ['count', 'sum_e5', 'sums', 'duration_e5', 'durations'] },
  partitionBy: sql`toYear(slot)`,
  orderBy: sql`(organization, app, era, key, segment, value, slot)`,
  shardBy: sql`cityHash64(organization, app, key, segment, value)`,
};

/** Longest lengths in seconds of the classes 1, 2, …; the last class has no end. */
const CLASS_ENDS = sql`[10, 30, 60, 180, 600, 1800, 3600]`;
const lengthClass = sql`toUInt8(if(closed + reopened = 0, 0,
  1 + arrayCount(longest -> length > longest, ${CLASS_ENDS}))) AS class`;

/** Every value that is a text, a number, true or false, as text; others ('' here) are left out. */
const scalar = sql`multiIf(startsWith(pair.2, '"'), JSONExtractString(pair.2),
  pair.2 = 'null' OR startsWith(pair.2, '[') OR startsWith(pair.2, '{'), '', pair.2)`;
const segments = sql`arrayConcat([('', '')], arrayFilter(pair -> pair.1 != '' AND pair.2 != '',
  arrayMap(pair -> (pair.1, ${scalar}), JSONExtractKeysAndValuesRaw(segmentation)))) AS part`;
/** Beyond 10^60 nothing fits; no price is that high. */
const scaled = (field: string): Sql =>
  sql`sum(toInt256(round(least(greatest(${ident(field)}, -1e60), 1e60) * 100000)))`;

function views(topology: Topology): readonly Sql[] {
  return [
    {
      name: 'session_begins_view',
      from: 'sessions',
      to: 'session_begins',
      select: sql`organization, app, era, ${userNumber} AS user_id, time, ${join(DIMENSIONS.map((each) => ident(each)))}`,
      where: sql`begun = 1`,
      groupBy: null,
    },
    {
      name: 'sessions_15m_view',
      from: 'sessions',
      to: 'sessions_15m',
      select: sql`organization, app, era, ${slotOfTime}, ${lengthClass},
        sum(if(ordinal = 0, 0, requests)) AS requests, sum(if(ordinal = 0, 0, duration)) AS duration,
        toUInt64(sum(closed)) AS closings, toUInt64(sum(reopened)) AS reopenings`,
      where: sql`ordinal > 0 OR closed + reopened > 0`,
      groupBy: sql`organization, app, era, slot, class`,
    },
    {
      name: 'early_requests_15m_view',
      from: 'sessions',
      to: 'early_requests_15m',
      select: sql`organization, app, era, ${userNumber} AS user_id, ${slotOfTime},
        sum(requests) AS requests, sum(duration) AS duration`,
      where: sql`ordinal = 0`,
      groupBy: sql`organization, app, era, user_id, slot`,
    },
    {
      name: 'user_links_view',
      from: 'sessions',
      to: 'user_links',
      select: sql`organization, app, era, ${userNumber} AS user_id, sipHash64(linked) AS linked_id`,
      where: sql`linked != ''`,
      groupBy: null,
    },
    {
      name: 'event_values_15m_view',
      from: 'events',
      to: 'event_values_15m',
      select: sql`organization, app, era, key, part.1 AS segment, part.2 AS value, ${slotOfTime},
        sum(count) AS count, ${scaled('sum')} AS sum_e5, toUInt64(sum(sum_given OR sum != 0)) AS sums,
        ${scaled('duration')} AS duration_e5, toUInt64(sum(duration_given OR duration != 0)) AS durations`,
      each: segments,
      groupBy: sql`organization, app, era, key, segment, value, slot`,
    },
  ].flatMap((view) => createView(view, topology));
}

/** What arrived in the last minutes is looked for among all that is stored. */
function receivedIndex({ cluster }: Topology): Sql {
  const index = sql`ADD INDEX IF NOT EXISTS received received TYPE minmax`;
  return cluster === null
    ? sql`ALTER TABLE sessions ${index}`
    : sql`ALTER TABLE ${ident(localName('sessions'))} ON CLUSTER ${ident(cluster)} ${index}`;
}

export const appUsers: Migration = {
  number: 5,
  name: 'app-users',
  statements: (topology) => [
    ...addColumns('events', [sql`sum_given ${flag}`, sql`duration_given ${flag}`, sql`era ${count}`], topology),
    ...[sessions, begins, sums, early, links, values].flatMap((table) => createTable(table, topology)),
    receivedIndex(topology),
    ...views(topology),
  ],
};
