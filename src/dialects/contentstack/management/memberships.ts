import type { Directory } from '../../../directory/directory.ts';
import type { User } from '../../../directory/users.ts';
import type { Joined } from './wire.ts';

/** The organizations users belong to themselves, in the order of the directory: rights do not reach down the tree here. */
export interface Memberships {
  of(user: User): Promise<readonly Joined[]>;
}

export function createMemberships(directory: Directory): Memberships {
  return {
    async of(user) {
      const [tree, owners] = await Promise.all([directory.organizations(), directory.owners()]);
      return user.memberships.flatMap((membership) => {
        const organization = tree.byId(membership.organization);
        if (organization === undefined) return [];
        return [{ organization, membership, ownerUid: owners.get(organization.id) ?? null }];
      });
    },
  };
}
