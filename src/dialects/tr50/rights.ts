import { administers, organizationsOfUser } from '../../access/user-rights.ts';
import type { Organization, OrganizationTree } from '../../directory/organizations.ts';
import type { User } from '../../directory/users.ts';
import type { OrganizationId } from '../../domain/scope.ts';
import type { Session } from './session.ts';

/** What a caller may do with which organization, as the directory has it now. */
export type Rights = Pick<Session, 'mayEnter' | 'administers' | 'roleIn'> & {
  /** Where a login starts; null for a caller who may enter none. */
  readonly home: Organization | null;
};

/**
 * A membership in a suspended organization gives nothing, below it neither. The home of a user is the first membership
 * (contract, appendix 2) of the others; that of a Super-Ops user without any, the first organization.
 */
export function rightsOfUser(user: User, tree: OrganizationTree): Rights {
  const memberships = user.memberships.filter(({ organization }) => tree.byId(organization)?.suspended === false);
  const active = { ...user, memberships };
  // Thousands of organizations may lie below; most packets concern the granted ones only.
  let below: ReadonlySet<Organization> | undefined;
  const isReached = (organization: Organization): boolean =>
    (below ??= new Set(organizationsOfUser(active, tree))).has(organization);
  const roleIn = ({ id }: Organization) => memberships.find(({ organization }) => organization === id)?.role ?? null;
  const [first] = memberships;
  const home = first === undefined ? (user.superOps ? tree.all[0] : undefined) : tree.byId(first.organization);
  return {
    home: home ?? null,
    mayEnter: (organization) =>
      user.superOps || (!organization.suspended && (roleIn(organization) !== null || isReached(organization))),
    administers: ({ id }) => administers(active, id, tree),
    roleIn,
  };
}

/** An application works in the organization of its token and in no other. */
export function rightsOfApplication(organization: OrganizationId, tree: OrganizationTree): Rights {
  const own = tree.byId(organization);
  const home = own === undefined || own.suspended ? null : own;
  return {
    home,
    mayEnter: (candidate) => candidate === home,
    administers: () => false,
    roleIn: () => null,
  };
}
