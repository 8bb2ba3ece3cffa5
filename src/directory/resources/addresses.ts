import type { Kind } from '../kinds/kind.ts';

/**
 * The column by which an entry is named in a URL. Numbers of the store are used only where the entry has no public
 * name: keys and tokens, whose own text must not stand in a URL.
 */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  user: ['email_key', 'uid'],
  organization: ['key', 'uid'],
  'native key': ['id'],
  'application token': ['id'],
  'access token': ['id'],
  'service token': ['token_hash'],
  'application key': ['key_hash'],
  product: ['id', 'system_name'],
  metric: ['id', 'system_name'],
  method: ['id', 'system_name'],
  plan: ['id', 'system_name'],
};

/** Columns that an address may be found in, the usual one first; the key of the kind where nothing else is said. */
export function addressColumns(kind: Kind): readonly string[] {
  return COLUMNS[kind.name] ?? [kind.key];
}

/** Whether the column of an address holds numbers. */
export function isNumbered(kind: Kind, column: string): boolean {
  if (column !== 'id') return column.endsWith('_id') && column !== 'client_id';
  return kind.name !== 'app';
}

/** Members and permissions are named by the person's address, which is in the row as the person's number. */
export function isNamedByUser(kind: Kind): boolean {
  return kind.key === 'user_id';
}
