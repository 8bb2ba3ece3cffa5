import type { Kind } from '../kinds/kind.ts';
import { product } from '../kinds/products.ts';
import { groupsOf } from './group.ts';
import { tupleOf, type Planned, type PlannedEntry } from './planned-entry.ts';
import type { Planning } from './planning.ts';

/**
 * Keeps the order in which the file lists entries. Entries that the file does not list keep their places; the listed
 * ones share theirs out anew, and new ones come behind.
 */
export async function keepOrder(planning: Planning, kind: Kind, entries: readonly PlannedEntry[]): Promise<void> {
  const { position } = kind;
  if (position === null) return;
  const groups = groupsOf(entries, (entry) => tupleOf(position.per.map((column) => entry.column(column))));
  const last = await lastPositions(planning, kind, position, [...groups.values()].flat());
  for (const [tuple, group] of groups) {
    let end = last.get(tuple) ?? 0;
    const places = group.map((entry) => (entry.row === null ? ++end : Number(entry.row[position.column])));
    places.sort((a, b) => a - b);
    group.forEach((entry, index) => {
      const place = places[index] ?? 0;
      if (entry.row === null) entry.columns.set(position.column, place);
      else if (entry.row[position.column] !== place) {
        entry.changes.set(position.column, place);
        entry.changedFields.add('position');
      }
    });
  }
}

async function lastPositions(
  planning: Planning,
  kind: Kind,
  position: NonNullable<Kind['position']>,
  entries: readonly PlannedEntry[],
): Promise<Map<string, number>> {
  // Only newcomers need to know who stands where.
  const newcomers = entries.filter((entry) => entry.isNew);
  const tuples = newcomers.map((entry) => position.per.map((column): Planned => entry.column(column) ?? null));
  const last = new Map<string, number>();
  for (const row of await planning.stored.withTuples(kind, position.per, tuples)) {
    const tuple = tupleOf(position.per.map((column) => row[column])) ?? '';
    last.set(tuple, Math.max(last.get(tuple) ?? 0, Number(row[position.column])));
  }
  return last;
}

/**
 * The default product of a tenant is the first that the file lists (threescale.md, appendix B 6). A file that does not
 * mention the present default leaves it alone, so that adding a product by itself changes nothing else.
 */
export async function chooseDefaultProducts(planning: Planning, entries: readonly PlannedEntry[]): Promise<void> {
  const organizations = groupsOf(entries, (entry) => tupleOf([entry.columns.get('organization_id')]));
  const tuples = entries.map((entry): Planned[] => [entry.columns.get('organization_id') ?? null, 1]);
  const present = new Map<string, PlannedEntry | 'unlisted'>();
  for (const row of await planning.stored.withTuples(product, ['organization_id', 'is_default'], tuples)) {
    if (planning.removal(product, row) !== undefined) continue;
    present.set(tupleOf([row['organization_id']]) ?? '', planning.claimant(product, row) ?? 'unlisted');
  }
  for (const [organization, listed] of organizations) {
    const now = present.get(organization);
    const [first] = listed;
    if (first === undefined || now === 'unlisted' || now === first) continue;
    first.columns.set('is_default', 1);
    now?.columns.set('is_default', 0);
  }
}
