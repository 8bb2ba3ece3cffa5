import type { Scope } from '../../domain/scope.ts';
import { dimensionsOf } from '../../domain/streams/dimensions.ts';
import { streams, type StreamName } from '../../domain/streams/index.ts';
import type { TimeRange } from '../../domain/time/instant.ts';
import { ident, join, param, sql, type Sql } from '../../store/facts/sql.ts';
import { scopeConditions, timeCondition } from '../scope.sql.ts';

/** All streams in one query; columns `stream`, `step` (index), `count`. Raw rows: the last minutes are few. */
export function liveSql(names: readonly StreamName[], scope: Scope, range: TimeRange, stepMs: number): Sql {
  return join(
    names.map((name) => streamSql(name, scope, range, stepMs)),
    sql` UNION ALL `,
  );
}

function streamSql(name: StreamName, scope: Scope, range: TimeRange, stepMs: number): Sql {
  const stream = streams[name];
  const measure = stream.measures[0]?.aggregate;
  const count = measure?.kind === 'sum' ? sql`sum(${ident(measure.field)})` : sql`count()`;
  const step = sql`intDiv(toUnixTimestamp64Milli(time) - ${param.int64(range.from)}, ${param.int64(stepMs)})`;
  const conditions = [...scopeConditions(scope, dimensionsOf(stream)), timeCondition('time', [range])];
  return sql`SELECT ${param.string(name)} AS stream, ${step} AS step, toUInt64(${count}) AS count FROM ${ident(
    name,
  )} WHERE ${join(conditions, sql` AND `)} GROUP BY step`;
}
