import type { EventCount, EventSeries } from '../../../queries/audience/events.ts';
import { segmentName } from '../write/events.ts';
import { treeKey } from './keys.ts';
import { add, dayPath, keysOf, plain, type Branch, type Level } from './time-tree.ts';

const LEVELS: readonly Level[] = ['year', 'month', 'day'];

/** `c`, `s` and `dur` of an event by year, month, day and hour (contract 3.6). */
export function hoursTree(hours: EventSeries['hours']): Branch {
  const tree: Branch = new Map();
  for (const row of hours) {
    const path = dayPath(Math.floor(row.hour / 24));
    const day = keysOf(path, 'day');
    for (const level of LEVELS) addCount(tree, keysOf(path, level), row);
    addCount(tree, [...day, String(((row.hour % 24) + 24) % 24)], row);
  }
  return tree;
}

/** The values of one segment. */
export interface SegmentTree {
  readonly name: string;
  readonly tree: Branch;
  readonly values: Set<string>;
}

/** By name of the segment; without hours. */
export function segmentTrees(values: EventSeries['values']): ReadonlyMap<string, SegmentTree> {
  const segments = new Map<string, SegmentTree>();
  for (const row of values) {
    // Rows of other writers may name segments in ways that SDKs cannot.
    const name = segmentName(row.segment);
    if (name === '') continue;
    const segment = segments.get(name) ?? { name, tree: new Map() as Branch, values: new Set<string>() };
    segments.set(name, segment);
    const path = dayPath(row.day);
    const key = treeKey(row.value);
    segment.values.add(key);
    for (const level of LEVELS) addCount(segment.tree, [...keysOf(path, level), key], row);
  }
  return segments;
}

function addCount(tree: Branch, keys: readonly string[], { count, sumE5, durationE5 }: EventCount): void {
  add(tree, keys, 'c', count);
  // Shown where some event brought one, also when they cancel to 0.
  if (sumE5 !== null) add(tree, keys, 's', sumE5);
  if (durationE5 !== null) add(tree, keys, 'dur', durationE5);
}

export function plainEvents(tree: Branch): object {
  return plain(tree, (value, counter) => (counter === 'c' ? Number(value) : decimal(BigInt(value))));
}

/** An integer of 10^-5 as the number it stands for, rounded once. */
function decimal(e5: bigint): number {
  const digits = (e5 < 0n ? -e5 : e5).toString().padStart(6, '0');
  return Number(`${e5 < 0n ? '-' : ''}${digits.slice(0, -5)}.${digits.slice(-5)}`);
}
