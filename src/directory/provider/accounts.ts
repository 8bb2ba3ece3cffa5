import type { OrganizationId } from '../../domain/scope.ts';
import { epochMs, type EpochMs } from '../../domain/time/instant.ts';
import type { RecordsDatabase } from '../../store/records/records.ts';
import { offsetOf, type PageAsked, type PageFound } from './page.ts';

/** A developer's organisation. */
export interface Account {
  readonly id: number;
  readonly orgName: string;
  readonly state: string;
  readonly plans: readonly AccountPlan[];
  readonly createdAt: EpochMs;
  readonly updatedAt: EpochMs;
}

/** A bought account plan as the directory file gives it: a name, and perhaps its terms. */
export interface AccountPlan {
  readonly id?: number;
  readonly name: string;
  readonly system_name?: string;
  readonly state?: string;
  readonly default?: boolean;
  readonly cost_per_month?: number;
  readonly setup_fee?: number;
  readonly trial_period_days?: number;
  readonly approval_required?: boolean;
}

export interface AccountUser {
  readonly id: number;
  readonly account: number;
  readonly username: string;
  readonly email: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly role: string;
  readonly state: string;
  readonly createdAt: EpochMs;
  readonly updatedAt: EpochMs;
}

export async function listAccounts(
  db: RecordsDatabase,
  organization: OrganizationId,
  { state }: { readonly state: string | null },
  page: PageAsked,
): Promise<PageFound<Account>> {
  let all = db.selectFrom('accounts').where('organization_id', '=', organization);
  if (state !== null) all = all.where('state', '=', state);
  const { total } = await all.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  const rows = await all.selectAll().orderBy('id').limit(page.perPage).offset(offsetOf(page)).execute();
  return { items: rows.map(accountOf), total: Number(total) };
}

export async function findAccount(
  db: RecordsDatabase,
  organization: OrganizationId,
  id: number,
): Promise<Account | null> {
  const row = await db
    .selectFrom('accounts')
    .selectAll()
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? null : accountOf(row);
}

/** The account of the user that agrees; of several with the same e-mail address, of the one with the lowest id. */
export async function accountOfUser(
  db: RecordsDatabase,
  organization: OrganizationId,
  by: { readonly username: string } | { readonly id: number } | { readonly email: string },
): Promise<Account | null> {
  let query = db.selectFrom('account_users').select('account_id').where('organization_id', '=', organization);
  if ('username' in by) query = query.where('username', '=', by.username);
  else if ('id' in by) query = query.where('id', '=', by.id);
  else query = query.where('email', '=', by.email);
  const row = await query.orderBy('id').executeTakeFirst();
  return row === undefined ? null : findAccount(db, organization, row.account_id);
}

/** Users of accounts by id. */
export async function listUsers(
  db: RecordsDatabase,
  organization: OrganizationId,
  accounts: readonly number[],
  { state = null, role = null }: { readonly state?: string | null; readonly role?: string | null } = {},
): Promise<AccountUser[]> {
  if (accounts.length === 0) return [];
  let query = db
    .selectFrom('account_users')
    .selectAll()
    .where('organization_id', '=', organization)
    .where('account_id', 'in', accounts)
    .orderBy('id');
  if (state !== null) query = query.where('state', '=', state);
  if (role !== null) query = query.where('role', '=', role as AccountRole);
  const rows = await query.execute();
  return rows.map((row) => ({
    id: row.id,
    account: row.account_id,
    username: row.username,
    email: row.email,
    firstName: row.first_name,
    lastName: row.last_name,
    role: row.role,
    state: row.state,
    createdAt: epochMs(row.created_at),
    updatedAt: epochMs(row.updated_at),
  }));
}

/** What the column may hold; any other role asked for is one that nobody has. */
type AccountRole = 'admin' | 'member';

interface AccountRow {
  readonly id: number;
  readonly org_name: string;
  readonly state: string;
  readonly plans: string;
  readonly created_at: number;
  readonly updated_at: number;
}

function accountOf(row: AccountRow): Account {
  return {
    id: row.id,
    orgName: row.org_name,
    state: row.state,
    plans: JSON.parse(row.plans) as AccountPlan[],
    createdAt: epochMs(row.created_at),
    updatedAt: epochMs(row.updated_at),
  };
}
