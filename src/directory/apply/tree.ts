import { organization } from '../kinds/organizations.ts';
import { isPending, PlannedEntry } from './planned-entry.ts';
import type { Planning } from './planning.ts';

/** An organization: an entry of the file, or the number of a stored one that the file does not mention. */
type Node = PlannedEntry | number;

/** Refuses a parent that has its child as an ancestor. */
export async function refuseCircles(planning: Planning): Promise<void> {
  const entries = planning.entriesOf(organization.name);
  if (!entries.some((entry) => entry.columns.has('parent_id'))) return;
  const parents = new Map<Node, Node>();
  for (const row of await planning.stored.all(organization)) {
    const node = planning.claimant(organization, row) ?? Number(row['id']);
    if (row['parent_id'] !== null) parents.set(node, nodeOf(planning, Number(row['parent_id'])));
  }
  for (const entry of entries) {
    const parent = entry.columns.get('parent_id');
    if (parent === null) parents.delete(entry);
    else if (parent !== undefined) {
      parents.set(entry, isPending(parent) ? parent.keyOf : nodeOf(planning, Number(parent)));
    }
  }
  const harmless = new Set<Node>();
  for (const entry of entries) {
    if (!entry.columns.has('parent_id')) continue;
    const path = new Set<Node>();
    let node: Node | undefined = entry;
    while (node !== undefined && !path.has(node) && !harmless.has(node)) {
      path.add(node);
      node = parents.get(node);
    }
    // Whoever only leads into a circle is not to blame for it.
    if (node === entry && path.size > 0) planning.blame(entry, 'parent', 'makes the organization its own ancestor');
    else if (node === undefined || harmless.has(node)) for (const one of path) harmless.add(one);
  }
}

function nodeOf(planning: Planning, id: number): Node {
  return planning.claimant(organization, { id }) ?? id;
}
