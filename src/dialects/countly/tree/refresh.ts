import { at, keysOf, put, type Branch, type DayPath, type Level } from './time-tree.ts';

/** What of a node above the day goes with a refresh: what does not add up of its parts (contract 3.5). */
const UNIQUES: ReadonlySet<string> = new Set(['u', 'f', 'l']);
const SUMS: ReadonlySet<string> = new Set(['t', 'n', 'd', 'e', 'ds']);
const ABOVE: readonly Level[] = ['year', 'month', 'week'];
const TIME_KEY = /^(?:\d+|w\d+)$/;

/** Only the running day, and the unique users and ranges of its week, month and year. */
export function sessionsToday(tree: Branch, today: DayPath): Branch {
  const cut: Branch = new Map();
  for (const level of ABOVE) {
    const keys = keysOf(today, level);
    const node = at(tree, keys);
    if (node !== null) put(cut, keys, uniquesOf(node));
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

function uniquesOf(node: Branch): Branch {
  const kept: Branch = new Map();
  for (const [key, value] of node) {
    if (UNIQUES.has(key)) kept.set(key, value);
    else if (value instanceof Map && !SUMS.has(key) && !TIME_KEY.test(key)) {
      const users = value.get('u');
      if (users !== undefined) kept.set(key, new Map([['u', users]]));
    }
  }
  return kept;
}
