import type { OrganizationId } from '../domain/scope.ts';
import type { Organization, OrganizationTree } from '../directory/organizations.ts';
import type { User } from '../directory/users.ts';

/**
 * Organizations a user may enter, in order of key: owners and admins reach all that is below theirs, members and
 * viewers their own only, Super-Ops every one (tr50.md appendix 2).
 */
export function organizationsOfUser(user: User, tree: OrganizationTree): readonly Organization[] {
  if (user.superOps) return tree.all;
  const reached = new Set<Organization>();
  for (const { organization, role } of user.memberships) {
    const below = role === 'owner' || role === 'admin';
    const own = tree.byId(organization);
    if (own === undefined) continue;
    for (const each of below ? tree.subtree(organization) : [own]) reached.add(each);
  }
  return tree.all.filter((each) => reached.has(each));
}

/** Whether the user is owner or admin of the organization or of one above it. */
export function administers(user: User, organization: OrganizationId, tree: OrganizationTree): boolean {
  return user.memberships.some(
    (membership) =>
      (membership.role === 'owner' || membership.role === 'admin') &&
      tree.subtree(membership.organization).some((each) => each.id === organization),
  );
}
