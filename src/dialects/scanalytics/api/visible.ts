import { deploymentsOfUser, type VisibleDeployment } from '../../../access/deployment-rights.ts';
import type { TokenHolder } from '../../../access/oauth/tokens.ts';
import type { SensorArray } from '../../../directory/deployments.ts';
import type { Directory } from '../../../directory/directory.ts';

export interface VisibleArray extends VisibleDeployment {
  readonly array: SensorArray;
}

export interface VisibleDevice extends VisibleArray {
  readonly device: SensorArray['devices'][number];
}

/** What the holder of a token may see, by name then key. Whatever is not in here does not exist for the holder. */
export class Visible {
  readonly deployments: readonly VisibleDeployment[];

  private constructor(deployments: readonly VisibleDeployment[]) {
    this.deployments = deployments;
  }

  static async to(holder: TokenHolder, directory: Directory): Promise<Visible> {
    const [deployments, organizations] = await Promise.all([directory.deployments(), directory.organizations()]);
    return new Visible(deploymentsOfUser(holder.user, deployments, organizations));
  }

  arrays(): readonly VisibleArray[] {
    return this.deployments.flatMap((visible) => visible.deployment.arrays.map((array) => ({ ...visible, array })));
  }

  devices(): readonly VisibleDevice[] {
    return this.arrays().flatMap((visible) => visible.array.devices.map((device) => ({ ...visible, device })));
  }

  /** Keys are compared as they are written. Of several tenants with the same key, the first by name. */
  deployment(key: string): VisibleDeployment | undefined {
    return this.deployments.find(({ deployment }) => deployment.key === key);
  }

  array(key: string): VisibleArray | undefined {
    return this.arrays().find(({ array }) => array.key === key);
  }

  device(key: string): VisibleDevice | undefined {
    return this.devices().find(({ device }) => device.key === key);
  }
}

export function byNameThenKey(
  a: { readonly name: string; readonly key: string },
  b: { readonly name: string; readonly key: string },
): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}
