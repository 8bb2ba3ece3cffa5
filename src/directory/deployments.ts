import { organizationId, type OrganizationId } from '../domain/scope.ts';
import type { Clock } from '../domain/time/clock.ts';
import type { ZoneId } from '../domain/time/instant.ts';
import { parseZone, UTC } from '../domain/time/zones.ts';
import { bumpDirectoryVersion } from '../store/records/directory-version.ts';
import type { Records, RecordsDatabase } from '../store/records/records.ts';

/** A place, what counts in it and who may see it. Keys are unique within their organization only. */
export interface Deployment {
  readonly organization: OrganizationId;
  readonly key: string;
  readonly name: string;
  readonly zone: ZoneId;
  /** By name, then key. */
  readonly arrays: readonly SensorArray[];
  /** By number of the user. */
  readonly rights: ReadonlyMap<number, DeploymentRight>;
}

export type DeploymentRight = 'view' | 'edit';

/** Devices that count together. */
export interface SensorArray {
  readonly key: string;
  readonly name: string;
  /** By name, then key. */
  readonly devices: readonly { readonly key: string; readonly name: string }[];
}

export type PlaceKind = 'deployment' | 'array' | 'device';

/** One deployment, array or device, and what of it is to change. */
export interface PlaceChange {
  readonly kind: PlaceKind;
  readonly organization: OrganizationId;
  readonly key: string;
  readonly name?: string | undefined;
  /** Of deployments only. */
  readonly zone?: ZoneId | undefined;
}

/** All deployments, by name, then key, then organization: what a caller may see of them is for `access` to say. */
export async function loadDeployments(db: RecordsDatabase): Promise<readonly Deployment[]> {
  const deployments = await db.selectFrom('deployments').selectAll().execute();
  const arrays = await db.selectFrom('arrays').selectAll().execute();
  const devices = await db.selectFrom('devices').selectAll().execute();
  const permissions = await db.selectFrom('deployment_permissions').selectAll().execute();

  const devicesOf = grouped(devices, ({ organization_id, array_key }) => `${organization_id} ${array_key}`);
  const arraysOf = grouped(arrays, ({ organization_id, deployment_key }) => `${organization_id} ${deployment_key}`);
  const rightsOf = grouped(
    permissions,
    ({ organization_id, deployment_key }) => `${organization_id} ${deployment_key}`,
  );
  const found = deployments.map(({ organization_id, key, name, timezone }): Deployment => {
    const id = `${organization_id} ${key}`;
    return {
      organization: organizationId(organization_id),
      key,
      name,
      zone: parseZone(timezone) ?? UTC,
      arrays: (arraysOf.get(id) ?? [])
        .map((array) => ({
          key: array.key,
          name: array.name,
          devices: (devicesOf.get(`${organization_id} ${array.key}`) ?? [])
            .map((device) => ({ key: device.key, name: device.name }))
            .toSorted(byNameThenKey),
        }))
        .toSorted(byNameThenKey),
      rights: new Map((rightsOf.get(id) ?? []).map((each) => [each.user_id, each.permission])),
    };
  });
  return found.toSorted((a, b) => byNameThenKey(a, b) || a.organization - b.organization);
}

/** Changes a place, to be seen by every reader; false when it is not there any more. */
export async function changePlace(
  { records, clock }: { readonly records: Records; readonly clock: Clock },
  { kind, organization, key, name, zone }: PlaceChange,
): Promise<boolean> {
  return records.transaction(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable(TABLES[kind])
      .set({
        updated_at: clock.now(),
        ...(name === undefined ? {} : { name }),
        ...(zone === undefined || kind !== 'deployment' ? {} : { timezone: zone }),
      })
      .where('organization_id', '=', organization)
      .where('key', '=', key)
      .executeTakeFirstOrThrow();
    await bumpDirectoryVersion(tx);
    return numUpdatedRows > 0n;
  });
}

const TABLES = { deployment: 'deployments', array: 'arrays', device: 'devices' } as const;

function grouped<T>(rows: readonly T[], keyOf: (row: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return groups;
}

type Named = { readonly name: string; readonly key: string };

function byNameThenKey(a: Named, b: Named): number {
  return compare(a.name, b.name) || compare(a.key, b.key);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
