import { organizationId, type OrganizationId } from '../domain/scope.ts';
import type { RecordsDatabase } from '../store/records/records.ts';

/** The uid of an organization's owner; of several the one who is in the directory for longest. */
export type Owners = ReadonlyMap<OrganizationId, string>;

export async function loadOwners(db: RecordsDatabase): Promise<Owners> {
  const rows = await db
    .selectFrom('memberships')
    .innerJoin('users', 'users.id', 'memberships.user_id')
    .select(['memberships.organization_id', 'users.uid'])
    .where('memberships.role', '=', 'owner')
    .orderBy('users.id', 'desc')
    .execute();
  return new Map(rows.map((row) => [organizationId(row.organization_id), row.uid]));
}
