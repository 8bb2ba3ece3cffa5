import { isTimeKey } from './keys.ts';
import { at, keysOf, put, type Branch, type DayPath, type Level } from './time-tree.ts';

/** Ranges of a node above the day that go with a refresh: sessions and users that do not add up of those below. */
const RANGES: ReadonlySet<string> = new Set(['f', 'l']);
const ABOVE: readonly Level[] = ['year', 'month', 'week'];

/**
 * Only the running day, and the unique users and ranges of its week, month and year (contract 3.5).
 *
 * @param counted whether the tree holds sessions beside values; without, keys like `f` are values too
 */
export function sessionsToday(tree: Branch, today: DayPath, counted: boolean): Branch {
  const cut: Branch = new Map();
  for (const level of ABOVE) {
    const keys = keysOf(today, level);
    const node = at(tree, keys);
    if (node !== null) put(cut, keys, uniquesOf(node, counted));
  }
  put(cut, keysOf(today, 'day'), at(tree, keysOf(today, 'day')));
  return cut;
}

/** Only the running day, nothing above it. */
export function eventsToday(tree: Branch, today: DayPath): Branch {
  const cut: Branch = new Map();
  put(cut, keysOf(today, 'day'), at(tree, keysOf(today, 'day')));
  return cut;
}

function uniquesOf(node: Branch, counted: boolean): Branch {
  const kept: Branch = new Map();
  for (const [key, value] of node) {
    if (!(value instanceof Map)) {
      if (key === 'u') kept.set(key, value);
    } else if (counted && RANGES.has(key)) {
      kept.set(key, value);
    } else if (!isTimeKey(key) && !(counted && key === 'ds')) {
      const users = value.get('u');
      if (users !== undefined) kept.set(key, new Map([['u', users]]));
    }
  }
  return kept;
}
