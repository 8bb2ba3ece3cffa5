/**
 * What a fact stream is: its fields, what may be counted (measures), what may be grouped and filtered by (dimensions),
 * and which rollups the engine keeps. Queries, row parsing, exports, `GET /api/v1/streams` and the documentation are
 * generated from these values; the tables themselves are made by the append-only migrations in `store/facts`, and a
 * test holds the two against each other.
 */
export interface StreamDeclaration {
  readonly name: StreamName;
  readonly description: string;
  /** Fields a row may carry besides `id` and `organization`, in documentation order. `time` is one of them. */
  readonly fields: readonly Field[];
  readonly measures: readonly Measure[];
  /** Field that is 1 in rows which the server made from other rows: an export leaves them out, an import makes them. */
  readonly madeRows?: string;
  /** Pre-aggregated tables at 15-minute grain, smallest first. The planner takes the first that covers a question. */
  readonly rollups: readonly Rollup[];
  /** Further tables that the engine fills from the rows, for questions of another kind (`queries/audience`). */
  readonly derivedTables?: readonly string[];
}

export type StreamName = 'requests' | 'usage' | 'sessions' | 'events' | 'visits' | 'inventory';

export interface Field {
  /** Name on the wire of the native API; equal to the column's name. */
  readonly name: string;
  readonly type: FieldType;
  readonly required?: true;
  /** May be grouped by and filtered on. */
  readonly dimension?: true;
  readonly description: string;
  /** Set by the server, never accepted from a row. */
  readonly derived?: true;
  /** Set by the server in rows that have the named field, and accepted only from rows without it. */
  readonly derivedFrom?: string;
}

/** Text lengths are in Unicode code points. Absent text is stored as '' and absent numbers as 0 unless `nullable`. */
export type FieldType =
  | { readonly kind: 'time' }
  | { readonly kind: 'text'; readonly maxLength: number; readonly oneOf?: readonly string[] }
  | {
      readonly kind: 'integer';
      readonly min: number;
      readonly max: number;
      readonly default?: number;
      readonly nullable?: true;
    }
  | { readonly kind: 'number'; readonly default?: number; readonly nullable?: true }
  | { readonly kind: 'json'; readonly maxBytes: number };

export interface Measure {
  readonly name: string;
  readonly description: string;
  readonly unit: 'count' | 'bytes' | 'ms' | 's' | 'none';
  readonly aggregate:
    | { readonly kind: 'sum'; readonly field: string }
    | { readonly kind: 'rows' }
    | { readonly kind: 'uniques'; readonly field: string }
    | { readonly kind: 'min' | 'max'; readonly field: string }
    /** Sum of the field over the number of rows that have it; null where none has. */
    | { readonly kind: 'mean'; readonly field: string };
}

export interface Rollup {
  readonly table: string;
  readonly dimensions: readonly string[];
  /** Measures the rollup can answer; `uniques`, `min` and `max` never are. */
  readonly measures: readonly string[];
}
