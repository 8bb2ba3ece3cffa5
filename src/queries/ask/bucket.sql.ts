import { empty, ident, join, param, sql, type Sql } from '../../store/facts/sql.ts';
import { runsOf, type Grouping } from './grouping.ts';

/** The bucket of a row: its index for steps; else its first instant, which the caller looks up (`bucketIndex`). */
export function bucketOf(grouping: Grouping, column: 'time' | 'slot'): Sql {
  const ms = sql`toUnixTimestamp64Milli(${ident(column)})`;
  if (grouping.kind === 'starts') return sql`roundDown(${ms}, ${startsOf(grouping.starts)})`;
  const shifts = grouping.shifts.map(
    ({ fromMs, byMs }) => sql` - (${ms} >= ${param.int64(fromMs)}) * ${param.int64(byMs)}`,
  );
  return sql`intDiv(${ms} - ${param.int64(grouping.originMs)}${join(shifts, empty)}, ${param.int64(grouping.stepMs)})`;
}

/** Turns what `bucketOf` yields into the index of the bucket. */
export function bucketIndex(grouping: Grouping): (bucket: number) => number {
  if (grouping.kind === 'steps') return (bucket) => bucket;
  const indexes = new Map(grouping.starts.map((start, index) => [start, index]));
  return (bucket) => {
    const index = indexes.get(bucket);
    if (index === undefined) throw new RangeError(`the engine answered with a bucket that is none: ${bucket}`);
    return index;
  };
}

/** Many are written as the runs of equal steps they consist of; the engine folds either form to a constant. */
function startsOf(starts: readonly number[]): Sql {
  const runs = runsOf(starts);
  if (runs.length * 3 >= starts.length) return sql`${param.int64s(starts)}`;
  const from = param.int64s(runs.map(({ fromMs }) => fromMs));
  const step = param.int64s(runs.map(({ stepMs }) => stepMs));
  const count = param.int64s(runs.map((run) => run.count));
  return sql`arrayFlatten(arrayMap((f, s, c) -> arrayMap(i -> f + s * i, range(c)), ${from}, ${step}, ${count}))`;
}
