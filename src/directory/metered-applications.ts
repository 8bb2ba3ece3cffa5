import { LRUCache } from 'lru-cache';
import type { OrganizationId } from '../domain/scope.ts';
import type { Records, RecordsDatabase } from '../store/records/records.ts';
import type { Sealing } from './secrets/sealing.ts';
import { tokenDigest } from './secrets/tokens.ts';
import type { Snapshots } from './snapshots.ts';

/** An application as a call of it is judged by. */
export interface MeteredApplication {
  readonly organization: OrganizationId;
  readonly productId: number;
  readonly id: number;
  readonly planId: number;
  /** Neither pending nor suspended. */
  readonly live: boolean;
  readonly appId: string | null;
  readonly redirectUrl: string | null;
  /** In their order; the first is the client secret of OAuth products. */
  readonly keys: readonly { readonly digest: string; readonly sealed: string }[];
  readonly referrerFilters: readonly string[];
}

export type ApplicationName = { readonly userKey: string } | { readonly appId: string };

/** Looks up applications singly, for there may be many more than fit well into memory. */
export interface MeteredApplications {
  /** Null when the product has no such application. A change in the directory is seen within half a second. */
  find(organization: OrganizationId, productId: number, name: ApplicationName): Promise<MeteredApplication | null>;
  /** The keys themselves, in their order. */
  keysOf(application: MeteredApplication): readonly string[];
}

/** Applications that called lately; names nobody has are not kept. */
const KEPT = 50_000;
const MAX_NAME_LENGTH = 512;

export function createMeteredApplications(
  { db }: Records,
  snapshots: Snapshots,
  sealing: Sealing,
): MeteredApplications {
  const kept = new LRUCache<string, MeteredApplication>({ max: KEPT });
  let changes = 0;
  snapshots.onChange(() => {
    changes += 1;
    kept.clear();
  });
  return {
    keysOf: ({ keys }) => keys.map(({ sealed }) => sealing.open(sealed, 'app_keys.key_sealed')),
    async find(organization, productId, name) {
      const [column, text] =
        'appId' in name ? (['app_id', name.appId] as const) : (['user_key_hash', name.userKey] as const);
      // PostgreSQL refuses texts with U+0000, and no name has one.
      if (text.length > MAX_NAME_LENGTH || text.includes('\0')) return null;
      const value = column === 'app_id' ? text : tokenDigest(text);
      const key = `${organization} ${productId} ${column} ${value}`;
      const known = kept.get(key);
      if (known !== undefined) return known;
      const before = changes;
      const found = await read(db, organization, productId, column, value);
      // What was read before a change and arrives after it would stay for ever.
      if (found !== null && before === changes) kept.set(key, found);
      return found;
    },
  };
}

async function read(
  db: RecordsDatabase,
  organization: OrganizationId,
  productId: number,
  column: 'app_id' | 'user_key_hash',
  value: string,
): Promise<MeteredApplication | null> {
  const row = await db
    .selectFrom('applications')
    .select(['id', 'plan_id', 'state', 'app_id', 'redirect_url'])
    .where('organization_id', '=', organization)
    .where('product_id', '=', productId)
    .where(column, '=', value)
    .executeTakeFirst();
  if (row === undefined) return null;
  const keys = await db
    .selectFrom('app_keys')
    .select(['key_hash', 'key_sealed'])
    .where('organization_id', '=', organization)
    .where('application_id', '=', row.id)
    .orderBy('position')
    .execute();
  const filters = await db
    .selectFrom('referrer_filters')
    .select('value')
    .where('organization_id', '=', organization)
    .where('application_id', '=', row.id)
    .orderBy('position')
    .execute();
  return {
    organization,
    productId,
    id: row.id,
    planId: row.plan_id,
    live: row.state === 'live',
    appId: row.app_id,
    redirectUrl: row.redirect_url,
    keys: keys.map(({ key_hash, key_sealed }) => ({ digest: key_hash, sealed: key_sealed })),
    referrerFilters: filters.map((filter) => filter.value),
  };
}

/** Which applications belong to which product. */
export class ApplicationIds {
  readonly #ids: ReadonlySet<string>;

  constructor(ids: ReadonlySet<string>) {
    this.#ids = ids;
  }

  has(organization: OrganizationId, productId: number, id: number): boolean {
    return this.#ids.has(`${organization} ${productId} ${id}`);
  }
}

export async function loadApplicationIds(db: RecordsDatabase): Promise<ApplicationIds> {
  const rows = await db.selectFrom('applications').select(['organization_id', 'product_id', 'id']).execute();
  return new ApplicationIds(new Set(rows.map((row) => `${row.organization_id} ${row.product_id} ${row.id}`)));
}
