import type { Problem } from '../../domain/problem.ts';
import type { Filter, Question } from '../../domain/question.ts';
import type { Scope } from '../../domain/scope.ts';
import { isStreamName, streamNames, streams } from '../../domain/streams/index.ts';
import { dimensionsOf, type Dimension } from '../../domain/streams/dimensions.ts';
import type { BucketUnit } from '../../domain/time/buckets.ts';
import { WRITABLE, type EpochMs, type TimeRange } from '../../domain/time/instant.ts';

/** Rows one answer may have, and so the largest `limit`. */
export const MAX_ROWS = 100_000;
/** Values of all filters of a question together. */
const MAX_FILTER_VALUES = 10_000;
/** Code points of all texts of the filters together; a few long URLs or thousands of short names. */
const MAX_FILTER_TEXT = 100_000;

const OPERATORS: readonly string[] = ['in', 'not_in', 'contains', 'starts_with'] satisfies Filter['operator'][];

/** Largest count of a unit; a bucket of it still ends within the years that can be written. */
const MAX_COUNT: Readonly<Record<BucketUnit, number>> = {
  second: 100_000,
  minute: 100_000,
  hour: 100_000,
  day: 100_000,
  week: 100_000,
  month: 10_000,
  year: 1_000,
};

/**
 * What is wrong with a question, or null. Looks at names and values only: buckets are checked where their edges are
 * made. The field is a path into the question: `measures[1]`, `filters[0].values[2]`, `order[0].by`.
 *
 * @param maxRows the largest `limit`
 */
export function checkQuestion(question: Question, maxRows = MAX_ROWS): Problem | null {
  if (!isStreamName(question.stream)) {
    return invalid('stream', `unknown stream ${quote(question.stream)}; there are ${streamNames.join(', ')}`);
  }
  const stream = streams[question.stream];
  const dimensions = dimensionsOf(stream);
  return (
    checkRange(question) ??
    checkBucket(question) ??
    (question.measures.length === 0 ? { kind: 'missing_field', field: 'measures' } : null) ??
    checkNames('measures', 'measure', question.measures, new Set(stream.measures.map(({ name }) => name))) ??
    checkNames('dimensions', 'dimension', question.dimensions, dimensions) ??
    checkAbsent(question, dimensions) ??
    checkFilters(question.filters, dimensions) ??
    checkScope(question.scope, dimensions) ??
    checkOrder(question) ??
    checkInteger('limit', question.limit, 0, maxRows) ??
    checkInteger('offset', question.offset, 0, Number.MAX_SAFE_INTEGER)
  );
}

function checkRange({ range }: Question): Problem | null {
  for (const end of ['from', 'to'] as const) {
    const good = Number.isInteger(range[end]) && range[end] >= WRITABLE.from && range[end] <= WRITABLE.to;
    if (!good) return invalid(`range.${end}`, 'has to be an instant of the years 0000 to 9999');
  }
  return range.from > range.to ? invalid('range.to', 'lies before range.from') : null;
}

function checkBucket({ bucket, range }: Question): Problem | null {
  if (bucket === null) return null;
  if ('edges' in bucket) return checkEdges(bucket.edges, range);
  if (!Object.hasOwn(MAX_COUNT, bucket.unit)) {
    return invalid('bucket.unit', `has to be one of ${Object.keys(MAX_COUNT).join(', ')}`);
  }
  return checkInteger('bucket.count', bucket.count, 1, MAX_COUNT[bucket.unit]);
}

function checkEdges(edges: readonly EpochMs[], range: TimeRange): Problem | null {
  if (range.from >= range.to) return null;
  const ascends = edges.every((edge, index) => index === 0 || edge > (edges[index - 1] ?? edge));
  const [first, last] = [edges[0], edges.at(-1)];
  const covers = first !== undefined && last !== undefined && first <= range.from && last >= range.to;
  return ascends && covers ? null : invalid('bucket.edges', 'have to ascend and to lie around the range');
}

function checkNames(
  field: string,
  what: string,
  names: readonly string[],
  known: ReadonlySet<string> | ReadonlyMap<string, unknown>,
): Problem | null {
  for (const [index, name] of names.entries()) {
    if (!known.has(name)) return invalid(`${field}[${index}]`, unknown(what, name, known));
    if (names.indexOf(name) < index) return invalid(`${field}[${index}]`, `${quote(name)} is named twice`);
  }
  return null;
}

