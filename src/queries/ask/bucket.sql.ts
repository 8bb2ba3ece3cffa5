import { empty, ident, join, param, sql, type Sql } from '../../store/facts/sql.ts';
import { runsOf, type Grouping } from './grouping.ts';

/** The bucket of a row: its index for steps; for edges the edge itself, which the caller looks up (`bucketIndex`). */
export function bucketOf(grouping: Grouping, column: 'time' | 'slot'): Sql {
  const ms = sql`toUnixTimestamp64Milli(${ident(column)})`;
  if (grouping.kind === 'edges') return sql`roundDown(${ms}, ${edgesOf(grouping.edges)})`;
  const shifts = grouping.shifts.map(
    ({ fromMs, byMs }) => sql` - (${ms} >= ${param.int64(fromMs)}) * ${param.int64(byMs)}`,
  );
  return sql`intDiv(${ms} - ${param.int64(grouping.originMs)}${join(shifts, empty)}, ${param.int64(grouping.stepMs)})`;
}

/** Turns what `bucketOf` yields into the index of the bucket. */
export function bucketIndex(grouping: Grouping): (bucket: number) => number {
  if (grouping.kind === 'steps') return (bucket) => bucket;
  const indexes = new Map(grouping.edges.map((edge, index) => [Number(edge), index]));
  return (bucket) => {
    const index = indexes.get(bucket);
    if (index === undefined) throw new RangeError(`the engine answered with an edge that is none: ${bucket}`);
    return index;
  };
}

/** Many edges are written as the runs of equal steps they consist of; the engine folds either form to a constant. */
function edgesOf(edges: readonly number[]): Sql {
  const runs = runsOf(edges);
  if (runs.length * 3 >= edges.length) return sql`${param.int64s(edges)}`;
  const from = param.int64s(runs.map(({ fromMs }) => fromMs));
  const step = param.int64s(runs.map(({ stepMs }) => stepMs));
  const count = param.int64s(runs.map((run) => run.count));
  return sql`arrayFlatten(arrayMap((f, s, c) -> arrayMap(i -> f + s * i, range(c)), ${from}, ${step}, ${count}))`;
}
