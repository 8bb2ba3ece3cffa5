import type { Kind } from '../kinds/kind.ts';
import type { PasswordField } from '../kinds/field.ts';
import type { PlannedEntry } from './planned-entry.ts';
import { isPending } from './planned-entry.ts';
import type { Planning } from './planning.ts';

/** Compares what the entries say with the rows they are, and seals what is new. */
export function findChanges(planning: Planning, entries: readonly PlannedEntry[]): void {
  for (const entry of entries) {
    compareColumns(planning, entry);
    keepSecrets(planning, entry);
  }
}

function compareColumns(planning: Planning, entry: PlannedEntry): void {
  const { kind, row } = entry;
  if (row === null) return;
  for (const [column, planned] of entry.columns) {
    if (!isPending(planned) && row[column] === planned) continue;
    const field = fieldOf(kind, column);
    if (kind.primaryKey.includes(column)) {
      planning.blame(entry, field, `cannot be changed from ${JSON.stringify(row[column])}`, 'conflict');
    } else {
      entry.changes.set(column, planned);
      entry.changedFields.add(field);
    }
  }
}

/** The word of the file for a column: a field, or the kind of entry that it stands in. */
function fieldOf(kind: Kind, column: string): string {
  for (const [name, field] of Object.entries(kind.fields)) {
    const columns = [field.column];
    if (field.is === 'value' && field.companion !== null) columns.push(field.companion.column);
    if (field.is === 'secret') columns.push(field.sealed ?? '', field.prefix ?? '');
    if (columns.includes(column)) return name;
  }
  return kind.ancestors[column] ?? column;
}

/** Seals the texts of secrets that have to be shown again and are not stored yet. */
function keepSecrets(planning: Planning, entry: PlannedEntry): void {
  const { kind, row } = entry;
  for (const [name, { text }] of entry.secrets) {
    const field = kind.fields[name];
    if (field?.is !== 'secret' || field.sealed === null) continue;
    const purpose = `${kind.table}.${field.sealed}`;
    const stored = row?.[field.sealed] ?? null;
    if (row !== null && stored !== null) {
      const same =
        field.digest === null
          ? planning.sealing.open(String(stored), purpose) === text
          : !entry.changes.has(field.digest);
      if (same) continue;
    }
    const sealed = planning.sealing.seal(text, purpose);
    entry.columns.set(field.sealed, sealed);
    if (row !== null) {
      entry.changes.set(field.sealed, sealed);
      entry.changedFields.add(name);
    }
  }
}

/** Hashes passwords that are new; last, because it takes long. */
export async function keepPasswords(planning: Planning): Promise<void> {
  const work: Promise<void>[] = [];
  for (const entry of planning.allEntries()) {
    for (const [name, field] of Object.entries(entry.kind.fields)) {
      if (field.is === 'password') work.push(keepPassword(planning, entry, name, field));
    }
  }
  await Promise.all(work);
}

async function keepPassword(
  planning: Planning,
  entry: PlannedEntry,
  name: string,
  field: PasswordField,
): Promise<void> {
  const secret = entry.secrets.get(name);
  const { row } = entry;
  if (secret !== undefined) {
    const stored = row?.[field.column] ?? null;
    // A stored hash that the password fits is left alone: hashing anew would be a change each time.
    if (stored !== null && (await planning.passwords.verify(String(stored), secret.text))) return;
    const hashed = await planning.passwords.hash(secret.text);
    entry.columns.set(field.column, hashed);
    if (row !== null) {
      entry.changes.set(field.column, hashed);
      entry.changedFields.add(name);
    }
  }
  if (row !== null && entry.changes.has(field.column)) entry.changes.set('password_changed_at', planning.now);
  if (row === null && !entry.columns.has(field.column)) entry.columns.set(field.column, null);
}
