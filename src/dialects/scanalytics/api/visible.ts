import { deploymentsOfUser, type VisibleDeployment } from '../../../access/deployment-rights.ts';
import type { TokenHolder } from '../../../access/oauth/tokens.ts';
import type { Deployment, SensorArray } from '../../../directory/deployments.ts';
import type { Directory } from '../../../directory/directory.ts';
import type { OrganizationTree } from '../../../directory/organizations.ts';
import type { User } from '../../../directory/users.ts';

export interface VisibleArray extends VisibleDeployment {
  readonly array: SensorArray;
}

export interface VisibleDevice extends VisibleArray {
  readonly device: SensorArray['devices'][number];
}

/** What a user was found to see, until the user or what is configured changes: each is then another object. */
const found = new WeakMap<User, { deployments: readonly Deployment[]; tree: OrganizationTree; visible: Visible }>();

/** What the holder of a token may see. Whatever is not in here does not exist for the holder. */
export class Visible {
  /** Each by name, then key. */
  readonly deployments: readonly VisibleDeployment[];
  readonly arrays: readonly VisibleArray[];
  readonly devices: readonly VisibleDevice[];
  readonly #arraysByKey = new Map<string, VisibleArray>();

  private constructor(deployments: readonly VisibleDeployment[]) {
    this.deployments = deployments;
    this.arrays = deployments
      .flatMap((visible) => visible.deployment.arrays.map((array) => ({ ...visible, array })))
      .toSorted((a, b) => byNameThenKey(a.array, b.array));
    this.devices = this.arrays
      .flatMap((visible) => visible.array.devices.map((device) => ({ ...visible, device })))
      .toSorted((a, b) => byNameThenKey(a.device, b.device));
    for (const visible of this.arrays.toReversed()) this.#arraysByKey.set(visible.array.key, visible);
  }

  static async to({ user }: TokenHolder, directory: Directory): Promise<Visible> {
    const [deployments, tree] = await Promise.all([directory.deployments(), directory.organizations()]);
    const kept = found.get(user);
    if (kept?.deployments === deployments && kept.tree === tree) return kept.visible;
    const visible = new Visible(deploymentsOfUser(user, deployments, tree));
    found.set(user, { deployments, tree, visible });
    return visible;
  }

  /** Keys are compared as they are written. Of several tenants with the same key, the first by name. */
  deployment(key: string): VisibleDeployment | undefined {
    return this.deployments.find(({ deployment }) => deployment.key === key);
  }

  array(key: string): VisibleArray | undefined {
    return this.#arraysByKey.get(key);
  }

  device(key: string): VisibleDevice | undefined {
    return this.devices.find(({ device }) => device.key === key);
  }
}

type Named = { readonly name: string; readonly key: string };

function byNameThenKey(a: Named, b: Named): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}
