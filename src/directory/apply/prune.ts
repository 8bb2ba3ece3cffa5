import type { DirectoryFile } from '../file/entries.ts';
import { pathText, type Path } from '../file/mistake.ts';
import type { Kind, Row } from '../kinds/kind.ts';
import { kindNamed } from '../kinds/registry.ts';
import { tupleOf, type Planned, type PlannedEntry } from './planned-entry.ts';
import type { Planning } from './planning.ts';

/**
 * Finds the rows of a kind that the file leaves out. A list is complete only where it stands: an entry without a
 * `plans` key keeps its plans, one with `plans: []` loses them. What stands in a removed entry goes with it.
 */
export async function findLeftOut(planning: Planning, file: DirectoryFile, kind: Kind): Promise<void> {
  if (!planning.options.prune) return;
  if (kind.under === null) {
    if (!file.lists.has(kind.name)) return;
    for (const row of await planning.stored.all(kind)) leaveOut(planning, kind, row, [kind.list]);
    return;
  }
  const parents = new Map<string, PlannedEntry>();
  const columns = Object.keys(kind.ancestors);
  for (const parent of planning.entriesOf(kind.under)) {
    if (parent.row === null || !parent.source.lists.has(kind.name)) continue;
    const tuple = tupleOf(columns.map((column) => parent.within(kind.ancestors[column] ?? '')?.key));
    if (tuple !== null) parents.set(tuple, parent);
  }
  const tuples = [...parents.values()].map((parent) =>
    columns.map((column): Planned => parent.within(kind.ancestors[column] ?? '')?.key ?? null),
  );
  for (const row of await planning.stored.withTuples(kind, columns, tuples)) {
    const parent = parents.get(tupleOf(columns.map((column) => row[column])) ?? '');
    if (parent !== undefined) leaveOut(planning, kind, row, [...parent.at, kind.list]);
  }
}

function leaveOut(planning: Planning, kind: Kind, row: Row, at: Path): void {
  const isOther = Object.entries(kind.fixed).some(([column, value]) => row[column] !== value);
  const isRevoked = kind.revokedColumn !== null && row[kind.revokedColumn] !== null;
  if (isOther || isRevoked || kind.keeps(row) || planning.claimant(kind, row) !== undefined) return;
  planning.remove({ kind, row, at });
}

/** Refuses to remove what something that stays cannot be without. */
export async function refuseNeeded(planning: Planning): Promise<void> {
  await refuseUsedPlans(planning);
  await refuseParents(planning);
}

/** An application is always on a plan. */
async function refuseUsedPlans(planning: Planning): Promise<void> {
  const application = kindNamed('application');
  const plans = planning.removals.filter(({ kind }) => kind.name === 'plan');
  const columns = ['organization_id', 'plan_id'];
  const tuples = plans.map(({ row }) => [row['organization_id'] ?? null, row['id'] ?? null]);
  const users = new Map<string, Row>();
  for (const row of await planning.stored.withTuples(application, columns, tuples)) {
    const stays = planning.removal(application, row) === undefined && !goesWithAnother(planning, row);
    const moves = planning.claimant(application, row)?.changes.has('plan_id') ?? false;
    if (stays && !moves) users.set(tupleOf(columns.map((column) => row[column])) ?? '', row);
  }
  for (const { row, at } of plans) {
    const user = users.get(tupleOf([row['organization_id'], row['id']]) ?? '');
    if (user === undefined) continue;
    const reason = `cannot do without ${JSON.stringify(row['system_name'])}: application ${user['id']} is on it`;
    planning.mistakes.add('conflict', at, reason);
  }
}

/** Whether an application goes because its account, product or organization does. */
function goesWithAnother(planning: Planning, application: Row): boolean {
  const { organization_id: organization = null, account_id: account = null, product_id: product = null } = application;
  return (
    planning.removal(kindNamed('organization'), { id: organization }) !== undefined ||
    planning.removal(kindNamed('account'), { organization_id: organization, id: account }) !== undefined ||
    planning.removal(kindNamed('product'), { organization_id: organization, id: product }) !== undefined
  );
}

async function refuseParents(planning: Planning): Promise<void> {
  const organization = kindNamed('organization');
  const going = planning.removals.filter(({ kind }) => kind === organization);
  const ids = going.map(({ row }) => row['id'] ?? null);
  for (const child of await planning.stored.with(organization, 'parent_id', ids)) {
    const claimant = planning.claimant(organization, child);
    if (planning.removal(organization, child) !== undefined || claimant?.changes.has('parent_id') === true) continue;
    const parent = going.find(({ row }) => row['id'] === child['parent_id']);
    if (parent === undefined) continue;
    const where = claimant === undefined ? String(child['key']) : pathText(claimant.at);
    const reason = `cannot do without ${JSON.stringify(parent.row['key'])}: it is the parent of ${where}`;
    planning.mistakes.add('conflict', parent.at, reason);
  }
}
