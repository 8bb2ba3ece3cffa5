import type { AnswerRow, Question } from '../../domain/question.ts';
import { streams } from '../../domain/streams/index.ts';
import type { EpochMs } from '../../domain/time/instant.ts';
import type { FactsStore, ReadLimits } from '../../store/facts/facts-store.ts';
import { column, tupleOf, type Rows } from '../../store/facts/rows.ts';
import { readsNothing } from '../scope.sql.ts';
import { askSql, type AskSql, type Paging } from './ask.sql.ts';
import { bucketIndex } from './bucket.sql.ts';
import { MAX_ROWS } from './check.ts';
import { filled, sorted } from './fill.ts';
import { groupingOf } from './grouping.ts';
import { planOf } from './plan.ts';
import { answerRows, emptyMeasures, withTotal } from './rows.ts';

export interface Found {
  readonly rows: readonly AnswerRow[];
  /** Rows before limit and offset; null when the question has neither. */
  readonly totalRows: number | null;
}

/**
 * The rows of a checked question.
 *
 * @param edges of its buckets; empty without buckets or for an empty range
 * @returns `too_many_rows` when filling makes more than an answer may have; what the engine finds is limited by `read`
 */
export async function find(
  facts: FactsStore,
  question: Question,
  edges: readonly EpochMs[],
  read: ReadLimits,
): Promise<Found | 'too_many_rows'> {
  const paging = pagingOf(question);
  if (question.bucket === null || question.fill !== true) {
    return readsNoRows(question) ? pageOf(withoutRows(question), paging) : query(facts, question, edges, paging, read);
  }
  // The engine knows only the buckets that have rows, so the page is cut after the others are put in.
  const { rows } = readsNoRows(question) ? { rows: [] } : await query(facts, question, edges, null, read);
  const whole = filled(rows, Math.max(0, edges.length - 1), emptyMeasures(streams[question.stream], question), {
    withoutDimensions: question.dimensions.length === 0,
    most: MAX_ROWS,
  });
  return whole === 'too_many_rows' ? whole : pageOf(sorted(whole, question), paging);
}

async function query(
  facts: FactsStore,
  question: Question,
  edges: readonly EpochMs[],
  paging: Paging | null,
  read: ReadLimits,
): Promise<Found> {
  const { text, rows } = prepare(question, edges, paging);
  if (paging === null) return { rows: await facts.query(text.rows, { ...read, rows }), totalRows: null };
  const page = await facts.query(text.rows, { ...read, rows: withTotal(rows) });
  const total = page[0]?.total;
  if (total !== undefined) return { rows: page.map(({ row }) => row), totalRows: total };
  // A page beyond the end has no row that could carry the total.
  const counted = await facts.query(text.total, { ...read, rows: tupleOf(column.integer) });
  return { rows: [], totalRows: counted[0]?.[0] ?? 0 };
}

/** The rows of a checked question that fills nothing, a few thousand at a time; for answers longer than `find` gives. */
export async function* findAll(
  facts: FactsStore,
  question: Question,
  edges: readonly EpochMs[],
  read: ReadLimits,
): AsyncGenerator<readonly AnswerRow[]> {
  if (readsNoRows(question)) {
    yield pageOf(withoutRows(question), pagingOf(question)).rows;
    return;
  }
  const paging = pagingOf(question);
  const { text, rows } = prepare(question, edges, paging === null ? null : { ...paging, counted: false });
  yield* facts.rows(text.rows, { ...read, rows });
}

/** How many rows the answer to a checked question that fills nothing has, before limit and offset. */
export async function countAll(
  facts: FactsStore,
  question: Question,
  edges: readonly EpochMs[],
  read: ReadLimits,
): Promise<number> {
  if (readsNoRows(question)) return withoutRows(question).length;
  const { text } = prepare(question, edges, null);
  for await (const [row] of facts.rows(text.total, { ...read, rows: tupleOf(column.integer) })) {
    if (row !== undefined) return row[0];
  }
  throw new TypeError('the engine counted nothing');
}

function prepare(
  question: Question,
  edges: readonly EpochMs[],
  paging: Paging | null,
): { readonly text: AskSql; readonly rows: Rows<AnswerRow> } {
  const stream = streams[question.stream];
  const grouping = question.bucket === null ? null : groupingOf(edges);
  return {
    text: askSql(stream, question, planOf(stream, question, edges), grouping, paging),
    rows: answerRows(stream, question, grouping === null ? null : bucketIndex(grouping)),
  };
}

/** Nobody's facts, or an empty range. */
function readsNoRows({ scope, range }: Question): boolean {
  return readsNothing(scope) || range.from >= range.to;
}

function withoutRows(question: Question): AnswerRow[] {
  if (question.bucket !== null || question.dimensions.length > 0) return [];
  return [{ bucket: -1, dimensions: [], measures: emptyMeasures(streams[question.stream], question) }];
}

function pagingOf({ limit, offset }: Question): Paging | null {
  return limit === undefined && offset === undefined
    ? null
    : { limit: limit ?? null, offset: offset ?? 0, counted: true };
}

function pageOf(rows: readonly AnswerRow[], paging: Paging | null): Found {
  if (paging === null) return { rows, totalRows: null };
  const end = paging.limit === null ? rows.length : paging.offset + paging.limit;
  return { rows: rows.slice(paging.offset, end), totalRows: rows.length };
}