function checkAbsent({ absentAs = {} }: Question, dimensions: ReadonlyMap<string, Dimension>): Problem | null {
  for (const [name, text] of Object.entries(absentAs)) {
    const kind = dimensions.get(name)?.type.kind;
    if (kind !== 'text') return invalid(`absentAs.${name}`, 'is no dimension that is a text');
    if (text === '') return invalid(`absentAs.${name}`, 'may not be empty');
  }
  return null;
}

function checkFilters(filters: readonly Filter[], dimensions: ReadonlyMap<string, Dimension>): Problem | null {
  let values = 0;
  let characters = 0;
  for (const [index, filter] of filters.entries()) {
    const field = `filters[${index}]`;
    const dimension = dimensions.get(filter.dimension);
    if (dimension === undefined)
      return invalid(`${field}.dimension`, unknown('dimension', filter.dimension, dimensions));
    if (!OPERATORS.includes(filter.operator)) {
      return invalid(`${field}.operator`, `has to be one of ${OPERATORS.join(', ')}`);
    }
    const partial = filter.operator === 'contains' || filter.operator === 'starts_with';
    if (partial && dimension.type.kind !== 'text') {
      return invalid(`${field}.operator`, `${filter.operator} is for texts, and ${filter.dimension} is an integer`);
    }
    for (const [position, value] of filter.values.entries()) {
      const reason = partial && (value === null || value === '') ? 'may not be empty' : wrongValue(value, dimension);
      if (reason !== null) return invalid(`${field}.values[${position}]`, reason);
      characters += typeof value === 'string' ? value.length : 0;
    }
    values += filter.values.length;
    if (values > MAX_FILTER_VALUES) {
      return invalid(`${field}.values`, `more than ${MAX_FILTER_VALUES} values in the filters together`);
    }
    if (characters > MAX_FILTER_TEXT) {
      return invalid(`${field}.values`, `more than ${MAX_FILTER_TEXT} characters in the filters together`);
    }
  }
  return null;
}

/** A stream cannot be narrowed by a dimension it lacks; reading it whole instead would show rows of others. */
export function checkScope({ only = {} }: Scope, dimensions: ReadonlyMap<string, Dimension>): Problem | null {
  for (const [name, values] of Object.entries(only)) {
    const dimension = dimensions.get(name);
    if (dimension === undefined) return invalid(`scope.only.${name}`, unknown('dimension', name, dimensions));
    for (const [position, value] of values.entries()) {
      const reason = wrongValue(value, dimension);
      if (reason !== null) return invalid(`scope.only.${name}[${position}]`, reason);
    }
  }
  return null;
}

function wrongValue(value: string | number | null, { type }: Dimension): string | null {
  if (value === null) return null;
  if (type.kind === 'text') return typeof value === 'string' ? null : 'has to be a text';
  return typeof value === 'number' && Number.isInteger(value) && value >= type.min && value <= type.max
    ? null
    : `has to be an integer from ${type.min} to ${type.max}`;
}

function checkOrder(question: Question): Problem | null {
  const known = new Set([
    ...(question.bucket === null ? [] : ['bucket']),
    ...question.dimensions,
    ...question.measures,
  ]);
  for (const [index, { by, direction }] of (question.order ?? []).entries()) {
    if (!known.has(by)) return invalid(`order[${index}].by`, `${quote(by)} is not part of the question`);
    if (direction !== 'ascending' && direction !== 'descending') {
      return invalid(`order[${index}].direction`, 'has to be ascending or descending');
    }
  }
  return null;
}

function checkInteger(field: string, value: number | undefined, min: number, max: number): Problem | null {
  const good = value === undefined || (Number.isInteger(value) && value >= min && value <= max);
  return good ? null : invalid(field, `has to be an integer from ${min} to ${max}`);
}

function unknown(what: string, name: string, known: ReadonlySet<string> | ReadonlyMap<string, unknown>): string {
  return `unknown ${what} ${quote(name)}; there are ${[...known.keys()].join(', ')}`;
}

/** The caller's word, short enough for a message. */
function quote(name: string): string {
  return JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name);
}

function invalid(field: string, reason: string): Problem {
  return { kind: 'invalid_field', field, reason };
}
