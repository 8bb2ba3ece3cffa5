import { organizationId, type OrganizationId } from '../domain/scope.ts';
import { PERIODS, type Period } from '../domain/time/utc-periods.ts';
import type { RecordsDatabase } from '../store/records/records.ts';

/** What usage may be reported of. */
export interface MeteredMetric {
  readonly id: number;
  readonly systemName: string;
  /** The metric that a method belongs to, then that one's own, and so on: what is used of a method adds to each. */
  readonly ancestors: readonly MeteredMetric[];
  /** Some plan of the product limits it. */
  readonly limited: boolean;
}

export interface UsageLimit {
  readonly metric: MeteredMetric;
  readonly period: Period;
  readonly max: number;
}

export interface MeteredPlan {
  readonly id: number;
  readonly name: string;
  /** By id of the metric, within one the longest period first. */
  readonly limits: readonly UsageLimit[];
}

/** A product as calls of its applications see it. */
export interface MeteredProduct {
  readonly organization: OrganizationId;
  readonly id: number;
  readonly systemName: string;
  readonly backendVersion: string;
  readonly suspended: boolean;
  /** Meant when a call names no product. */
  readonly isDefault: boolean;
  /** In order of id. */
  readonly metrics: readonly MeteredMetric[];
  /** Metrics and methods by system name. */
  metric(systemName: string): MeteredMetric | null;
  plan(id: number): MeteredPlan | null;
}

/** All products at one moment; hundreds of plans and metrics take little room. Applications are looked up singly. */
export class Meters {
  readonly #byName: ReadonlyMap<string, MeteredProduct>;
  readonly #byId: ReadonlyMap<string, MeteredProduct>;
  readonly #defaults: ReadonlyMap<OrganizationId, MeteredProduct>;
  readonly #ids: ReadonlySet<number>;

  constructor(products: readonly MeteredProduct[]) {
    this.#byName = new Map(products.map((each) => [`${each.organization} ${each.systemName}`, each]));
    this.#byId = new Map(products.map((each) => [`${each.organization} ${each.id}`, each]));
    this.#ids = new Set(products.map((each) => each.id));
    this.#defaults = new Map(products.filter((each) => each.isDefault).map((each) => [each.organization, each]));
  }

  product(organization: OrganizationId, systemName: string): MeteredProduct | null {
    return this.#byName.get(`${organization} ${systemName}`) ?? null;
  }

  productById(organization: OrganizationId, id: number): MeteredProduct | null {
    return this.#byId.get(`${organization} ${id}`) ?? null;
  }

  /** Whether any tenant has a product of that id. */
  hasProduct(id: number): boolean {
    return this.#ids.has(id);
  }

  defaultProduct(organization: OrganizationId): MeteredProduct | null {
    return this.#defaults.get(organization) ?? null;
  }
}

export async function loadMeters(db: RecordsDatabase): Promise<Meters> {
  const products = await db
    .selectFrom('products')
    .select(['organization_id', 'id', 'system_name', 'backend_version', 'state', 'is_default'])
    .execute();
  const metrics = await db
    .selectFrom('metrics')
    .select(['organization_id', 'product_id', 'id', 'parent_id', 'system_name'])
    .orderBy('id')
    .execute();
  const plans = await db.selectFrom('plans').select(['organization_id', 'product_id', 'id', 'name']).execute();
  const limits = await db
    .selectFrom('plan_limits')
    .select(['organization_id', 'plan_id', 'metric_id', 'period', 'value'])
    .execute();

  const metricsOf = grouped(metrics, productOf);
  const plansOf = grouped(plans, productOf);
  const limitsOf = grouped(limits, (row) => `${row.organization_id} ${row.plan_id}`);
  const limited = new Set(limits.map((row) => `${row.organization_id} ${row.metric_id}`));
  return new Meters(
    products.map((row): MeteredProduct => {
      const key = `${row.organization_id} ${row.id}`;
      const byId = metricsById(metricsOf.get(key) ?? [], (id) => limited.has(`${row.organization_id} ${id}`));
      const byName = new Map([...byId.values()].map((metric) => [metric.systemName, metric]));
      const byPlan = new Map(
        (plansOf.get(key) ?? []).map(({ id, name }): [number, MeteredPlan] => [
          id,
          { id, name, limits: limitsIn(limitsOf.get(`${row.organization_id} ${id}`) ?? [], byId) },
        ]),
      );
      return {
        organization: organizationId(row.organization_id),
        id: row.id,
        systemName: row.system_name,
        backendVersion: row.backend_version,
        suspended: row.state === 'suspended',
        isDefault: row.is_default === 1,
        metrics: [...byId.values()],
        metric: (systemName) => byName.get(systemName) ?? null,
        plan: (id) => byPlan.get(id) ?? null,
      };
    }),
  );
}

interface MetricRow {
  readonly id: number;
  readonly parent_id: number | null;
  readonly system_name: string;
}

function metricsById(
  rows: readonly MetricRow[],
  isLimited: (id: number) => boolean,
): ReadonlyMap<number, MeteredMetric> {
  const rowsById = new Map(rows.map((row) => [row.id, row]));
  const made = new Map<number, MeteredMetric>();
  const make = (row: MetricRow, below: ReadonlySet<number>): MeteredMetric => {
    const known = made.get(row.id);
    if (known !== undefined) return known;
    // Whoever writes the tree keeps it free of circles; if not, a metric must not be its own ancestor.
    const within = new Set([...below, row.id]);
    const parent = row.parent_id === null || within.has(row.parent_id) ? undefined : rowsById.get(row.parent_id);
    const above = parent === undefined ? [] : [make(parent, within)];
    const metric: MeteredMetric = {
      id: row.id,
      systemName: row.system_name,
      ancestors: above.flatMap((each) => [each, ...each.ancestors]),
      limited: isLimited(row.id),
    };
    made.set(row.id, metric);
    return metric;
  };
  for (const row of rows) make(row, new Set());
  return new Map([...made].sort(([a], [b]) => a - b));
}

function limitsIn(
  rows: readonly { readonly metric_id: number; readonly period: Period; readonly value: number }[],
  metrics: ReadonlyMap<number, MeteredMetric>,
): UsageLimit[] {
  return rows
    .flatMap(({ metric_id, period, value }): UsageLimit[] => {
      const metric = metrics.get(metric_id);
      return metric === undefined ? [] : [{ metric, period, max: value }];
    })
    .sort((a, b) => a.metric.id - b.metric.id || PERIODS.indexOf(a.period) - PERIODS.indexOf(b.period));
}

function productOf(row: { readonly organization_id: number; readonly product_id: number }): string {
  return `${row.organization_id} ${row.product_id}`;
}

function grouped<T>(rows: readonly T[], keyOf: (row: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}
