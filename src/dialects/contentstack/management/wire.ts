import type { Organization } from '../../../directory/organizations.ts';
import type { Stack } from '../../../directory/stacks.ts';
import type { Membership, User } from '../../../directory/users.ts';
import { formatRfc3339Utc } from '../../../domain/time/rfc3339.ts';

/** An organization as one of its members sees it. */
export interface Joined {
  readonly organization: Organization;
  readonly membership: Membership;
  /** Uid of the organization's owner. */
  readonly ownerUid: string | null;
}

/** What the vendor calls a plan; there is only one here. */
const PLAN = 'self-hosted';

/**
 * @param joined the organizations of the user
 * @param authtoken the one the reply is about
 */
export function userToWire(user: User, joined: readonly Joined[], authtoken: string): Record<string, unknown> {
  const uids = (own: boolean): string[] =>
    joined
      .filter(({ membership }) => (membership.role === 'owner') === own && seesOrganizationUid(membership))
      .map(({ organization }) => organization.uid);
  return {
    uid: user.uid,
    created_at: formatRfc3339Utc(user.createdAt, 'always'),
    updated_at: formatRfc3339Utc(user.updatedAt, 'always'),
    email: user.email,
    username: user.username,
    first_name: user.firstName ?? '',
    last_name: user.lastName ?? '',
    org_uid: uids(true),
    shared_org_uid: uids(false),
    active: true,
    failed_attempts: 0,
    roles: [],
    authtoken,
  };
}

/** @param withRoles adds `org_roles`: what the caller is in it */
export function organizationToWire(
  { organization, membership, ownerUid }: Joined,
  withRoles: boolean,
): Record<string, unknown> {
  const uid = seesOrganizationUid(membership) ? { uid: organization.uid } : {};
  return {
    ...uid,
    name: organization.name,
    plan_id: PLAN,
    owner_uid: ownerUid,
    enabled: !organization.suspended,
    created_at: formatRfc3339Utc(organization.createdAt, 'always'),
    updated_at: formatRfc3339Utc(organization.updatedAt, 'always'),
    ...(membership.role === 'owner' ? { owner: true } : {}),
    ...(withRoles ? { org_roles: [roleToWire(organization, membership)] } : {}),
  };
}

function roleToWire(organization: Organization, membership: Membership): Record<string, unknown> {
  const { role } = membership;
  return {
    uid: `${organization.publicId}-${role}`,
    name: role,
    ...(seesOrganizationUid(membership) ? { org_uid: organization.uid } : {}),
    admin: role === 'owner' || role === 'admin',
    default: true,
  };
}

export function stackToWire(stack: Stack, { organization, membership, ownerUid }: Joined): Record<string, unknown> {
  return {
    uid: stack.uid,
    name: stack.name,
    ...(seesOrganizationUid(membership) ? { org_uid: organization.uid } : {}),
    ...(membership.role === 'viewer' ? {} : { api_key: stack.apiKey }),
    owner_uid: ownerUid,
    created_at: formatRfc3339Utc(stack.createdAt, 'always'),
    updated_at: formatRfc3339Utc(stack.updatedAt, 'always'),
  };
}

/** Seed: only owners and admins can view the organization's id. */
function seesOrganizationUid({ role }: Membership): boolean {
  return role === 'owner' || role === 'admin';
}
