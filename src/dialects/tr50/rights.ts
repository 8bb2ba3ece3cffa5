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

/** The home of a user is the first membership (contract, appendix 2) that is not suspended. */
export function rightsOfUser(user: User, tree: OrganizationTree): Rights {
  const enterable = new Set(organizationsOfUser(user, tree).filter((each) => user.superOps || !each.suspended));
  const granted = user.memberships.map(({ organization }) => tree.byId(organization));
  return {
    home: granted.find((each) => each !== undefined && !each.suspended) ?? [...enterable][0] ?? null,
    mayEnter: (organization) => enterable.has(organization),
    administers: ({ id }) => administers(user, id, tree),
    roleIn: ({ id }) => user.memberships.find(({ organization }) => organization === id)?.role ?? null,
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
