import { organizationId, type OrganizationId } from '../domain/scope.ts';
import type { EpochMs, ZoneId } from '../domain/time/instant.ts';
import { parseZone } from '../domain/time/zones.ts';
import type { RecordsDatabase } from '../store/records/records.ts';

export interface Organization {
  readonly id: OrganizationId;
  /** 24 lower-case hex digits (TR50 `orgId`). */
  readonly publicId: string;
  readonly uid: string;
  readonly key: string;
  readonly name: string;
  readonly parent: OrganizationId | null;
  /** Its own zone, or the instance's. */
  readonly zone: ZoneId;
  readonly sso: boolean;
  readonly analyticsEnabled: boolean;
  readonly suspended: boolean;
  readonly createdAt: EpochMs;
  readonly updatedAt: EpochMs;
}

/** All organizations at one moment. Thousands of them take a few megabytes, and every request needs some. */
export class OrganizationTree {
  readonly all: readonly Organization[];
  readonly #byId: ReadonlyMap<OrganizationId, Organization>;
  readonly #byUid: ReadonlyMap<string, Organization>;
  readonly #byKey: ReadonlyMap<string, Organization>;
  readonly #byPublicId: ReadonlyMap<string, Organization>;
  readonly #children = new Map<OrganizationId, Organization[]>();

  /** `all` in order of key. */
  constructor(all: readonly Organization[]) {
    this.all = all;
    this.#byId = new Map(all.map((each) => [each.id, each]));
    this.#byUid = new Map(all.map((each) => [each.uid, each]));
    this.#byKey = new Map(all.map((each) => [each.key, each]));
    this.#byPublicId = new Map(all.map((each) => [each.publicId, each]));
    for (const each of all) {
      if (each.parent === null) continue;
      const siblings = this.#children.get(each.parent);
      if (siblings === undefined) this.#children.set(each.parent, [each]);
      else siblings.push(each);
    }
  }

  byId(id: OrganizationId): Organization | undefined {
    return this.#byId.get(id);
  }

  byUid(uid: string): Organization | undefined {
    return this.#byUid.get(uid);
  }

  byKey(key: string): Organization | undefined {
    return this.#byKey.get(key);
  }

  byPublicId(id: string): Organization | undefined {
    return this.#byPublicId.get(id);
  }

  /** Direct children, in order of key. */
  children(id: OrganizationId): readonly Organization[] {
    return this.#children.get(id) ?? [];
  }

  /** The organization and all its descendants, each once, parents first. Empty for an unknown id. */
  subtree(id: OrganizationId): readonly Organization[] {
    const root = this.#byId.get(id);
    if (root === undefined) return [];
    const found = new Set([root]);
    // A set walked while it grows: bounded by the number of organizations even if the tree had a circle.
    for (const each of found) for (const child of this.children(each.id)) found.add(child);
    return [...found];
  }
}

export async function loadOrganizations(db: RecordsDatabase, instanceZone: ZoneId): Promise<OrganizationTree> {
  const rows = await db.selectFrom('organizations').selectAll().orderBy('key').execute();
  return new OrganizationTree(
    rows.map((row) => ({
      id: organizationId(row.id),
      publicId: row.public_id,
      uid: row.uid,
      key: row.key,
      name: row.name,
      parent: row.parent_id === null ? null : organizationId(row.parent_id),
      zone: (row.timezone === null ? null : parseZone(row.timezone)) ?? instanceZone,
      sso: row.sso === 1,
      analyticsEnabled: row.analytics_enabled === 1,
      suspended: row.suspended === 1,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    })),
  );
}
