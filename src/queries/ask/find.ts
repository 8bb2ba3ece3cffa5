import type { AnswerRow, Question } from '../../domain/question.ts';
import { streams } from '../../domain/streams/index.ts';
import type { EpochMs } from '../../domain/time/instant.ts';
import { FactsError } from '../../store/facts/facts-error.ts';
import type { FactsStore, ReadLimits } from '../../store/facts/facts-store.ts';
import { linePieces } from '../../store/facts/row-pieces.ts';
import { column, tupleOf, type Rows } from '../../store/facts/rows.ts';
import { readsNothing } from '../scope.sql.ts';
import { askSql, type AskSql, type Paging } from './ask.sql.ts';
import { bucketIndex } from './bucket.sql.ts';
import { MAX_ROWS } from './check.ts';
import { filled, sorted } from './fill.ts';
import { groupingOf } from './grouping.ts';
import { planOf } from './plan.ts';
import type { RowText, TextRows, WholeAnswer } from './row-text.ts';
import { textSql, wholeColumns, type TextSql } from './row-text.sql.ts';
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

/**
 * The rows of a checked question that fills nothing, as texts. Tried in memory first, with one pass over the facts; an
 * answer that is too large for that is counted in a pass of its own, and sorted and grouped on disk.
 */
export async function* findTexts(
  facts: FactsStore,
  question: Question,
  form: RowText,
  edges: readonly EpochMs[],
  read: ReadLimits,
): AsyncGenerator<TextRows> {
  if (readsNoRows(question)) return;
  let begun = false;
  try {
    for await (const rows of oncePassed(facts, question, form, edges, read)) {
      begun = true;
      yield rows;
    }
  } catch (error) {
    if (begun || !(error instanceof FactsError) || error.kind !== 'memory') throw error;
    yield* twicePassed(facts, question, form, edges, read);
  }
}

async function* oncePassed(
  facts: FactsStore,
  question: Question,
  form: RowText,
  edges: readonly EpochMs[],
  read: ReadLimits,
): AsyncGenerator<TextRows> {
  const { text, bucketOf } = prepareTexts(question, form, edges, true);
  const stream = await facts.stream(text.rows, 'LineAsString', { ...read, inMemory: true });
  let known: { readonly all: WholeAnswer; readonly end: string } | null = null;
  for await (const lines of linePieces(stream)) {
    known ??= wholeBehind(lines, bucketOf);
    // Every line says the same of the whole.
    yield { texts: lines.slice(0, -known.end.length).split(`${known.end}\n`), all: known.all };
  }
}

async function* twicePassed(
  facts: FactsStore,
  question: Question,
  form: RowText,
  edges: readonly EpochMs[],
  read: ReadLimits,
): AsyncGenerator<TextRows> {
  const { text, bucketOf } = prepareTexts(question, form, edges, false);
  let all: WholeAnswer | null = null;
  const columns = tupleOf(column.integer, column.count, column.integer);
  for await (const [row] of facts.rows(text.whole, { ...read, rows: columns })) {
    if (row !== undefined) all = { rows: row[0], sum: BigInt(row[1]), lastBucket: bucketOf(row[2]) };
  }
  if (all === null) throw new TypeError('the engine counted nothing');
  const stream = await facts.stream(text.rows, 'LineAsString', read);
  for await (const lines of linePieces(stream)) yield { texts: lines.split('\n'), all };
}

/** What the first of the lines says behind its text. */
function wholeBehind(
  lines: string,
  bucketOf: (bucket: number) => EpochMs | null,
): { readonly all: WholeAnswer; readonly end: string } {
  const end = /\t(\d+)\t(\d+)\t(-?\d+)(?=\n|$)/.exec(lines);
  if (end === null) throw new TypeError('the engine did not say what all rows are');
  const [behind, rows, sum, last] = end;
  return {
    end: behind,
    all: { rows: Number(rows), sum: BigInt(sum ?? ''), lastBucket: bucketOf(Number(last)) },
  };
}

function prepareTexts(
  question: Question,
  form: RowText,
  edges: readonly EpochMs[],
  counted: boolean,
): { readonly text: TextSql; readonly bucketOf: (bucket: number) => EpochMs | null } {
  const stream = streams[question.stream];
  const grouping = question.bucket === null ? null : groupingOf(edges);
  const paging: Paging = {
    limit: question.limit ?? null,
    offset: question.offset ?? 0,
    counted: false,
    ...(counted ? { further: wholeColumns(grouping) } : {}),
  };
  const ask = askSql(stream, question, planOf(stream, question, edges), grouping, paging);
  const indexOf = grouping === null ? null : bucketIndex(grouping);
  return {
    text: textSql(stream, question, ask, form, { grouping, edges, counted }),
    bucketOf: (bucket) => (indexOf === null ? null : (edges[indexOf(bucket)] ?? null)),
  };
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
