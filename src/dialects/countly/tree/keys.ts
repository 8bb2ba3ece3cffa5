/** Months, days and hours are keys of the tree, so are weeks; values that look like one are marked (contract 3.3). */
const TIME = /^(?:\d|[12]\d|3[01]|w(?:[1-9]|[1-4]\d|5[0-3]))$/;
const MARK = '[CLY]';

/** Whether a key of the tree is a month, a day, an hour or a week; values never are. */
export function isTimeKey(key: string): boolean {
  return TIME.test(key);
}

/** A value as a key of the tree and in `meta`. */
export function treeKey(value: string): string {
  const key = value.replace(/^\$/, '').replaceAll('.', ':');
  return TIME.test(key) ? MARK + key : key;
}

/** Name of a segment as a member of `meta`, beside the list of all. */
export function metaName(segment: string): string {
  return segment === 'segments' ? MARK + segment : segment;
}

/** In order of code points, each once. */
export function sortedKeys(keys: Iterable<string>): string[] {
  return [...new Set(keys)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}
