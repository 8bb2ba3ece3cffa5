import type { Measure, Rollup, StreamDeclaration } from '../../domain/streams/index.ts';

/** Width of a rollup's slot. Every offset in use today is a multiple of it, so local buckets are made of whole slots. */
export const SLOT_MS = 900_000;

/**
 * The columns of a rollup table: `organization`, `slot` (start of the 15 minutes, `DateTime64(3, 'UTC')`), the
 * dimensions under their own names and types, and for each measure the `UInt64` sums named here. A rollup holds *partial*
 * sums: the same key may occur in several rows until the engine merges them, so always read `sum(column)`.
 *
 * | measure            | columns                                                       |
 * |--------------------|---------------------------------------------------------------|
 * | sum of a field     | `<measure>`                                                   |
 * | rows               | `<measure>`                                                   |
 * | mean of a field    | `<measure>_sum`, `<measure>_rows` (rows that have the field)  |
 */
export type RollupColumns =
  | { readonly kind: 'sum'; readonly sum: string }
  | { readonly kind: 'mean'; readonly sum: string; readonly rows: string };

/** Null for measures that no rollup can answer (uniques, extremes). */
export function rollupColumns(measure: Measure): RollupColumns | null {
  switch (measure.aggregate.kind) {
    case 'sum':
    case 'rows':
      return { kind: 'sum', sum: measure.name };
    case 'mean':
      return { kind: 'mean', sum: `${measure.name}_sum`, rows: `${measure.name}_rows` };
    case 'uniques':
    case 'min':
    case 'max':
      return null;
  }
}

/** Names of all columns of a rollup's table, in no particular order. */
export function columnsOfRollup(stream: StreamDeclaration, rollup: Rollup): readonly string[] {
  const sums = rollup.measures.flatMap((name) => {
    const measure = stream.measures.find((candidate) => candidate.name === name);
    const columns = measure === undefined ? null : rollupColumns(measure);
    if (columns === null) throw new TypeError(`${rollup.table} declares ${name}, which no rollup can hold`);
    return columns.kind === 'mean' ? [columns.sum, columns.rows] : [columns.sum];
  });
  return ['organization', 'slot', ...rollup.dimensions, ...sums];
}
