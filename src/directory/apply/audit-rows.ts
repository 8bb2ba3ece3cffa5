import type { DeclaredRow } from '../../store/records/declared-rows.ts';
import type { PlannedEntry } from './planned-entry.ts';
import type { Planning, Removal } from './planning.ts';

/** What an apply does to credentials, for the audit log: `key.created`, `user.changed`, `client.removed`. */
export function auditRows(planning: Planning, actor: string): DeclaredRow[] {
  const rows: DeclaredRow[] = [];
  const add = (event: string, subject: string, organization: number | null, detail: object): void => {
    const about = { event, actor, organization, subject, address: null, detail: JSON.stringify(detail) };
    rows.push({ at: planning.now, ...about });
  };
  for (const entry of planning.allEntries()) {
    const { audited } = entry.kind;
    if (audited === null || (!entry.isNew && entry.changedFields.size === 0)) continue;
    const detail = { kind: entry.kind.name, ...(entry.isNew ? {} : { fields: [...entry.changedFields] }) };
    const happened = entry.isNew ? 'created' : entry.isRevoked ? 'revoked' : 'changed';
    add(`${audited}.${happened}`, entry.title, organizationOf(entry), detail);
  }
  for (const { kind, row } of planning.removals) {
    if (kind.audited === null) continue;
    const title = kind.title((column) => row[column] ?? null);
    const organization = numberOf(row['organization_id']);
    add(`${kind.audited}.removed`, title === null ? '' : String(title), organization, { kind: kind.name });
  }
  return rows;
}

function organizationOf(entry: PlannedEntry): number | null {
  const organization = entry.within('organization');
  return organization?.number ?? numberOf(organization?.row?.['id']);
}

function numberOf(value: Removal['row'][string] | undefined): number | null {
  return typeof value === 'number' ? value : null;
}
