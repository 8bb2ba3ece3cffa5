import type { Scope } from '../../domain/scope.ts';
import { dimensionsOf } from '../../domain/streams/dimensions.ts';
import { streams } from '../../domain/streams/index.ts';
import { ident, join, sql, type Sql } from '../../store/facts/sql.ts';
import { scopeConditions } from '../scope.sql.ts';

/**
 * Columns: application, its first use ever, its first use of the latest day it used anything (milliseconds). Days follow
 * one another, so the latest of the days' first uses is that of the latest day.
 */
export function trafficSql(scope: Scope): Sql {
  const conditions = scopeConditions(scope, dimensionsOf(streams.usage));
  const where = conditions.length === 0 ? sql`` : sql` WHERE ${join(conditions, sql` AND `)}`;
  const days = sql`SELECT application, day, min(first) AS first_of_day FROM ${ident('usage_traffic_1d')}${where}
    GROUP BY application, day`;
  return sql`SELECT application, toUnixTimestamp64Milli(min(first_of_day)), toUnixTimestamp64Milli(max(first_of_day))
    FROM (${days}) GROUP BY application`;
}
