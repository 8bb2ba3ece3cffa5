import type { Deployment, DeploymentRight } from '../directory/deployments.ts';
import type { OrganizationTree } from '../directory/organizations.ts';
import type { User } from '../directory/users.ts';

export interface VisibleDeployment {
  readonly deployment: Deployment;
  readonly right: DeploymentRight;
}

/**
 * The deployments a user may see and what the user may do with them (scanalytics.md, appendix 1): what the list of
 * permissions says, and everything for owners of the deployment's organization. Nothing of a suspended organization.
 */
export function deploymentsOfUser(
  user: User,
  deployments: readonly Deployment[],
  tree: OrganizationTree,
): readonly VisibleDeployment[] {
  const owned = new Set(
    user.memberships.filter(({ role }) => role === 'owner').map(({ organization }) => organization),
  );
  return deployments.flatMap((deployment) => {
    if (tree.byId(deployment.organization)?.suspended !== false) return [];
    const right = owned.has(deployment.organization) ? 'edit' : deployment.rights.get(user.id);
    return right === undefined ? [] : [{ deployment, right }];
  });
}
