import type { Question } from '../../domain/question.ts';
import { dimensionsOf, measureOf, type Dimension } from '../../domain/streams/dimensions.ts';
import type { Measure, StreamDeclaration } from '../../domain/streams/index.ts';
import type { TimeRange } from '../../domain/time/instant.ts';
import { rollupColumns } from '../../store/facts/rollups.ts';
import { empty, ident, join, param, sql, type Sql } from '../../store/facts/sql.ts';
import { filterCondition, scopeConditions, timeCondition } from '../scope.sql.ts';
import { bucketOf } from './bucket.sql.ts';
import type { Grouping } from './grouping.ts';
import type { Plan } from './plan.ts';

export interface AskSql {
  /** Columns: `bucket` (with a grouping), `d0`…, `m0`…, `total` (when paged and counted). */
  readonly rows: Sql;
  /** One column `total`: the number of rows before limit and offset. */
  readonly total: Sql;
  /** The rows before limit and offset, in no order. */
  readonly unpaged: Sql;
}

export interface Paging {
  readonly limit: number | null;
  readonly offset: number;
  /** Each row also says how many there are in all, for which the engine has to hold all of them at once. */
  readonly counted: boolean;
  /** Further columns of each row, with a comma before each. */
  readonly further?: Sql;
}

/**
 * The text of a question: each source (rollup, raw rows) yields its rows as bucket, dimensions and *parts* of the
 * measures; the parts are added up around them. One shape for one source and for two. Adding around a subquery costs
 * nothing measurable (218 against 225 ms over 10 million rows).
 */
export function askSql(
  stream: StreamDeclaration,
  question: Question,
  plan: Plan,
  grouping: Grouping | null,
  paging: Paging | null,
): AskSql {
  const measures = question.measures.map((name) => {
    const measure = measureOf(stream, name);
    if (measure === undefined) throw new TypeError(`no measure ${name} in ${stream.name}`);
    return measure;
  });
  const source = { question, grouping, measures, dimensions: dimensionsOf(stream) };
  const sources = join(
    [
      ...(plan.rollup === null ? [] : [rollupRows(source, plan.rollup.declaration.table, plan.rollup.range)]),
      ...(plan.raw.length === 0 ? [] : [rawRows(source, stream, plan.raw)]),
    ],
    sql` UNION ALL `,
  );
  const keys = [...(grouping === null ? [] : [ident('bucket')]), ...question.dimensions.map((_, index) => d(index))];
  const totals = measures.map((measure, index) => sql`${total(measure, stream, index)} AS ${m(index)}`);
  const grouped = keys.length === 0 ? empty : sql` GROUP BY ${join(keys)}`;
  const counted = paging?.counted !== true ? empty : sql`, count() OVER () AS ${ident('total')}`;
  const further = paging?.further ?? empty;
  const unpaged = sql`SELECT ${join([...keys, ...totals])} FROM (${sources})${grouped}`;
  return {
    rows: sql`SELECT ${join([...keys, ...totals])}${counted}${further} FROM (${sources})${grouped}${paged(question, paging, keys)}`,
    total: sql`SELECT count() AS ${ident('total')} FROM (${unpaged})`,
    unpaged,
  };
}

interface Source {
  readonly question: Question;
  readonly grouping: Grouping | null;
  readonly measures: readonly Measure[];
  readonly dimensions: ReadonlyMap<string, Dimension>;
}

function rollupRows(source: Source, table: string, range: TimeRange): Sql {
  const parts = source.measures.flatMap((measure, index) => {
    const columns = rollupColumns(measure);
    if (columns === null) throw new TypeError(`no rollup holds ${measure.name}`);
    return columns.kind === 'mean'
      ? [sql`${ident(columns.sum)} AS ${s(index)}`, sql`${ident(columns.rows)} AS ${n(index)}`]
      : [sql`${ident(columns.sum)} AS ${s(index)}`];
  });
  return sourceRows(source, table, 'slot', [range], parts);
}

