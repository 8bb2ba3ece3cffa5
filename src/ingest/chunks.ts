/** Rows one statement carries: far below the engines' limits on bound values (32,766 and 65,535). */
const ROWS_PER_STATEMENT = 1000;

/** Cuts a list so that each piece fits one statement. */
export function* chunks<T>(items: readonly T[], size = ROWS_PER_STATEMENT): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
