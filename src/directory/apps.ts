import { organizationId, type OrganizationId } from '../domain/scope.ts';
import { epochMs, type EpochMs, type ZoneId } from '../domain/time/instant.ts';
import { parseZone, UTC } from '../domain/time/zones.ts';
import type { RecordsDatabase } from '../store/records/records.ts';
import type { Sealing } from './secrets/sealing.ts';
import { tokenDigest } from './secrets/tokens.ts';

/** A tracked application. Ids and write keys are unique in the instance. */
export interface App {
  /** 24 lower-case hex digits. */
  readonly id: string;
  readonly organization: OrganizationId;
  /** False while its organization is suspended. */
  readonly active: boolean;
  readonly name: string;
  /** The write key, deciphered at each call. */
  key(): string;
  /** Secret of its checksums, deciphered once; null when requests need none. */
  salt(): string | null;
  readonly zone: ZoneId;
  /** Two capital letters. */
  readonly country: string | null;
  readonly category: string | null;
  /** Takes no data for now. */
  readonly paused: boolean;
  /**
   * When it was made or last reset. Facts carry it: those of another era are not the app's own any more, also those of
   * one that had the same id and was deleted.
   */
  readonly era: EpochMs;
  /** By number of the user. */
  readonly members: ReadonlyMap<number, AppRole>;
}

export type AppRole = 'admin' | 'user';

/** All apps at one moment. */
export class Apps {
  /** By name, then id. */
  readonly all: readonly App[];
  readonly #byId: ReadonlyMap<string, App>;
  readonly #byDigest: ReadonlyMap<string, App>;

  constructor(apps: readonly { readonly app: App; readonly keyDigest: string }[]) {
    this.all = apps.map(({ app }) => app);
    this.#byId = new Map(apps.map(({ app }) => [app.id, app]));
    this.#byDigest = new Map(apps.map(({ app, keyDigest }) => [keyDigest, app]));
  }

  byId(id: string): App | null {
    return this.#byId.get(id) ?? null;
  }

  byKey(key: string): App | null {
    return this.#byDigest.get(tokenDigest(key)) ?? null;
  }
}

export async function loadApps(db: RecordsDatabase, sealing: Sealing): Promise<Apps> {
  const rows = await db
    .selectFrom('apps')
    .innerJoin('organizations', 'organizations.id', 'apps.organization_id')
    .selectAll('apps')
    .select('organizations.suspended')
    .orderBy('apps.name')
    .orderBy('apps.id')
    .execute();
  const members = new Map<string, Map<number, AppRole>>();
  for (const { app_id, user_id, role } of await db.selectFrom('app_members').selectAll().execute()) {
    const known = members.get(app_id) ?? new Map<number, AppRole>();
    members.set(app_id, known.set(user_id, role));
  }
  return new Apps(
    rows.map((row) => {
      let salt: string | null | undefined;
      const app: App = {
        id: row.id,
        organization: organizationId(row.organization_id),
        active: row.suspended !== 1,
        name: row.name,
        key: () => sealing.open(row.key_sealed, 'apps.key_sealed'),
        salt: () => (salt ??= row.salt_sealed === null ? null : sealing.open(row.salt_sealed, 'apps.salt_sealed')),
        zone: parseZone(row.timezone) ?? UTC,
        country: row.country,
        category: row.category,
        paused: row.paused === 1,
        era: epochMs(Math.max(row.reset_at ?? 0, row.created_at)),
        members: members.get(row.id) ?? new Map<number, AppRole>(),
      };
      return { app, keyDigest: row.key_hash };
    }),
  );
}
