import { quoted } from '../file/formats.ts';
import type { ReferenceField } from '../kinds/field.ts';
import type { Kind, Row } from '../kinds/kind.ts';
import { kindNamed } from '../kinds/registry.ts';
import { tupleOf, type Planned, type PlannedEntry } from './planned-entry.ts';
import type { Planning } from './planning.ts';

interface Question {
  readonly entry: PlannedEntry;
  readonly text: string;
  readonly given: string;
  /** What the target has to agree with, in the order of the field's `within`. */
  readonly scope: readonly Planned[];
}

/**
 * Finds what the entries' reference fields name, in the file or in the store, and puts its key into the column. Asked
 * before it is known which rows the entries are, and for what is still open then, once more afterwards.
 */
export async function resolveReferences(
  planning: Planning,
  kind: Kind,
  entries: readonly PlannedEntry[],
  when: 'before_match' | 'after_match',
): Promise<void> {
  for (const [name, field] of Object.entries(kind.fields)) {
    if (field.is !== 'reference' || (field.deferred && when === 'before_match')) continue;
    const open = entries.filter((entry) => !entry.columns.has(field.column) && !entry.unknown.has(name));
    await answerAll(
      planning,
      name,
      field,
      open.flatMap((entry) => questionOf(entry, name, field) ?? []),
    );
  }
}

function questionOf(entry: PlannedEntry, name: string, field: ReferenceField): Question | null {
  const given = entry.source.given.get(name);
  if (typeof given !== 'string') return null;
  const scope: Planned[] = [];
  for (const place of Object.values(field.within)) {
    const value = 'ancestor' in place ? entry.within(place.ancestor)?.key : entry.column(place.column);
    // It may be known later, or another mistake has been found.
    if (value === undefined || value === null) return null;
    scope.push(value);
  }
  return { entry, text: field.normal(given), given, scope };
}

async function answerAll(
  planning: Planning,
  name: string,
  field: ReferenceField,
  questions: readonly Question[],
): Promise<void> {
  let open = questions;
  for (const by of field.by) {
    const columns = [...Object.keys(field.within), by];
    open = answerFromFile(planning, name, field, columns, open);
    open = await answerFromStore(planning, name, field, columns, open);
  }
  for (const { entry, given } of open) {
    entry.unknown.add(name);
    planning.blame(entry, name, `unknown ${field.to[0]} ${quoted(given)}`);
  }
}

function answerFromFile(
  planning: Planning,
  name: string,
  field: ReferenceField,
  columns: readonly string[],
  questions: readonly Question[],
): readonly Question[] {
  if (questions.length === 0) return [];
  const targets = new Map<string, PlannedEntry>();
  for (const kind of field.to) {
    for (const entry of planning.entriesOf(kind)) {
      const tuple = tupleOf(columns.map((column) => entry.column(column)));
      if (tuple !== null) targets.set(tuple, entry);
    }
  }
  return questions.filter(({ entry, text, scope }) => {
    const target = targets.get(tupleOf([...scope, text]) ?? '');
    if (target === undefined) return true;
    entry.columns.set(field.column, target.key);
    entry.referred.set(name, target);
    return false;
  });
}

async function answerFromStore(
  planning: Planning,
  name: string,
  field: ReferenceField,
  columns: readonly string[],
  questions: readonly Question[],
): Promise<readonly Question[]> {
  const kind = kindNamed(field.to[0] ?? '');
  const rows = new Map<string, Row>();
  const tuples = questions.map(({ scope, text }) => [...scope, text]);
  for (const row of await planning.stored.withTuples(kind, columns, tuples)) {
    const tuple = tupleOf(columns.map((column) => row[column]));
    // One that the file renames is found by its new name only.
    if (tuple !== null && planning.claimant(kind, row) === undefined && !isGoing(planning, field, row)) {
      rows.set(tuple, row);
    }
  }
  return questions.filter(({ entry, text, scope }) => {
    const row = rows.get(tupleOf([...scope, text]) ?? '');
    if (row === undefined) return true;
    entry.columns.set(field.column, row[kind.key] ?? null);
    entry.referred.set(name, row);
    return false;
  });
}

function isGoing(planning: Planning, field: ReferenceField, row: Row): boolean {
  return field.to.some((kind) => planning.removal(kindNamed(kind), row) !== undefined);
}
