import {
  deleteRows,
  insertNumbered,
  insertRows,
  updateRow,
  type Condition,
} from '../../store/records/declared-rows.ts';
import { bumpDirectoryVersion, directoryVersion } from '../../store/records/directory-version.ts';
import type { RecordsTransaction } from '../../store/records/records.ts';
import type { Stored } from '../kinds/field.ts';
import type { Kind } from '../kinds/kind.ts';
import { KINDS } from '../kinds/registry.ts';
import { auditRows } from './audit-rows.ts';
import { groupsOf } from './group.ts';
import { settled, type PlannedEntry } from './planned-entry.ts';
import type { Planning, Removal } from './planning.ts';
import { rememberLargestIds } from './largest-ids.ts';

/** Somebody else changed the directory since the plan was made: it has to be made anew. */
export class StalePlan extends Error {}

/**
 * Writes a plan: one transaction, no reads but the version. Throws StalePlan when the directory is no longer the one
 * that the plan was made for.
 */
export async function writePlan(
  tx: RecordsTransaction,
  planning: Planning,
  madeFor: { readonly version: number; readonly actor: string },
): Promise<void> {
  await bumpDirectoryVersion(tx);
  if ((await directoryVersion(tx)) !== madeFor.version + 1) throw new StalePlan('the directory has changed meanwhile');
  await rememberLargestIds(tx, planning.removals);
  const [first, last] = inTwo(planning.removals, (removal) => planning.urgent.has(removal));
  await removeAll(tx, first);
  for (const kind of KINDS) {
    const entries = planning.entriesOf(kind.name);
    await insertNew(
      tx,
      kind,
      entries.filter((entry) => entry.isNew),
    );
    for (const entry of entries) await updateOne(tx, kind, entry, planning.now);
  }
  await removeAll(tx, last);
  await insertRows(tx, 'audit', auditRows(planning, madeFor.actor));
  await endSessions(tx, planning);
}

async function removeAll(tx: RecordsTransaction, removals: readonly Removal[]): Promise<void> {
  // What stands in another goes first; a table's self-reference is settled by one statement for all of it.
  for (const kind of KINDS.toReversed()) {
    const rows = removals.filter((removal) => removal.kind === kind).map(({ row }) => row);
    const groups = groupsOf(rows, (row) => JSON.stringify(kind.primaryKey.slice(0, -1).map((column) => row[column])));
    const last = kind.primaryKey.at(-1) ?? kind.key;
    for (const group of groups.values()) {
      const where: Condition[] = kind.primaryKey
        .slice(0, -1)
        .map((column) => ({ column, is: group[0]?.[column] ?? null }));
      await deleteRows(tx, kind.table, [...where, { column: last, in: group.map((row) => row[last] ?? null) }]);
    }
  }
}

async function insertNew(tx: RecordsTransaction, kind: Kind, entries: readonly PlannedEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const deferred = Object.values(kind.fields).filter((field) => field.is === 'reference' && field.deferred);
  const columns = columnsOf(kind);
  const rows = entries.map((entry) =>
    Object.fromEntries(
      columns.map((column): [string, Stored] => {
        const later = deferred.some((field) => field.column === column);
        return [column, later ? null : settled(entry.columns.get(column) ?? null)];
      }),
    ),
  );
  if (columns.includes(kind.key) || kind.primaryKey[0] !== 'id') return insertRows(tx, kind.table, rows);
  if (!columns.includes('public_id')) return insertRows(tx, kind.table, rows);
  const numbers = await insertNumbered(tx, kind.table, rows, { key: kind.key, unique: 'public_id' });
  entries.forEach((entry, index) => (entry.number = numbers[index] ?? null));
  for (const entry of entries) {
    for (const { column } of deferred) {
      const target = settled(entry.columns.get(column) ?? null);
      if (target === null) continue;
      await updateRow(tx, kind.table, [{ column: kind.key, is: entry.number }], { [column]: target });
    }
  }
}

/** Every column that the directory knows of a kind; a row leaves none out, so that rows can share a statement. */
function columnsOf(kind: Kind): readonly string[] {
  const columns = new Set([...Object.keys(kind.ancestors), ...Object.keys(kind.fixed)]);
  for (const field of Object.values(kind.fields)) {
    columns.add(field.column);
    if (field.is === 'value' && field.companion !== null) columns.add(field.companion.column);
    if (field.is === 'secret' && field.sealed !== null) columns.add(field.sealed);
    if (field.is === 'secret' && field.prefix !== null) columns.add(field.prefix);
  }
  if (kind.position !== null) columns.add(kind.position.column);
  if (kind.timestamps !== 'none') columns.add('created_at');
  if (kind.timestamps === 'both') columns.add('updated_at');
  return [...columns];
}

async function updateOne(tx: RecordsTransaction, kind: Kind, entry: PlannedEntry, now: number): Promise<void> {
  const { row, changes } = entry;
  if (row === null || changes.size === 0) return;
  const values: Record<string, Stored> = {};
  for (const [column, planned] of changes) values[column] = settled(planned);
  if (kind.timestamps === 'both') values['updated_at'] = now;
  const where = kind.primaryKey.map((column) => ({ column, is: row[column] ?? null }));
  await updateRow(tx, kind.table, where, values);
}

/** A new password, or the loss of the right to log in with one, ends what the old one began. */
async function endSessions(tx: RecordsTransaction, planning: Planning): Promise<void> {
  const users = planning
    .entriesOf('user')
    .filter(
      ({ changes }) => changes.has('password_hash') || changes.get('enabled') === 0 || changes.get('sso_only') === 1,
    )
    .map(({ row }) => row?.['id'] ?? null);
  if (users.length > 0) await deleteRows(tx, 'sessions', [{ column: 'user_id', in: users }]);
}

function inTwo<T>(list: readonly T[], isFirst: (one: T) => boolean): [T[], T[]] {
  return [list.filter(isFirst), list.filter((one) => !isFirst(one))];
}
