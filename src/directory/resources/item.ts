import { epochMs, type EpochMs } from '../../domain/time/instant.ts';
import { selectRows } from '../../store/records/declared-rows.ts';
import type { RecordsDatabase } from '../../store/records/records.ts';
import type { ReferenceField, Stored } from '../kinds/field.ts';
import type { Kind, Row } from '../kinds/kind.ts';
import { kindNamed } from '../kinds/registry.ts';
import { addressColumns, isNamedByUser } from './addresses.ts';

/** An entry as the API shows it. */
export interface DirectoryItem {
  /** Names it in the URL, among its siblings. */
  readonly address: string;
  /** As the file would have it, without secrets and without what stands in it. */
  readonly entry: Readonly<Record<string, unknown>>;
  /** First characters of a key. */
  readonly prefix: string | null;
  readonly createdAt: EpochMs | null;
  readonly updatedAt: EpochMs | null;
}

/** Rows as items, in the same order; what they refer to is looked up for all of them at once. */
export async function itemsOf(db: RecordsDatabase, kind: Kind, rows: readonly Row[]): Promise<DirectoryItem[]> {
  const names = new Map<string, (row: Row) => Stored>();
  for (const [name, field] of Object.entries(kind.fields)) {
    if (field.is === 'reference') names.set(name, await namesOf(db, field, rows));
  }
  const people = isNamedByUser(kind) ? names.get('user') : undefined;
  return rows.map((row) => {
    const entry: Record<string, unknown> = {};
    for (const [name, field] of Object.entries(kind.fields)) {
      if (field.schema === null || name === 'password_hash') continue;
      if (field.is === 'value') entry[name] = field.fromColumn(row[field.column] ?? null);
      else if (field.is === 'reference') entry[name] = names.get(name)?.(row) ?? null;
    }
    return {
      address: String(people === undefined ? row[addressColumn(kind)] : people(row)),
      entry,
      prefix: typeof row['prefix'] === 'string' ? row['prefix'] : null,
      createdAt: instantOf(row['created_at']),
      updatedAt: instantOf(row['updated_at']),
    };
  });
}

function addressColumn(kind: Kind): string {
  const [first = kind.key] = addressColumns(kind);
  // People are found by the folded form of their address and shown with the address as they write it.
  return first === 'email_key' ? 'email' : first;
}

function instantOf(value: Stored | undefined): EpochMs | null {
  return typeof value === 'number' ? epochMs(value) : null;
}

/** What a reference column names, in the words of the file. */
async function namesOf(
  db: RecordsDatabase,
  field: ReferenceField,
  rows: readonly Row[],
): Promise<(row: Row) => Stored> {
  const target = kindNamed(field.to[0] ?? '');
  const shown = shownColumn(target, field);
  const scoped = target.primaryKey.includes('organization_id') && target.primaryKey.length > 1;
  const keys = [...new Set(rows.map((row) => row[field.column] ?? null))].filter((key) => key !== null);
  if (keys.length === 0) return () => null;
  const organizations = [...new Set(rows.map((row) => row['organization_id'] ?? null))];
  const targets = await selectRows(db, {
    table: target.table,
    where: [{ column: target.key, in: keys }, ...(scoped ? [{ column: 'organization_id', in: organizations }] : [])],
  });
  const nameOf = (organization: Stored | undefined, key: Stored | undefined) => `${scoped ? organization : ''} ${key}`;
  const found = new Map(targets.map((row) => [nameOf(row['organization_id'], row[target.key]), row[shown] ?? null]));
  return (row) => found.get(nameOf(row['organization_id'], row[field.column])) ?? null;
}

function shownColumn(target: Kind, field: ReferenceField): string {
  if (target.name === 'user') return 'email';
  return target.name === 'organization' ? 'key' : (field.by[0] ?? target.key);
}
