import type { PlannedEntry } from '../apply/planned-entry.ts';
import { settled } from '../apply/planned-entry.ts';
import { checkValue } from '../file/check.ts';
import { hitsOf, type DirectoryFile, type FileEntry } from '../file/entries.ts';
import type { Mistakes } from '../file/mistake.ts';
import type { Given, Stored } from '../kinds/field.ts';
import type { Kind, Row } from '../kinds/kind.ts';
import { product } from '../kinds/products.ts';
import type { Condition } from '../../store/records/declared-rows.ts';
import type { Place } from './locate.ts';
import type { DirectoryResource } from './resource.ts';

/** What a request says about an entry, by field. */
export type GivenFields = ReadonlyMap<string, Given | null>;

/** Holds a body against the form of the entry; mistakes have the field as their path. */
export function readBody({ schema }: DirectoryResource, body: unknown, mistakes: Mistakes): GivenFields {
  const checked = checkValue(schema, body, [], mistakes) as Record<string, Given | null> | null;
  return new Map(Object.entries(checked ?? {}));
}

/** A directory file with one entry in it, and around it entries that say nothing. */
export function fileOf(place: Place, own: Pick<FileEntry, 'kind' | 'given'> & Partial<FileEntry>): DirectoryFile {
  const entries: FileEntry[] = [];
  let parent: FileEntry | null = null;
  for (const { kind, row } of place) {
    parent = { kind, at: [], parent, given: new Map(), lists: new Set(), rowKey: rowKey(kind, row) };
    entries.push(parent);
  }
  const entry: FileEntry = { at: [], parent, lists: new Set(), ...own };
  entries.push(entry);
  if (entry.kind === product) entries.push(hitsOf(entry));
  return { entries, lists: new Set(), lineOf: () => null };
}

export const EMPTY_FILE: DirectoryFile = { entries: [], lists: new Set(), lineOf: () => null };

export function rowKey(kind: Kind, row: Row): readonly Stored[] {
  return kind.primaryKey.map((column) => row[column] ?? null);
}

/** Conditions that only the row of the entry meets, once it is stored. */
export function conditionsFor(entry: PlannedEntry): readonly Condition[] {
  const { kind, row, columns } = entry;
  if (row !== null) return kind.primaryKey.map((column) => ({ column, is: row[column] ?? null }));
  for (const { identifies, columns: names } of kind.unique) {
    const values = names.map((column) => settled(columns.get(column) ?? null));
    if (identifies && !values.includes(null))
      return names.map((column, index) => ({ column, is: values[index] ?? null }));
  }
  throw new Error(`a stored ${kind.name} has nothing that names it`);
}
