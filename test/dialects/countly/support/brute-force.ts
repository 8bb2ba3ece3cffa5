import { Temporal } from 'temporal-polyfill';

/** A request as the model understands it; times in milliseconds of UTC, unique. */
export interface ModelRequest {
  readonly device: string;
  readonly old?: string;
  readonly at: number;
  readonly begin?: { readonly country: string; readonly os?: string; readonly version?: string };
  readonly seconds?: number;
  readonly end?: boolean;
  readonly ignoreCooldown?: boolean;
}

interface Device {
  name: string;
  user: string;
  open: number | null;
  ended: { at: number; length: number; resumable: boolean } | null;
  merged: boolean;
}

interface Begin {
  readonly device: string;
  readonly at: number;
  readonly country: string;
  readonly os: string;
  readonly version: string;
}

type Tree = Record<string, unknown>;

/** What contract 2.2, 2.10 and 6.1 say, one request and one node at a time. */
export function bruteForce(requests: readonly ModelRequest[], zone: string): { sessions: Tree; details: Tree } {
  const devices = new Map<string, Device>();
  const begins: Begin[] = [];
  const spent: { device: string; at: number; seconds: number }[] = [];
  const closed: { at: number; length: number; by: number }[] = [];
  const same: [string, string][] = [];

  for (const request of requests) {
    const { at } = request;
    const old = request.old === undefined || request.old === request.device ? undefined : devices.get(request.old);
    let device = devices.get(request.device);
    const isNew = device === undefined;
    device ??= { name: request.device, user: request.device, open: null, ended: null, merged: false };
    devices.set(request.device, device);
    if (old !== undefined && !old.merged) {
      old.merged = true;
      same.push([old.name, device.name]);
      if (isNew) device.user = old.user;
      if (old.open !== null && device.open !== null) closed.push({ at, length: old.open, by: 1 });
      device.open ??= old.open;
      if (device.ended === null || (old.ended !== null && old.ended.at > device.ended.at)) device.ended = old.ended;
      old.open = null;
      old.ended = null;
    }
    spent.push({ device: device.name, at, seconds: request.seconds ?? 0 });
    if (request.begin !== undefined) {
      const since = device.ended === null ? -1 : at - device.ended.at;
      if (device.ended !== null && request.ignoreCooldown !== true && since >= 0 && since < 15_000) {
        if (device.ended.resumable && device.open === null) {
          device.open = device.ended.length;
          closed.push({ at: device.ended.at, length: device.ended.length, by: -1 });
          device.ended = { ...device.ended, resumable: false };
        }
      } else {
        if (device.open !== null) closed.push({ at, length: device.open, by: 1 });
        if (device.ended !== null) device.ended = { ...device.ended, resumable: false };
        device.open = 0;
        const { country, os = '', version = '' } = request.begin;
        begins.push({ device: device.name, at, country, os, version });
      }
    }
    if (device.open !== null) device.open += request.seconds ?? 0;
    if (request.end === true && device.open !== null) {
      closed.push({ at, length: device.open, by: 1 });
      device.ended = { at, length: device.open, resumable: true };
      device.open = null;
    }
  }

  const groups = new Map<string, Set<string>>([...devices.keys()].map((name) => [name, new Set([name])]));
  for (const [a, b] of same) {
    const both = new Set([...(groups.get(a) ?? []), ...(groups.get(b) ?? [])]);
    for (const name of both) groups.set(name, both);
  }
  const userOf = (name: string): Set<string> => groups.get(name) ?? new Set();

  const ordered = begins.toSorted((a, b) => a.at - b.at);
  const past = new Map<Set<string>, Begin[]>();
  const sessions = ordered.map((begin) => {
    const user = userOf(begin.device);
    const before = past.get(user) ?? [];
    past.set(user, [...before, begin]);
    const last = before.at(-1);
    return { ...begin, user, ordinal: before.length + 1, gap: last === undefined ? null : begin.at - last.at };
  });
  const users = new Set(sessions.map((session) => session.user));

  const tree: Tree = {};
  const details: Tree = {};
  const nodesOf = (at: number): Record<'year' | 'month' | 'week' | 'day' | 'hour', string[]> => {
    const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
    const [year, month, day, hour] = [local.year, local.month, local.day, local.hour].map(String) as [
      string,
      string,
      string,
      string,
    ];
    const week = `w${Math.ceil(local.dayOfYear / 7)}`;
    return {
      year: [year],
      month: [year, month],
      week: [year, week],
      day: [year, month, day],
      hour: [year, month, day, hour],
    };
  };
  const add = (root: Tree, keys: readonly string[], by: number): void => {
    if (by === 0) return;
    let node = root;
    for (const key of keys.slice(0, -1)) node = (node[key] ??= {}) as Tree;
    const last = keys.at(-1) ?? '';
    node[last] = ((node[last] as number | undefined) ?? 0) + by;
  };
  const ALL = ['year', 'month', 'week', 'day'] as const;
  const SUMS = ['year', 'month', 'day', 'hour'] as const;

  /** Distinct users of each bucket, by the whole list. */
  const unique = <T extends (typeof sessions)[number]>(
    rows: readonly T[],
    levels: readonly (keyof ReturnType<typeof nodesOf>)[],
    found: (keys: string[], first: T) => void,
  ): void => {
    for (const level of levels) {
      const seen = new Map<string, Set<Set<string>>>();
      for (const row of rows) {
        const keys = nodesOf(row.at)[level];
        const known = seen.get(keys.join('/')) ?? new Set();
        seen.set(keys.join('/'), known);
        if (!known.has(row.user)) found(keys, row);
        known.add(row.user);
      }
    }
  };

  for (const session of sessions) {
    const nodes = nodesOf(session.at);
    for (const level of SUMS) {
      add(tree, [...nodes[level], 't'], 1);
      if (session.gap === null) add(tree, [...nodes[level], 'n'], 1);
    }
    for (const level of ALL) add(tree, [...nodes[level], 'f', String(gapClass(session.gap))], 1);
  }
  unique(sessions, [...ALL, 'hour'], (keys) => add(tree, [...keys, 'u'], 1));
  unique(sessions, ALL, (keys, first) => add(tree, [...keys, 'l', String(ordinalClass(first.ordinal))], 1));
  for (const { device, at, seconds } of spent) {
    if (!users.has(userOf(device))) continue;
    for (const level of SUMS) {
      add(tree, [...nodesOf(at)[level], 'e'], 1);
      add(tree, [...nodesOf(at)[level], 'd'], seconds);
    }
  }
  for (const { at, length, by } of closed) {
    for (const level of ALL) add(tree, [...nodesOf(at)[level], 'ds', String(lengthClass(length))], by);
  }
  const values = (root: Tree, of: (begin: Begin) => string): void => {
    for (const value of new Set(sessions.map(of))) {
      if (value === '') continue;
      const carrying = sessions.filter((session) => of(session) === value);
      for (const session of carrying) {
        for (const level of ['year', 'month', 'day'] as const) {
          const keys = [...nodesOf(session.at)[level], value];
          add(root, [...keys, 't'], 1);
          if (session.gap === null) add(root, [...keys, 'n'], 1);
        }
      }
      unique(carrying, ALL, (keys) => add(root, [...keys, value, 'u'], 1));
    }
  };
  values(tree, (begin) => begin.country);
  values(details, (begin) => begin.os);
  values(details, (begin) => begin.version);
  return { sessions: pruned(tree), details };
}

/** Closings that were taken back leave zeros. */
function pruned(node: Tree): Tree {
  return Object.fromEntries(
    Object.entries(node).flatMap(([key, value]) => {
      if (typeof value !== 'object' || value === null) return value === 0 ? [] : [[key, value]];
      const below = pruned(value as Tree);
      return Object.keys(below).length === 0 ? [] : [[key, below]];
    }),
  );
}

function gapClass(gap: number | null): number {
  if (gap === null) return 0;
  const hours = gap / 3_600_000;
  for (const [index, end] of [24, 48, 72, 96, 120, 144, 168, 192, 360, 744].entries())
    if (hours < end) return index + 1;
  return 11;
}

function ordinalClass(ordinal: number): number {
  if (ordinal <= 2) return ordinal - 1;
  return [5, 9, 19, 49, 99, 499].findIndex((end) => ordinal <= end) + 2 || 8;
}

function lengthClass(length: number): number {
  const index = [10, 30, 60, 180, 600, 1800, 3600].findIndex((end) => length <= end);
  return index < 0 ? 7 : index;
}
