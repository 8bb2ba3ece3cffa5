import { organizationId, type OrganizationId } from '../../domain/scope.ts';
import { selectRows } from '../../store/records/declared-rows.ts';
import type { RecordsDatabase } from '../../store/records/records.ts';
import type { Row } from '../kinds/kind.ts';

/** Whose hands reach how far: an administrator of the instance, or of an organization and what is below it. */
export interface Reach {
  readonly organizations: ReadonlySet<OrganizationId> | 'all';
  /** The organization at the top of the reach; null for an administrator of the instance. */
  readonly home: OrganizationId | null;
  /** For the audit log. */
  readonly actor: string;
}

export function reaches(reach: Reach, organization: unknown): boolean {
  return reach.organizations === 'all' || reach.organizations.has(organizationId(Number(organization)));
}

/**
 * The organizations that people are members of or have a right in, by user. Tenants share the instance's users, so an
 * organization's administrator may only see those that have to do with it, and only change those that it made and that
 * have to do with nobody else.
 */
export async function tiesOf(db: RecordsDatabase, users: readonly number[]): Promise<Map<number, Set<number>>> {
  const ties = new Map<number, Set<number>>(users.map((user) => [user, new Set()]));
  const where = [{ column: 'user_id', in: users }];
  if (users.length === 0) return ties;
  const memberships = await selectRows(db, { table: 'memberships', where });
  const permissions = await selectRows(db, { table: 'deployment_permissions', where });
  const appMembers = await selectRows(db, { table: 'app_members', where });
  const apps = await selectRows(db, {
    table: 'apps',
    where: [{ column: 'id', in: [...new Set(appMembers.map((row) => row['app_id'] ?? null))] }],
  });
  const ownerOf = new Map(apps.map((app) => [app['id'], app['organization_id']]));
  for (const row of [...memberships, ...permissions])
    ties.get(Number(row['user_id']))?.add(Number(row['organization_id']));
  for (const row of appMembers) ties.get(Number(row['user_id']))?.add(Number(ownerOf.get(row['app_id'])));
  return ties;
}

/** Whether the user has something to do with the reach. */
export function seesUser(reach: Reach, user: Row, ties: ReadonlySet<number>): boolean {
  if (reach.organizations === 'all') return true;
  return (
    (user['managed_by'] !== null && reaches(reach, user['managed_by'])) || [...ties].some((one) => reaches(reach, one))
  );
}

/** Whether nobody outside of the reach has anything to do with the user. */
export function ownsUser(reach: Reach, user: Row, ties: ReadonlySet<number>): boolean {
  if (reach.organizations === 'all') return true;
  const isWithin = [...ties].every((one) => reaches(reach, one));
  return isWithin && user['super_ops'] === 0 && seesUser(reach, user, ties);
}

/** Whether the reach may change the user: it made it, and nobody outside has anything to do with it. */
export function managesUser(reach: Reach, user: Row, ties: ReadonlySet<number>): boolean {
  if (reach.organizations === 'all') return true;
  return user['managed_by'] !== null && reaches(reach, user['managed_by']) && ownsUser(reach, user, ties);
}
