import type { Calendar, FirstOf } from '../../../queries/audience/calendar.ts';
import type { ValueDay } from '../../../queries/audience/values.ts';
import { treeKey } from './keys.ts';
import { addSome, dayPath, keysOf, type Branch, type DayPath, type Level } from './time-tree.ts';

const LEVELS: readonly Level[] = ['year', 'month', 'week', 'day'];
/** Weeks hold unique users and ranges, and no plain sums (contract 3.2). */
const SUMMED: readonly Level[] = ['year', 'month', 'day'];

/** The counters of sessions, users and time (contract 3.2). */
export function addCalendar(root: Branch, calendar: Calendar): void {
  for (const row of calendar.hours) {
    const path = dayPath(Math.floor(row.hour / 24));
    const hour = hourKeys(path, row.hour);
    for (const keys of [...SUMMED.map((level) => keysOf(path, level)), hour]) {
      addSome(root, keys, 't', row.sessions);
      addSome(root, keys, 'n', row.newUsers);
    }
    addSome(root, hour, 'u', row.users);
    addUsers(root, path, row, []);
  }
  for (const { hour, requests, seconds } of calendar.activity) {
    const path = dayPath(Math.floor(hour / 24));
    for (const keys of [...SUMMED.map((level) => keysOf(path, level)), hourKeys(path, hour)]) {
      addSome(root, keys, 'd', seconds);
      addSome(root, keys, 'e', requests);
    }
  }
  addRanges(root, 'f', calendar.gaps);
  addRanges(root, 'ds', calendar.lengths);
  for (const row of calendar.ordinals) {
    const path = dayPath(row.day);
    for (const level of LEVELS) addSome(root, [...keysOf(path, level), 'l'], String(row.class), firstOf(row, level));
  }
}

/** `t`, `n`, `u` of each value (contract 3.4). Values that share a key add up. */
export function addValues(root: Branch, values: readonly ValueDay[], nameOf: (value: string) => string): void {
  for (const row of values) {
    const path = dayPath(row.day);
    const key = treeKey(nameOf(row.value));
    for (const level of SUMMED) {
      addSome(root, [...keysOf(path, level), key], 't', row.sessions);
      addSome(root, [...keysOf(path, level), key], 'n', row.newUsers);
    }
    addUsers(root, path, row, [key]);
  }
}

function addUsers(root: Branch, path: DayPath, row: FirstOf, below: readonly string[]): void {
  for (const level of LEVELS) addSome(root, [...keysOf(path, level), ...below], 'u', firstOf(row, level));
}

function addRanges(
  root: Branch,
  counter: 'f' | 'ds',
  rows: readonly { readonly day: number; readonly class: number; readonly sessions: number }[],
): void {
  for (const { day, class: group, sessions } of rows) {
    const path = dayPath(day);
    for (const level of LEVELS) addSome(root, [...keysOf(path, level), counter], String(group), sessions);
  }
}

function firstOf(row: FirstOf, level: Level): number {
  return { day: row.ofDay, week: row.ofWeek, month: row.ofMonth, year: row.ofYear }[level];
}

function hourKeys(path: DayPath, hour: number): readonly string[] {
  return [path.year, path.month, path.day, String(((hour % 24) + 24) % 24)];
}
