import type { OrganizationId } from '../../domain/scope.ts';
import { epochMs, type EpochMs } from '../../domain/time/instant.ts';
import type { RecordsDatabase } from '../../store/records/records.ts';
import type { Sealing } from '../secrets/sealing.ts';
import { tokenDigest } from '../secrets/tokens.ts';
import { offsetOf, type PageAsked, type PageFound } from './page.ts';
import { listPlans, type Plan } from './plans.ts';

/** What calls a product, with what it is shown with. */
export interface Application {
  readonly id: number;
  readonly name: string;
  readonly description: string | null;
  readonly state: string;
  readonly account: { readonly id: number; readonly orgName: string };
  readonly product: {
    readonly id: number;
    readonly name: string;
    readonly systemName: string;
    readonly backendVersion: string;
  };
  readonly plan: Plan;
  readonly userKey: string | null;
  readonly verificationKey: string | null;
  readonly appId: string | null;
  /** In their order; the first is the client secret of OAuth products. */
  readonly appKeys: readonly string[];
  readonly redirectUrl: string | null;
  /** Traffic from before the facts begin; the facts may know of earlier and later. */
  readonly firstTrafficAt: EpochMs | null;
  readonly createdAt: EpochMs;
  readonly updatedAt: EpochMs;
}

/** What an application must agree with; absent parts let all through. */
export interface ApplicationFilter {
  readonly product?: number;
  readonly plan?: number;
  readonly account?: number;
  readonly state?: string;
  /** `free`: the plan costs nothing a month and nothing to set up. */
  readonly planType?: 'free' | 'paid';
  readonly userKey?: string;
  /** Part of the name, in any case. */
  readonly nameContains?: string;
  /** Both ends included. */
  readonly createdFrom?: EpochMs;
  readonly createdTo?: EpochMs;
  /** For what the records do not know; asked with an application's id and what the file says of its traffic. */
  readonly keeps?: (id: number, firstTrafficAt: EpochMs | null) => boolean;
}

interface Reads {
  readonly db: RecordsDatabase;
  readonly sealing: Sealing;
}

/** Applications of a tenant by id. Costs as much as the page, unless names or traffic have to be looked at. */
export async function listApplications(
  { db, sealing }: Reads,
  organization: OrganizationId,
  filter: ApplicationFilter,
  page: PageAsked,
): Promise<PageFound<Application>> {
  const matching = matchingApplications(db, organization, filter);
  const { nameContains, keeps } = filter;
  if (nameContains === undefined && keeps === undefined) {
    const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
    const rows = await matching.select('id').orderBy('id').limit(page.perPage).offset(offsetOf(page)).execute();
    const ids = rows.map(({ id }) => id);
    return { items: await loadApplications({ db, sealing }, organization, ids), total: Number(total) };
  }
  const candidates = await matching.select(['id', 'name', 'first_traffic_at']).orderBy('id').execute();
  const part = nameContains?.toLowerCase();
  const ids = candidates
    .filter(({ name }) => part === undefined || name.toLowerCase().includes(part))
    .filter((row) => keeps?.(row.id, row.first_traffic_at === null ? null : epochMs(row.first_traffic_at)) ?? true)
    .map(({ id }) => id);
  const from = offsetOf(page);
  const items = await loadApplications({ db, sealing }, organization, ids.slice(from, from + page.perPage));
  return { items, total: ids.length };
}

/** How one application is named by a caller; integer ids are the tenant's own. */
export type ApplicationName =
  | { readonly id: number; readonly account?: number }
  /** Of a product whose calls carry a user key. */
  | { readonly userKey: string; readonly account?: number }
  /** Of a product whose calls carry an application id. */
  | { readonly appId: string; readonly account?: number };

/** @param product narrows the search where it is given; of several the one with the lowest id is found */
export async function findApplication(
  reads: Reads,
  organization: OrganizationId,
  by: ApplicationName,
  product?: number,
): Promise<Application | null> {
  let query = reads.db
    .selectFrom('applications as application')
    .innerJoin('products as product', (join) =>
      join
        .onRef('product.organization_id', '=', 'application.organization_id')
        .onRef('product.id', '=', 'application.product_id'),
    )
    .select('application.id')
    .where('application.organization_id', '=', organization);
  if ('id' in by) query = query.where('application.id', '=', by.id);
  else if ('userKey' in by) {
    query = query
      .where('application.user_key_hash', '=', tokenDigest(by.userKey))
      .where('product.backend_version', '=', USER_KEY_VERSION);
  } else {
    query = query.where('application.app_id', '=', by.appId).where('product.backend_version', '<>', USER_KEY_VERSION);
  }
  if (by.account !== undefined) query = query.where('application.account_id', '=', by.account);
  if (product !== undefined) query = query.where('application.product_id', '=', product);
  const row = await query.orderBy('application.id').executeTakeFirst();
  if (row === undefined) return null;
  const [found] = await loadApplications(reads, organization, [row.id]);
  return found ?? null;
}

