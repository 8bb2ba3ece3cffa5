import { pathText } from '../file/mistake.ts';
import type { Kind, Row, Unique } from '../kinds/kind.ts';
import { groupsOf } from './group.ts';
import { tupleOf, type Planned, type PlannedEntry } from './planned-entry.ts';
import { fieldPath, type Planning } from './planning.ts';

/** Finds out which stored row each entry is. */
export async function matchEntries(planning: Planning, kind: Kind, entries: readonly PlannedEntry[]): Promise<void> {
  await claimKnownRows(planning, kind, entries);
  for (const unique of kind.unique) {
    refuseTwins(planning, kind, entries, unique);
    if (unique.identifies) await matchBy(planning, kind, entries, unique);
  }
  if (kind.alike.length > 0) await matchAlike(planning, kind, entries);
}

async function claimKnownRows(planning: Planning, kind: Kind, entries: readonly PlannedEntry[]): Promise<void> {
  for (const entry of entries) {
    const { rowKey } = entry.source;
    if (rowKey === undefined) continue;
    const [row] = await planning.stored.withTuples(kind, kind.primaryKey, [rowKey]);
    if (row !== undefined) planning.claim(row, entry);
  }
}

function refuseTwins(planning: Planning, kind: Kind, entries: readonly PlannedEntry[], unique: Unique): void {
  const first = planning.seen(kind.table, unique);
  for (const entry of entries) {
    const tuple = tupleOf(unique.columns.map((column) => entry.columns.get(column)));
    if (tuple === null) continue;
    const twin = first.get(tuple);
    if (twin === undefined) first.set(tuple, entry);
    else planning.blame(entry, unique.field, `is also that of ${pathText(twin.at)}`, 'conflict');
  }
}

async function matchBy(
  planning: Planning,
  kind: Kind,
  entries: readonly PlannedEntry[],
  unique: Unique,
): Promise<void> {
  const tuples = entries.flatMap((entry) => {
    const values = unique.columns.map((column) => entry.columns.get(column));
    return values.includes(undefined) ? [] : [values as Planned[]];
  });
  const rows = new Map<string, Row>();
  for (const row of await planning.stored.withTuples(kind, unique.columns, tuples)) {
    rows.set(tupleOf(unique.columns.map((column) => row[column])) ?? '', row);
  }
  for (const entry of entries) {
    const row = rows.get(tupleOf(unique.columns.map((column) => entry.columns.get(column))) ?? '');
    if (row !== undefined) takeRow(planning, entry, row, unique.field);
  }
}

function takeRow(planning: Planning, entry: PlannedEntry, row: Row, field: string): void {
  const { kind } = entry;
  if (entry.row === row) return;
  if (entry.source.mustBeNew === true) {
    planning.blame(entry, field, `is that of another ${kind.name}`, 'conflict');
    return;
  }
  const other = planning.claimant(kind, row);
  if (other !== undefined) {
    // Twins that agree in this field have been blamed already.
    if (other.at !== entry.at && !sameField(other, entry, field)) {
      planning.blame(entry, field, `is the ${kind.name} of ${pathText(other.at)}`, 'conflict');
    }
    return;
  }
  if (entry.row !== null) {
    planning.blame(entry, field, `is that of another ${kind.name}`, 'conflict');
    return;
  }
  const organization = entry.columns.get('organization_id');
  if ('organization_id' in kind.ancestors && organization !== row['organization_id']) {
    planning.blame(entry, field, 'is used by another organization', 'conflict');
    return;
  }
  if (kind.revokedColumn !== null && row[kind.revokedColumn] !== null) {
    planning.blame(entry, field, 'was revoked: choose another', 'conflict');
    return;
  }
  planning.claim(row, entry);
}

function sameField(one: PlannedEntry, other: PlannedEntry, field: string): boolean {
  const column = one.kind.fields[field]?.column ?? '';
  return tupleOf([one.columns.get(column)]) === tupleOf([other.columns.get(column)]);
}

/**
 * An entry that says nothing about who it is, only what it is like, stands for a stored one that is like it and that no
 * other entry means, so that the same file applied again makes nothing new.
 */
async function matchAlike(planning: Planning, kind: Kind, entries: readonly PlannedEntry[]): Promise<void> {
  const columns = alikeColumns(kind);
  const nameless = entries.filter(
    (entry) =>
      entry.isNew &&
      entry.source.mustBeNew !== true &&
      !kind.unique.some((unique) => unique.identifies && entry.gives(unique.field)),
  );
  const tupleFor = (entry: PlannedEntry): Planned[] | null => {
    const values = columns.map((column) => entry.column(column) ?? constantInitial(kind, column));
    return values.includes(undefined) || values.includes(null) ? null : (values as Planned[]);
  };
  const rows = await planning.stored.withTuples(
    kind,
    columns,
    nameless.flatMap((entry) => [tupleFor(entry) ?? []]).filter((tuple) => tuple.length > 0),
  );
  const unclaimed = rows.filter((row) => {
    const revoked = kind.revokedColumn !== null && row[kind.revokedColumn] !== null;
    return !revoked && planning.claimant(kind, row) === undefined;
  });
  const free = groupsOf(unclaimed.toSorted(byPrimaryKey(kind)), (row) => tupleOf(columns.map((column) => row[column])));
  for (const entry of nameless) {
    const row = free.get(tupleOf(tupleFor(entry) ?? [undefined]) ?? '')?.shift();
    if (row !== undefined) planning.claim(row, entry);
  }
}

function alikeColumns(kind: Kind): readonly string[] {
  return [...Object.keys(kind.ancestors), ...kind.alike.flatMap((field) => kind.fields[field]?.column ?? [])];
}

function constantInitial(kind: Kind, column: string): Planned | undefined {
  const field = Object.values(kind.fields).find((candidate) => candidate.column === column);
  const initial = field?.initial;
  return typeof initial === 'string' || typeof initial === 'number' ? initial : undefined;
}

function byPrimaryKey(kind: Kind): (a: Row, b: Row) => number {
  return (a, b) => {
    for (const column of kind.primaryKey) {
      const [x, y] = [a[column] ?? '', b[column] ?? ''];
      if (x !== y) return x < y ? -1 : 1;
    }
    return 0;
  };
}

/**
 * Refuses new or changed values that belong to a row which stays. A row that goes makes room: it is removed first.
 */
export async function refuseTaken(planning: Planning, kind: Kind, entries: readonly PlannedEntry[]): Promise<void> {
  for (const unique of kind.unique) {
    if (unique.identifies) continue;
    const valuesOf = (entry: PlannedEntry) => unique.columns.map((column) => entry.columns.get(column));
    const tuples = entries.map(valuesOf).filter((values): values is Planned[] => !values.includes(undefined));
    const rows = await planning.stored.withTuples(kind, unique.columns, tuples);
    const owners = new Map(rows.map((row) => [tupleOf(unique.columns.map((column) => row[column])) ?? '', row]));
    for (const entry of entries) {
      const owner = owners.get(tupleOf(valuesOf(entry)) ?? '');
      if (owner === undefined || owner === entry.row) continue;
      const going = planning.removal(kind, owner);
      if (going !== undefined) planning.urgent.add(going);
      else if (planning.claimant(kind, owner) === undefined) {
        planning.mistakes.add('conflict', fieldPath(entry, unique.field), `is taken by another ${kind.name}`);
      }
    }
  }
}
