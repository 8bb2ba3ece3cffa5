import type { OrganizationId } from '../../domain/scope.ts';
import { epochMs, type EpochMs } from '../../domain/time/instant.ts';
import type { RecordsDatabase } from '../../store/records/records.ts';
import { offsetOf, type PageAsked, type PageFound } from './page.ts';

/** What an application has bought of a product. */
export interface Plan {
  readonly id: number;
  readonly product: number;
  readonly systemName: string;
  readonly name: string;
  readonly state: string;
  readonly isDefault: boolean;
  readonly approvalRequired: boolean;
  readonly costPerMonth: number;
  readonly setupFee: number;
  readonly trialPeriodDays: number | null;
  readonly createdAt: EpochMs;
  readonly updatedAt: EpochMs;
}

/** How much of a metric may be used in each UTC calendar period. */
export interface PlanLimit {
  readonly id: number;
  readonly plan: number;
  readonly metric: number;
  readonly period: string;
  readonly value: number;
  readonly createdAt: EpochMs;
  readonly updatedAt: EpochMs;
}

/** Plans of a tenant, or of one of its products, by id. */
export async function listPlans(
  db: RecordsDatabase,
  organization: OrganizationId,
  only: { readonly product?: number; readonly ids?: readonly number[] } = {},
): Promise<Plan[]> {
  let query = db.selectFrom('plans').selectAll().where('organization_id', '=', organization).orderBy('id');
  if (only.product !== undefined) query = query.where('product_id', '=', only.product);
  if (only.ids !== undefined) query = query.where('id', 'in', only.ids);
  const rows = only.ids?.length === 0 ? [] : await query.execute();
  return rows.map((row) => ({
    id: row.id,
    product: row.product_id,
    systemName: row.system_name,
    name: row.name,
    state: row.state,
    isDefault: row.is_default === 1,
    approvalRequired: row.approval_required === 1,
    costPerMonth: row.cost_per_month,
    setupFee: row.setup_fee,
    trialPeriodDays: row.trial_period_days,
    createdAt: epochMs(row.created_at),
    updatedAt: epochMs(row.updated_at),
  }));
}

/** Limits of a plan by id; of one metric when it is given. */
export async function listLimits(
  db: RecordsDatabase,
  organization: OrganizationId,
  { plan, metric }: { readonly plan: number; readonly metric?: number },
  page: PageAsked | null,
): Promise<PageFound<PlanLimit>> {
  let query = db
    .selectFrom('plan_limits')
    .selectAll()
    .where('organization_id', '=', organization)
    .where('plan_id', '=', plan)
    .orderBy('id');
  if (metric !== undefined) query = query.where('metric_id', '=', metric);
  // A plan has at most one for each metric and period: few enough to be counted by reading them.
  const rows = await query.execute();
  const from = page === null ? 0 : offsetOf(page);
  const items = rows.slice(from, page === null ? undefined : from + page.perPage).map((row) => ({
    id: row.id,
    plan: row.plan_id,
    metric: row.metric_id,
    period: row.period,
    value: row.value,
    createdAt: epochMs(row.created_at),
    updatedAt: epochMs(row.updated_at),
  }));
  return { items, total: rows.length };
}
