import type { OrganizationId } from '../domain/scope.ts';
import type { EpochMs, TimeRange } from '../domain/time/instant.ts';
import type { RecordsDatabase } from '../store/records/records.ts';

/** An application plan with the product it belongs to. */
export interface CohortPlan {
  readonly id: number;
  readonly name: string;
  readonly product: number;
  /** System name, as facts carry it. */
  readonly productName: string;
}

/** An application, the account that has it, and whom to write to there. */
export interface CohortMember {
  readonly application: number;
  readonly name: string;
  readonly state: string;
  readonly createdAt: EpochMs;
  readonly plan: number;
  readonly account: number;
  readonly orgName: string;
  /** The account's admin with the lowest id, else its user with the lowest id; null where it has no users. */
  readonly person: {
    readonly email: string;
    readonly firstName: string | null;
    readonly lastName: string | null;
  } | null;
}

/** Plans by exact name, by id, or both. */
export async function plansOf(
  db: RecordsDatabase,
  organization: OrganizationId,
  { name, id }: { readonly name: string | null; readonly id: number | null },
): Promise<CohortPlan[]> {
  let query = db
    .selectFrom('plans as plan')
    .innerJoin('products as product', (join) =>
      join.onRef('product.organization_id', '=', 'plan.organization_id').onRef('product.id', '=', 'plan.product_id'),
    )
    .select(['plan.id', 'plan.name', 'product.id as product', 'product.system_name as productName'])
    .where('plan.organization_id', '=', organization)
    .orderBy('plan.id');
  if (name !== null) query = query.where('plan.name', '=', name);
  if (id !== null) query = query.where('plan.id', '=', id);
  return query.execute();
}

/** Which of the products have a metric or method of that system name. */
export async function productsWithMetric(
  db: RecordsDatabase,
  organization: OrganizationId,
  systemName: string,
): Promise<ReadonlySet<number>> {
  const rows = await db
    .selectFrom('metrics')
    .select('product_id')
    .where('organization_id', '=', organization)
    .where('system_name', '=', systemName)
    .execute();
  return new Set(rows.map(({ product_id }) => product_id));
}

/**
 * The applications on any of the plans that were created within a range, with their accounts and people, in one query
 * over the index `applications_by_plan_and_time`.
 *
 * @param state keeps applications in that state; null keeps all
 */
export async function cohortOf(
  db: RecordsDatabase,
  {
    organization,
    plans,
    created,
    state,
  }: {
    readonly organization: OrganizationId;
    readonly plans: readonly number[];
    readonly created: TimeRange;
    readonly state: string | null;
  },
): Promise<CohortMember[]> {
  if (plans.length === 0) return [];
  let query = db
    .selectFrom('applications as application')
    .innerJoin('accounts as account', (join) =>
      join
        .onRef('account.organization_id', '=', 'application.organization_id')
        .onRef('account.id', '=', 'application.account_id'),
    )
    .leftJoin('account_users as person', (join) =>
      join.onRef('person.organization_id', '=', 'application.organization_id').on('person.id', '=', (on) =>
        on
          .selectFrom('account_users as user')
          .select('user.id')
          .whereRef('user.organization_id', '=', 'application.organization_id')
          .whereRef('user.account_id', '=', 'application.account_id')
          // "admin" comes before "member".
          .orderBy('user.role')
          .orderBy('user.id')
          .limit(1),
      ),
    )
    .select([
      'application.id',
      'application.name',
      'application.state',
      'application.created_at',
      'application.plan_id',
      'application.account_id',
      'account.org_name',
      'person.email',
      'person.first_name',
      'person.last_name',
    ])
    .where('application.organization_id', '=', organization)
    .where('application.plan_id', 'in', plans)
    .where('application.created_at', '>=', created.from)
    .where('application.created_at', '<', created.to);
  if (state !== null) query = query.where('application.state', '=', state);
  const rows = await query.execute();
  return rows.map((row) => ({
    application: row.id,
    name: row.name,
    state: row.state,
    createdAt: row.created_at,
    plan: row.plan_id,
    account: row.account_id,
    orgName: row.org_name,
    person: row.email === null ? null : { email: row.email, firstName: row.first_name, lastName: row.last_name },
  }));
}
