import type { OrganizationId } from '../domain/scope.ts';
import type { RecordsDatabase } from '../store/records/records.ts';

/** Where sensors hang: which array a device belongs to now, and which deployment an array. */
export class Places {
  readonly #arrays = new Map<string, string>();
  readonly #devices = new Map<string, string>();

  constructor(
    arrays: readonly { organization_id: number; key: string; deployment_key: string }[],
    devices: readonly { organization_id: number; key: string; array_key: string }[],
  ) {
    for (const array of arrays) this.#arrays.set(nameOf(array.organization_id, array.key), array.deployment_key);
    for (const device of devices) this.#devices.set(nameOf(device.organization_id, device.key), device.array_key);
  }

  array(organization: OrganizationId, key: string): { readonly deployment: string } | null {
    const deployment = this.#arrays.get(nameOf(organization, key));
    return deployment === undefined ? null : { deployment };
  }

  device(organization: OrganizationId, key: string): { readonly array: string; readonly deployment: string } | null {
    const array = this.#devices.get(nameOf(organization, key));
    if (array === undefined) return null;
    const place = this.array(organization, array);
    return place === null ? null : { array, deployment: place.deployment };
  }
}

export async function loadPlaces(db: RecordsDatabase): Promise<Places> {
  const arrays = await db.selectFrom('arrays').select(['organization_id', 'key', 'deployment_key']).execute();
  const devices = await db.selectFrom('devices').select(['organization_id', 'key', 'array_key']).execute();
  return new Places(arrays, devices);
}

/** Keys are unique within their organization only. */
function nameOf(organization: number, key: string): string {
  return `${organization} ${key}`;
}
