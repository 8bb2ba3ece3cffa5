import type { Services } from '../../dialect.ts';
import type { ValueKind } from '../../../queries/audience/value-kind.ts';
import type { ValueDay } from '../../../queries/audience/values.ts';
import type { AppRead } from '../read/app-read.ts';
import { problemAnswer, type Answer } from '../transport/answer.ts';
import { sortedKeys, treeKey } from './keys.ts';
import { sessionsToday } from './refresh.ts';
import { addCalendar, addValues } from './session-tree.ts';
import { plain, type Branch } from './time-tree.ts';
import { windowOf } from './window.ts';

export type TreeServices = Pick<Services, 'audience' | 'clock'>;

/** A document of v1 reads: which values stand in it, under which name `meta` lists them (contract 3.4). */
export interface TreeDocument {
  readonly name: string;
  /** Whether sessions, users and times stand beside the values. */
  readonly calendar: boolean;
  readonly kinds: readonly { readonly kind: ValueKind; readonly meta: string }[];
}

/** The one document of `sessions`, `users` and `locations`. */
export const SESSIONS: TreeDocument = {
  name: 'sessions',
  calendar: true,
  kinds: [{ kind: 'country', meta: 'countries' }],
};
/** That of `device_details` and `app_versions`. */
export const DEVICE_DETAILS: TreeDocument = {
  name: 'device_details',
  calendar: false,
  kinds: [
    { kind: 'os', meta: 'os' },
    { kind: 'os_version', meta: 'os_versions' },
    { kind: 'resolution', meta: 'resolutions' },
    { kind: 'app_version', meta: 'app_versions' },
  ],
};
export const DEVICES: TreeDocument = { name: 'devices', calendar: false, kinds: [{ kind: 'model', meta: 'devices' }] };
export const CARRIERS: TreeDocument = {
  name: 'carriers',
  calendar: false,
  kinds: [{ kind: 'carrier', meta: 'carriers' }],
};
export const CITIES: TreeDocument = { name: 'cities', calendar: false, kinds: [{ kind: 'city', meta: 'cities' }] };

/** A country that nobody knows (contract 2.6). */
const nameOf = (value: string): string => (value === '' ? 'Unknown' : value);

/** The answer of a document's methods (contract 3.2, 3.4). */
export async function readDocument(services: TreeServices, document: TreeDocument, read: AppRead): Promise<Answer> {
  const { audience, clock } = services;
  const { app, call } = read;
  const { range, today } = windowOf(read, clock);
  const context = { tag: `countly:${document.name}`, signal: call.signal };
  const [calendar, ...values] = await Promise.all([
    document.calendar ? audience.calendar(app, range, context) : null,
    ...document.kinds.map(({ kind }) => audience.values(app, kind, range, context)),
  ]);

  const tree: Branch = new Map();
  const meta: Record<string, string[]> = {};
  for (const [index, { meta: list }] of document.kinds.entries()) {
    const found = values[index];
    if (found === undefined) continue;
    if (!found.ok) return problemAnswer(found.problem);
    addValues(tree, found.value, nameOf);
    meta[list] = keysOfValues(found.value);
  }
  if (calendar !== null) {
    if (!calendar.ok) return problemAnswer(calendar.problem);
    addCalendar(tree, calendar.value);
    meta['f-ranges'] = ranges(calendar.value.gaps);
    meta['l-ranges'] = ranges(calendar.value.ordinals);
    meta['d-ranges'] = ranges(calendar.value.lengths);
  }
  const lists = Object.fromEntries(Object.entries(meta).filter(([, list]) => list.length > 0));
  const shown = today === null ? tree : sessionsToday(tree, today, document.calendar);
  return { body: { ...plain(shown, Number), ...(Object.keys(lists).length === 0 ? {} : { meta: lists }) } };
}

function keysOfValues(values: readonly ValueDay[]): string[] {
  return sortedKeys(values.map(({ value }) => treeKey(nameOf(value))));
}

function ranges(rows: readonly { readonly class: number }[]): string[] {
  return [...new Set(rows.map((row) => row.class))].sort((a, b) => a - b).map(String);
}
