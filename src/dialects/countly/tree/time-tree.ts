import { civilFromDays, daysFromCivil } from '../../../domain/time/civil.ts';

/** A node: counters, objects of counters and nodes below by their keys. */
export type Branch = Map<string, number | bigint | Branch>;

/** Where a day's counters go. Each may be asked for counters of its own: unique users do not add up. */
export interface DayPath {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  /** `w1` to `w53`: seven days each from 1 January (contract 3.2). */
  readonly week: string;
}

export type Level = 'year' | 'month' | 'week' | 'day';

/** The path of a day since 1970-01-01. */
export function dayPath(days: number): DayPath {
  const { year, month, day } = civilFromDays(days);
  const week = Math.ceil((days - daysFromCivil(year, 1, 1) + 1) / 7);
  return { year: String(year), month: String(month), day: String(day), week: `w${week}` };
}

/** The keys that lead to a node. */
export function keysOf(path: DayPath, level: Level): readonly string[] {
  switch (level) {
    case 'year':
      return [path.year];
    case 'week':
      return [path.year, path.week];
    case 'month':
      return [path.year, path.month];
    case 'day':
      return [path.year, path.month, path.day];
  }
}

/** Adds to a counter; the nodes on the way are made. */
export function add(root: Branch, keys: readonly string[], counter: string, by: number | bigint): void {
  let branch = root;
  for (const key of keys) {
    const next = branch.get(key);
    if (next instanceof Map) {
      branch = next;
      continue;
    }
    const made: Branch = new Map();
    branch.set(key, made);
    branch = made;
  }
  const known = branch.get(counter) ?? 0;
  if (known instanceof Map) return;
  branch.set(counter, typeof by === 'bigint' ? BigInt(known) + by : Number(known) + by);
}

/** Adds what is not nothing: counters of 0 are left out (contract 3.2). */
export function addSome(root: Branch, keys: readonly string[], counter: string, by: number): void {
  if (by !== 0) add(root, keys, counter, by);
}

/** The branch as a plain object; `Object.fromEntries` keeps a key `__proto__` a key. */
export function plain(branch: Branch, number: (value: number | bigint, counter: string) => number): object {
  return Object.fromEntries(
    [...branch].map(([key, value]) => [key, value instanceof Map ? plain(value, number) : number(value, key)]),
  );
}

/** A node below; null when there is none. */
export function at(root: Branch, keys: readonly string[]): Branch | null {
  let branch: Branch = root;
  for (const key of keys) {
    const next = branch.get(key);
    if (!(next instanceof Map)) return null;
    branch = next;
  }
  return branch;
}

/** Puts a node in its place; an empty one is left out. */
export function put(root: Branch, keys: readonly string[], node: Branch | null): void {
  const last = keys.at(-1);
  if (node === null || node.size === 0 || last === undefined) return;
  let branch = root;
  for (const key of keys.slice(0, -1)) {
    const next = branch.get(key);
    const into = next instanceof Map ? next : new Map();
    if (!(next instanceof Map)) branch.set(key, into);
    branch = into;
  }
  const known = branch.get(last);
  branch.set(last, known instanceof Map ? new Map([...known, ...node]) : node);
}