function rawRows(source: Source, stream: StreamDeclaration, ranges: readonly TimeRange[]): Sql {
  const parts = source.measures.flatMap(({ aggregate }, index) => {
    if (aggregate.kind === 'rows') return [sql`toUInt64(1) AS ${s(index)}`];
    const field = ident(aggregate.field);
    return aggregate.kind === 'mean'
      ? [sql`ifNull(${field}, 0) AS ${s(index)}`, sql`toUInt64(${field} IS NOT NULL) AS ${n(index)}`]
      : [sql`${field} AS ${s(index)}`];
  });
  return sourceRows(source, stream.name, 'time', ranges, parts);
}

function sourceRows(
  { question, grouping, dimensions }: Source,
  table: string,
  time: 'time' | 'slot',
  ranges: readonly TimeRange[],
  parts: readonly Sql[],
): Sql {
  const columns = [
    ...(grouping === null ? [] : [sql`${bucketOf(grouping, time)} AS ${ident('bucket')}`]),
    ...question.dimensions.map((name, index) => sql`${present(question, name)} AS ${d(index)}`),
    ...parts,
  ];
  const conditions = [
    ...scopeConditions(question.scope, dimensions),
    timeCondition(time, ranges),
    ...question.filters.map((filter) => filterCondition(filter, dimensions)),
  ];
  return sql`SELECT ${join(columns)} FROM ${ident(table)} WHERE ${join(conditions, sql` AND `)}`;
}

function present({ absentAs = {} }: Question, name: string): Sql {
  const text = Object.hasOwn(absentAs, name) ? absentAs[name] : undefined;
  return text === undefined ? ident(name) : sql`if(${ident(name)} = '', ${param.string(text)}, ${ident(name)})`;
}

/**
 * Fractions are added with Kahan's compensation, so that the order in which threads deliver them does not show in the
 * last digit. Unique values do not count the absent one.
 */
function total({ aggregate }: Measure, stream: StreamDeclaration, index: number): Sql {
  switch (aggregate.kind) {
    case 'rows':
      return sql`sum(${s(index)})`;
    case 'sum':
      return fieldKind(stream, aggregate.field) === 'number' ? sql`sumKahan(${s(index)})` : sql`sum(${s(index)})`;
    case 'mean':
      return sql`if(sum(${n(index)}) = 0, NULL, sum(${s(index)}) / sum(${n(index)}))`;
    case 'uniques':
      return fieldKind(stream, aggregate.field) === 'text'
        ? sql`uniqExactIf(${s(index)}, ${s(index)} != '')`
        : sql`uniqExactIf(${s(index)}, ${s(index)} != 0)`;
    case 'min':
      return sql`minOrNull(${s(index)})`;
    case 'max':
      return sql`maxOrNull(${s(index)})`;
  }
}

function fieldKind(stream: StreamDeclaration, name: string): string {
  const field = stream.fields.find((candidate) => candidate.name === name);
  if (field === undefined) throw new TypeError(`no field ${name} in ${stream.name}`);
  return field.type.kind;
}

/** The order asked for, then bucket and dimensions, so that pages neither overlap nor leave out. Nulls are smallest. */
function paged(question: Question, paging: Paging | null, keys: readonly Sql[]): Sql {
  const asked = (question.order ?? []).map(({ by, direction }) => {
    const column = columnOf(question, by);
    return direction === 'ascending' ? sql`${column} ASC NULLS FIRST` : sql`${column} DESC NULLS LAST`;
  });
  const order = [...asked, ...keys];
  const ordered = order.length === 0 ? empty : sql` ORDER BY ${join(order)}`;
  if (paging === null) return ordered;
  const limit = paging.limit === null ? empty : sql` LIMIT ${param.u64(paging.limit)}`;
  const offset = paging.offset === 0 ? empty : sql` OFFSET ${param.u64(paging.offset)}`;
  return sql`${ordered}${limit}${offset}`;
}

function columnOf(question: Question, name: string): Sql {
  if (name === 'bucket') return ident('bucket');
  const dimension = question.dimensions.indexOf(name);
  return dimension >= 0 ? d(dimension) : m(question.measures.indexOf(name));
}

const d = (index: number): Sql => ident(`d${index}`);
const m = (index: number): Sql => ident(`m${index}`);
const s = (index: number): Sql => ident(`s${index}`);
const n = (index: number): Sql => ident(`n${index}`);
