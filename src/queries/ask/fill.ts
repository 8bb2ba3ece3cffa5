import type { AnswerRow, Order, Question } from '../../domain/question.ts';

type Measures = AnswerRow['measures'];

/**
 * Every bucket for every combination of dimensions that occurs; without dimensions every bucket, rows or not. To be
 * sorted afterwards.
 *
 * @param buckets how many there are
 * @param nothing measures of a bucket without rows
 */
export function filled(
  rows: readonly AnswerRow[],
  buckets: number,
  nothing: Measures,
  { withoutDimensions, most }: { readonly withoutDimensions: boolean; readonly most: number },
): AnswerRow[] | 'too_many_rows' {
  const series = new Map<string, { dimensions: AnswerRow['dimensions']; found: (AnswerRow | undefined)[] }>();
  if (withoutDimensions) series.set('[]', { dimensions: [], found: [] });
  for (const row of rows) {
    const key = JSON.stringify(row.dimensions);
    let line = series.get(key);
    if (line === undefined) series.set(key, (line = { dimensions: row.dimensions, found: [] }));
    line.found[row.bucket] = row;
  }
  if (series.size * buckets > most) return 'too_many_rows';
  return [...series.values()].flatMap(({ dimensions, found }) =>
    Array.from({ length: buckets }, (_, bucket) => found[bucket] ?? { bucket, dimensions, measures: nothing }),
  );
}

/** The order the engine gives: as asked, then bucket, then dimensions; nulls smallest, texts by their UTF-8 bytes. */
export function sorted(rows: readonly AnswerRow[], question: Question): AnswerRow[] {
  const asked = (question.order ?? []).map((order) => comparison(question, order));
  return rows.toSorted((a, b) => {
    for (const compare of asked) {
      const difference = compare(a, b);
      if (difference !== 0) return difference;
    }
    return a.bucket - b.bucket || compareLists(a.dimensions, b.dimensions);
  });
}

function comparison(question: Question, { by, direction }: Order): (a: AnswerRow, b: AnswerRow) => number {
  const sign = direction === 'ascending' ? 1 : -1;
  if (by === 'bucket') return (a, b) => sign * (a.bucket - b.bucket);
  const dimension = question.dimensions.indexOf(by);
  if (dimension >= 0) return (a, b) => sign * compare(a.dimensions[dimension], b.dimensions[dimension]);
  const measure = question.measures.indexOf(by);
  return (a, b) => sign * compare(a.measures[measure], b.measures[measure]);
}

function compareLists(a: AnswerRow['dimensions'], b: AnswerRow['dimensions']): number {
  for (const [index, value] of a.entries()) {
    const difference = compare(value, b[index]);
    if (difference !== 0) return difference;
  }
  return 0;
}

type Comparable = string | number | bigint | null | undefined;

function compare(a: Comparable, b: Comparable): number {
  if (a === b) return 0;
  if (a === null || a === undefined) return -1;
  if (b === null || b === undefined) return 1;
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** UTF-16 puts U+E000 to U+FFFF after everything beyond; UTF-8 and the engine before. */
function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const x = a.charCodeAt(index);
    const y = b.charCodeAt(index);
    if (x !== y) return isSurrogate(x) === isSurrogate(y) ? x - y : isSurrogate(x) ? 1 : -1;
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
