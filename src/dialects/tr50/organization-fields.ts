import type { Organization, OrganizationTree } from '../../directory/organizations.ts';
import { formatRfc3339Utc } from '../../domain/time/rfc3339.ts';

/** Fields of an organization in `org.find` and `org.list`, in the order in which they are written. */
export const ORGANIZATION_FIELDS = ['id', 'key', 'name', 'parentKey', 'timezone', 'createdOn', 'updatedOn'] as const;

export type OrganizationField = (typeof ORGANIZATION_FIELDS)[number];

/** A root has no `parentKey`. The zone is the one in force: the organization's own, or the instance's. */
export function organizationFields(
  organization: Organization,
  organizations: OrganizationTree,
): Partial<Record<OrganizationField, string>> {
  const { publicId, key, name, parent, zone, createdAt, updatedAt } = organization;
  const parentKey = parent === null ? undefined : organizations.byId(parent)?.key;
  return {
    id: publicId,
    key,
    name,
    ...(parentKey === undefined ? {} : { parentKey }),
    timezone: zone,
    createdOn: formatRfc3339Utc(createdAt, 'always'),
    updatedOn: formatRfc3339Utc(updatedAt, 'always'),
  };
}