const USER_KEY_VERSION = '1';

function matchingApplications(db: RecordsDatabase, organization: OrganizationId, filter: ApplicationFilter) {
  let query = db.selectFrom('applications').where('applications.organization_id', '=', organization);
  const { product, plan, account, state, userKey, planType, createdFrom, createdTo } = filter;
  if (product !== undefined) query = query.where('product_id', '=', product);
  if (plan !== undefined) query = query.where('plan_id', '=', plan);
  if (account !== undefined) query = query.where('account_id', '=', account);
  if (state !== undefined) query = query.where('state', '=', state);
  if (userKey !== undefined) query = query.where('user_key_hash', '=', tokenDigest(userKey));
  if (createdFrom !== undefined) query = query.where('created_at', '>=', createdFrom);
  if (createdTo !== undefined) query = query.where('created_at', '<=', createdTo);
  if (planType !== undefined) {
    const free = db
      .selectFrom('plans')
      .select('plans.id')
      .where('plans.organization_id', '=', organization)
      .where('plans.cost_per_month', '=', 0)
      .where('plans.setup_fee', '=', 0);
    query = query.where('plan_id', planType === 'free' ? 'in' : 'not in', free);
  }
  return query;
}

/** Ids named in one statement; an engine takes a limited number of values. */
const IDS_AT_ONCE = 5_000;

/** Whole applications in the order of their ids; those that are not there (any more) are left out. */
export async function loadApplications(
  reads: Reads,
  organization: OrganizationId,
  ids: readonly number[],
): Promise<Application[]> {
  const ordered = ids.toSorted((a, b) => a - b);
  const found: Application[] = [];
  for (let from = 0; from < ordered.length; from += IDS_AT_ONCE) {
    found.push(...(await loadSome(reads, organization, ordered.slice(from, from + IDS_AT_ONCE))));
  }
  return found;
}

async function loadSome(
  { db, sealing }: Reads,
  organization: OrganizationId,
  ids: readonly number[],
): Promise<Application[]> {
  const rows = await db
    .selectFrom('applications as application')
    .innerJoin('accounts as account', (join) =>
      join
        .onRef('account.organization_id', '=', 'application.organization_id')
        .onRef('account.id', '=', 'application.account_id'),
    )
    .innerJoin('products as product', (join) =>
      join
        .onRef('product.organization_id', '=', 'application.organization_id')
        .onRef('product.id', '=', 'application.product_id'),
    )
    .selectAll('application')
    .select(['account.org_name', 'product.name as product_name', 'product.system_name', 'product.backend_version'])
    .where('application.organization_id', '=', organization)
    .where('application.id', 'in', ids)
    .orderBy('application.id')
    .execute();
  const keys = await db
    .selectFrom('app_keys')
    .select(['application_id', 'key_sealed'])
    .where('organization_id', '=', organization)
    .where('application_id', 'in', ids)
    .orderBy('position')
    .execute();
  const planIds = [...new Set(rows.map(({ plan_id }) => plan_id))];
  const plans = new Map((await listPlans(db, organization, { ids: planIds })).map((plan) => [plan.id, plan]));

  const opened = (sealed: string | null, column: string): string | null =>
    sealed === null ? null : sealing.open(sealed, column);
  return rows.flatMap((row): Application[] => {
    const plan = plans.get(row.plan_id);
    // Changed to a plan made since.
    if (plan === undefined) return [];
    return [
      {
        id: row.id,
        name: row.name,
        description: row.description,
        state: row.state,
        account: { id: row.account_id, orgName: row.org_name },
        product: {
          id: row.product_id,
          name: row.product_name,
          systemName: row.system_name,
          backendVersion: row.backend_version,
        },
        plan,
        userKey: opened(row.user_key_sealed, 'applications.user_key_sealed'),
        verificationKey: opened(row.verification_key_sealed, 'applications.verification_key_sealed'),
        appId: row.app_id,
        appKeys: keys
          .filter(({ application_id }) => application_id === row.id)
          .map(({ key_sealed }) => sealing.open(key_sealed, 'app_keys.key_sealed')),
        redirectUrl: row.redirect_url,
        firstTrafficAt: row.first_traffic_at === null ? null : epochMs(row.first_traffic_at),
        createdAt: epochMs(row.created_at),
        updatedAt: epochMs(row.updated_at),
      },
    ];
  });
}
