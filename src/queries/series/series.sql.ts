import type { Question } from '../../domain/question.ts';
import type { StreamDeclaration } from '../../domain/streams/index.ts';
import type { EpochMs } from '../../domain/time/instant.ts';
import { ident, join, sql, type Sql } from '../../store/facts/sql.ts';
import { askSql } from '../ask/ask.sql.ts';
import { groupingOf } from '../ask/grouping.ts';
import { planOf } from '../ask/plan.ts';

/**
 * A question with buckets, its rows folded into one for each combination of dimensions. Columns: `d0`…, then `buckets`
 * and `amounts`, two arrays of equal length: the buckets that have rows, in no order, and their measure.
 *
 * @param edges of the question's buckets, of one at least
 */
export function seriesSql(stream: StreamDeclaration, question: Question, edges: readonly EpochMs[]): Sql {
  const { rows } = askSql(stream, question, planOf(stream, question, edges), groupingOf(edges), null);
  const keys = join(question.dimensions.map((_, index) => ident(`d${index}`)));
  return sql`SELECT ${keys}, groupArray(${ident('bucket')}) AS ${ident('buckets')},
    groupArray(${ident('m0')}) AS ${ident('amounts')} FROM (${rows}) GROUP BY ${keys}`;
}
