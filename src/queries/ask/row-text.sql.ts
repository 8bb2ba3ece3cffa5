import type { Question } from '../../domain/question.ts';
import { dimensionsOf } from '../../domain/streams/dimensions.ts';
import type { StreamDeclaration } from '../../domain/streams/index.ts';
import type { EpochMs } from '../../domain/time/instant.ts';
import { empty, ident, join, param, sql, type Sql } from '../../store/facts/sql.ts';
import type { AskSql } from './ask.sql.ts';
import type { Grouping } from './grouping.ts';
import type { RowText, RowTextPiece } from './row-text.ts';

export interface TextSql {
  /** One text a row: the row's text, and with `counted` behind it, between tabs, what `whole` says. */
  readonly rows: Sql;
  /** One row: `rows`, `sum`, `last` (of the engine's buckets). */
  readonly whole: Sql;
}

/**
 * @param ask the question's text; its rows are counted as asked
 * @param edges of the question's buckets
 */
export function textSql(
  stream: StreamDeclaration,
  question: Question,
  ask: AskSql,
  form: RowText,
  { grouping, edges, counted }: { grouping: Grouping | null; edges: readonly EpochMs[]; counted: boolean },
): TextSql {
  const pieces = form.map((piece) => pieceOf(stream, question, piece, grouping, edges));
  const behind = counted
    ? ['all_rows', 'all_sum', 'all_last'].map((name) => sql`'\t', toString(${ident(name)})`)
    : [sql`''`];
  const last = grouping === null ? sql`toInt64(0)` : sql`max(${ident('bucket')})`;
  return {
    rows: sql`SELECT concat(${join([...pieces, ...behind])}) FROM (${ask.rows})`,
    whole: sql`SELECT count() AS ${ident('rows')}, sum(toUInt128(${ident('m0')})) AS ${ident('sum')},
      ${last} AS ${ident('last')} FROM (${ask.unpaged})`,
  };
}

/** What each row says of all of them; the engine holds all of them in memory for it. */
export function wholeColumns(grouping: Grouping | null): Sql {
  const last = grouping === null ? sql`toInt64(0)` : sql`max(${ident('bucket')}) OVER ()`;
  return sql`, count() OVER () AS ${ident('all_rows')}, sum(toUInt128(${ident('m0')})) OVER () AS ${ident('all_sum')},
    ${last} AS ${ident('all_last')}`;
}

function pieceOf(
  stream: StreamDeclaration,
  question: Question,
  piece: RowTextPiece,
  grouping: Grouping | null,
  edges: readonly EpochMs[],
): Sql {
  if (typeof piece === 'string') return sql`${param.string(piece)}`;
  if ('dimension' in piece) {
    const column = ident(`d${question.dimensions.indexOf(piece.dimension)}`);
    const isText = dimensionsOf(stream).get(piece.dimension)?.type.kind === 'text';
    return isText
      ? sql`toJSONString(toString(${column}))`
      : sql`if(${column} = 0, '""', concat('"', toString(${column}), '"'))`;
  }
  if ('measure' in piece) {
    const column = ident(`m${question.measures.indexOf(piece.measure)}`);
    const digits = sql`toString(${column})`;
    if (piece.quotedAbove === null) return digits;
    return sql`if(${column} > ${param.u64(piece.quotedAbove)}, concat('"', ${digits}, '"'), ${digits})`;
  }
  if (grouping === null) return empty;
  const names = param.strings(edges.slice(0, -1).map(piece.bucket));
  const index =
    grouping.kind === 'steps'
      ? sql`${ident('bucket')} + 1`
      : sql`indexOf(${param.int64s(grouping.starts)}, ${ident('bucket')})`;
  return sql`arrayElement(${names}, ${index})`;
}
