import { pathText } from '../file/mistake.ts';
import type { Kind, Row } from '../kinds/kind.ts';
import { kindNamed } from '../kinds/registry.ts';
import type { PlannedEntry } from './planned-entry.ts';
import type { Planning, Removal } from './planning.ts';

/** One thing that an apply changed, or would change. */
export interface Change {
  readonly action: 'created' | 'changed' | 'removed';
  /** What kind of entry, e.g. `application`. */
  readonly kind: string;
  /** What it is called: a key, an id, an e-mail address; empty for those that are only a secret. */
  readonly name: string;
  /** Key of the organization it belongs to; null for users. */
  readonly organization: string | null;
  /** Where the file speaks of it; for what was removed, the list that leaves it out. */
  readonly path: string;
  /** Fields that changed, in the words of the file; empty unless `changed`. */
  readonly fields: readonly string[];
}

/** A secret that was made up. It is told here and never again. */
export interface MadeSecret {
  readonly kind: string;
  readonly name: string;
  readonly organization: string | null;
  readonly path: string;
  readonly field: string;
  readonly value: string;
}

export interface ApplyReport {
  readonly changes: readonly Change[];
  /** Empty after a dry run. */
  readonly secrets: readonly MadeSecret[];
}

/** `created application 41 in NORTH`, `changed user ada@north.example: timezone` */
export function changeText({ action, kind, name, organization, fields }: Change): string {
  const where = organization === null || kind === 'organization' ? '' : ` in ${organization}`;
  const what = fields.length === 0 ? '' : `: ${fields.join(', ')}`;
  return `${action} ${kind}${name === '' ? '' : ` ${name}`}${where}${what}`;
}

export async function reportOf(planning: Planning): Promise<ApplyReport> {
  const changes: Change[] = [];
  const secrets: MadeSecret[] = [];
  for (const entry of planning.allEntries()) {
    if (!entry.isNew && entry.changedFields.size === 0) continue;
    const about = { ...aboutEntry(entry), path: pathText(entry.at) };
    if (entry.isRevoked) changes.push({ action: 'removed', ...about, fields: [] });
    else changes.push({ action: entry.isNew ? 'created' : 'changed', ...about, fields: [...entry.changedFields] });
    for (const [field, { text, generated }] of entry.secrets) {
      // One that is never written in the file is nobody's business either.
      if (generated && entry.kind.fields[field]?.schema !== null) secrets.push({ ...about, field, value: text });
    }
  }
  const names = await namesOfRemoved(planning);
  for (const removal of planning.removals) {
    changes.push({ action: 'removed', ...names(removal), path: pathText(removal.at), fields: [] });
  }
  return { changes, secrets };
}

function aboutEntry(entry: PlannedEntry): Pick<Change, 'kind' | 'name' | 'organization'> {
  const organization = entry.within('organization');
  return {
    kind: entry.kind.name,
    name: entry.title,
    organization: organization === null ? null : String(organization.value('key')),
  };
}

/** Names for removed rows; the people and organizations that they only have numbers of are looked up. */
async function namesOfRemoved(planning: Planning) {
  const { removals, stored } = planning;
  const people = await byId(planning, kindNamed('user'), 'user_id');
  const organizations = await byId(planning, kindNamed('organization'), 'organization_id');
  const apps = await stored.with(
    kindNamed('app'),
    'id',
    removals.flatMap(({ row }) => row['app_id'] ?? []),
  );
  const appOrganizations = await stored.with(
    kindNamed('organization'),
    'id',
    apps.flatMap((row) => row['organization_id'] ?? []),
  );
  for (const row of appOrganizations) organizations.set(row['id'] ?? null, row);

  return ({ kind, row }: Removal): Pick<Change, 'kind' | 'name' | 'organization'> => {
    const title = kind.title((column) =>
      column === 'user_id' ? (people.get(row[column] ?? null)?.['email'] ?? null) : (row[column] ?? null),
    );
    const app = apps.find((candidate) => candidate['id'] === row['app_id']);
    const organization = organizations.get(row['organization_id'] ?? app?.['organization_id'] ?? null);
    const own = kind.name === 'organization' ? row : organization;
    return {
      kind: kind.name,
      name: title === null ? '' : String(title),
      organization: own === undefined ? null : String(own['key']),
    };
  };

  async function byId({ removals: all, stored: rows }: Planning, kind: Kind, column: string) {
    const ids = all.flatMap(({ row }) => row[column] ?? []);
    return new Map((await rows.with(kind, 'id', ids)).map((row): [Row[string], Row] => [row['id'] ?? null, row]));
  }
}
