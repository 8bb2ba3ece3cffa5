import type { AnswerRow, Question } from '../../domain/question.ts';
import { dimensionsOf, measureOf } from '../../domain/streams/dimensions.ts';
import type { Measure, StreamDeclaration } from '../../domain/streams/index.ts';
import { column, type Column, type Rows } from '../../store/facts/rows.ts';

type Value = number | bigint | null;

/**
 * Reads the columns of `askSql` by position: `bucket` (with buckets), dimensions, measures.
 *
 * @param bucketOf turns the engine's bucket into an index; null for questions without buckets
 */
export function answerRows(
  stream: StreamDeclaration,
  question: Question,
  bucketOf: ((bucket: number) => number) | null,
): Rows<AnswerRow> {
  const dimensions = question.dimensions.map((name) => dimensionReader(stream, name));
  const measures = question.measures.map((name) => measureReader(stream, name));
  const firstDimension = bucketOf === null ? 0 : 1;
  const firstMeasure = firstDimension + dimensions.length;
  const width = firstMeasure + measures.length;
  return {
    reader(names) {
      if (names.length !== width) throw new TypeError(`expected ${width} columns, got ${names.join(', ')}`);
      return (values) => ({
        bucket: bucketOf === null ? -1 : bucketOf(column.integer(values[0])),
        dimensions: dimensions.map((read, index) => read(values[firstDimension + index])),
        measures: measures.map((read, index) => read(values[firstMeasure + index])),
      });
    },
  };
}

/** The same with `total`, the number of all rows, as the last column. */
export function withTotal(rows: Rows<AnswerRow>): Rows<{ readonly row: AnswerRow; readonly total: number }> {
  return {
    reader(names) {
      const last = names.length - 1;
      const read = rows.reader(names.slice(0, last));
      return (values) => ({ row: read(values), total: column.integer(values[last]) });
    },
  };
}

/** The stored form of an absent value is null. */
export function dimensionReader(stream: StreamDeclaration, name: string): Column<string | number | null> {
  const text = dimensionsOf(stream).get(name)?.type.kind === 'text';
  return text ? (value) => column.text(value) || null : (value) => column.integer(value) || null;
}

function measureReader(stream: StreamDeclaration, name: string): Column<Value> {
  const measure = measureOf(stream, name);
  if (measure === undefined) throw new TypeError(`no measure ${name} in ${stream.name}`);
  return isFraction(stream, measure) ? column.nullable(column.float) : column.nullable(column.count);
}

function isFraction(stream: StreamDeclaration, { aggregate }: Measure): boolean {
  if (aggregate.kind === 'mean') return true;
  if (aggregate.kind === 'rows' || aggregate.kind === 'uniques') return false;
  return stream.fields.find(({ name }) => name === aggregate.field)?.type.kind === 'number';
}

/** What a measure is where there are no rows: nothing happened, so counts are 0, and means and extremes unknown. */
export function emptyMeasures(stream: StreamDeclaration, question: Question): Value[] {
  return question.measures.map((name) => {
    const kind = measureOf(stream, name)?.aggregate.kind;
    return kind === 'mean' || kind === 'min' || kind === 'max' ? null : 0;
  });
}
