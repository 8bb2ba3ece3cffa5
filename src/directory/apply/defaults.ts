import { quoted } from '../file/formats.ts';
import { randomHex } from '../secrets/tokens.ts';
import { REQUIRED, type Field, type NewEntry } from '../kinds/field.ts';
import type { Kind } from '../kinds/kind.ts';
import { setSecret } from './given-columns.ts';
import { isPending, PlannedEntry, tupleOf } from './planned-entry.ts';
import type { Planning } from './planning.ts';

/**
 * Fills what new entries leave out; says what they must not leave out.
 *
 * @param alike entries of other kinds whose turn comes later and that are numbered together with these
 */
export async function fillNewEntries(
  planning: Planning,
  kind: Kind,
  entries: readonly PlannedEntry[],
  alike: readonly PlannedEntry[],
): Promise<void> {
  const fresh = entries.filter((entry) => entry.isNew);
  if (fresh.length === 0) return;
  await learnLargestIds(planning, kind, [...entries, ...alike]);
  const taken = await takenTexts(planning, kind, fresh);
  for (const entry of fresh) {
    const view = newEntryView(planning, entry, (column, wanted) => {
      const names = taken.get(column) ?? new Set<string>();
      taken.set(column, names);
      let name = wanted;
      while (names.has(name)) name = `${wanted}-${randomHex(2)}`;
      names.add(name);
      return name;
    });
    fillEntry(planning, entry, view);
  }
}

function fillEntry(planning: Planning, entry: PlannedEntry, view: NewEntry): void {
  const { kind, columns } = entry;
  for (const [name, field] of Object.entries(kind.fields)) {
    if (field.is === 'password' ? entry.secrets.has(name) : isFilled(entry, name, field)) continue;
    if (field.initial === REQUIRED) {
      if (field.is === 'reference' && entry.gives(name)) continue;
      planning.blame(entry, name, missing(entry), 'missing');
    } else {
      const initial = typeof field.initial === 'function' ? field.initial(view) : field.initial;
      if (initial !== null && field.is === 'secret') setSecret(entry, name, { text: String(initial), generated: true });
      else if (initial !== null && field.is === 'password')
        entry.secrets.set(name, { text: String(initial), generated: true });
      else if (field.is !== 'password') setPlain(entry, field, initial);
    }
  }
  if (kind.timestamps !== 'none' && !columns.has('created_at')) columns.set('created_at', planning.now);
  if (kind.timestamps === 'both') columns.set('updated_at', planning.now);
}

function isFilled(entry: PlannedEntry, name: string, field: Field): boolean {
  return entry.columns.has(field.column) || entry.secrets.has(name);
}

function setPlain(entry: PlannedEntry, field: Field, initial: string | number | null): void {
  entry.columns.set(field.column, initial);
  if (field.is === 'secret' && field.sealed !== null) entry.columns.set(field.sealed, null);
}

/** A forgotten key, or, when the entry names itself, more likely a name that nobody has. */
function missing(entry: PlannedEntry): string {
  for (const unique of entry.kind.unique) {
    const given = entry.source.given.get(unique.field);
    if (!unique.identifies || given === undefined || given === null || entry.kind.fields[unique.field]?.is === 'secret')
      continue;
    return `is missing, and no ${entry.kind.name} has the ${unique.field} ${quoted(String(entry.value(entry.kind.fields[unique.field]?.column ?? '')))}`;
  }
  return 'is missing';
}

function newEntryView(
  planning: Planning,
  entry: PlannedEntry,
  untaken: (column: string, wanted: string) => string,
): NewEntry {
  return {
    now: planning.now,
    column: (name) => entry.value(name),
    ancestor: (kind, column) => entry.parent?.within(kind)?.value(column) ?? null,
    referred: (field, column) => {
      const target = entry.referred.get(field);
      return target instanceof PlannedEntry ? target.value(column) : (target?.[column] ?? null);
    },
    nextNumber: () => {
      const name = numberSpace(entry);
      const next = (planning.largestIds.get(name) ?? 0) + 1;
      planning.largestIds.set(name, next);
      return next;
    },
    untaken,
  };
}

/** Numbers are counted for each table and organization. */
function numberSpace(entry: PlannedEntry): string {
  return `${entry.kind.table} ${tupleOf([entry.columns.get('organization_id')]) ?? ''}`;
}

/** Numbers that are given count too, in whatever order the file has them. */
async function learnLargestIds(planning: Planning, kind: Kind, entries: readonly PlannedEntry[]): Promise<void> {
  const id = kind.fields['id'];
  if (id?.column !== 'id' || typeof id.initial !== 'function' || !('organization_id' in kind.ancestors)) return;
  for (const entry of entries) {
    const name = numberSpace(entry);
    if (!planning.largestIds.has(name)) {
      const organization = entry.columns.get('organization_id');
      const largest = typeof organization === 'number' ? await planning.stored.largestId(kind.table, organization) : 0;
      planning.largestIds.set(name, largest);
    }
    const given = entry.columns.get('id');
    if (typeof given === 'number' && given > (planning.largestIds.get(name) ?? 0)) planning.largestIds.set(name, given);
  }
}

/** The names that new entries would like to have and that others have already, by column. */
async function takenTexts(
  planning: Planning,
  kind: Kind,
  fresh: readonly PlannedEntry[],
): Promise<Map<string, Set<string>>> {
  const wanted = new Map<string, Set<string>>();
  for (const entry of fresh) {
    const probe: NewEntry = {
      ...newEntryView(planning, entry, (column, name) => {
        wanted.set(column, (wanted.get(column) ?? new Set()).add(name));
        return name;
      }),
      nextNumber: () => 0,
    };
    for (const [name, field] of Object.entries(kind.fields)) {
      if (field.is === 'value' && typeof field.initial === 'function' && !isFilled(entry, name, field))
        field.initial(probe);
    }
  }
  const taken = new Map<string, Set<string>>();
  for (const [column, names] of wanted) {
    const rows = await planning.stored.with(kind, column, [...names]);
    taken.set(column, new Set(rows.map((row) => String(row[column]))));
    for (const entry of planning.entriesOf(kind.name)) {
      const planned = entry.columns.get(column);
      if (planned !== undefined && planned !== null && !isPending(planned)) taken.get(column)?.add(String(planned));
    }
  }
  return taken;
}
