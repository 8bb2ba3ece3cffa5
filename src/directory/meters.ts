import type { OrganizationId } from '../domain/scope.ts';
import type { RecordsDatabase } from '../store/records/records.ts';

/** What usage may be reported of: a product's metrics and the applications that use it. */
export interface Meter {
  hasMetric(systemName: string): boolean;
  hasApplication(id: number): boolean;
}

interface Sets extends Meter {
  readonly metrics: Set<string>;
  readonly applications: Set<number>;
}

/** Products by system name with the names and ids that usage rows refer to. */
export class Meters {
  readonly #products = new Map<string, Sets>();

  constructor(
    products: readonly { organization_id: number; id: number; system_name: string }[],
    metrics: readonly { organization_id: number; product_id: number; system_name: string }[],
    applications: readonly { organization_id: number; product_id: number; id: number }[],
  ) {
    const byId = new Map<string, Sets>();
    for (const product of products) {
      const sets = newSets();
      byId.set(`${product.organization_id} ${product.id}`, sets);
      this.#products.set(`${product.organization_id} ${product.system_name}`, sets);
    }
    for (const metric of metrics) {
      byId.get(`${metric.organization_id} ${metric.product_id}`)?.metrics.add(metric.system_name);
    }
    for (const application of applications) {
      byId.get(`${application.organization_id} ${application.product_id}`)?.applications.add(application.id);
    }
  }

  product(organization: OrganizationId, systemName: string): Meter | null {
    return this.#products.get(`${organization} ${systemName}`) ?? null;
  }
}

function newSets(): Sets {
  const metrics = new Set<string>();
  const applications = new Set<number>();
  return {
    metrics,
    applications,
    hasMetric: (name) => metrics.has(name),
    hasApplication: (id) => applications.has(id),
  };
}

export async function loadMeters(db: RecordsDatabase): Promise<Meters> {
  const products = await db.selectFrom('products').select(['organization_id', 'id', 'system_name']).execute();
  const metrics = await db.selectFrom('metrics').select(['organization_id', 'product_id', 'system_name']).execute();
  const applications = await db.selectFrom('applications').select(['organization_id', 'product_id', 'id']).execute();
  return new Meters(products, metrics, applications);
}
