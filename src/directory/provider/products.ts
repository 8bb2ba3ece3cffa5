import type { OrganizationId } from '../../domain/scope.ts';
import { epochMs, type EpochMs } from '../../domain/time/instant.ts';
import type { RecordsDatabase } from '../../store/records/records.ts';
import { offsetOf, type PageAsked, type PageFound } from './page.ts';

/** What a provider sells; 3scale's service. */
export interface Product {
  readonly id: number;
  readonly systemName: string;
  readonly name: string;
  readonly description: string | null;
  readonly state: string;
  /** `1` (user_key), `2` (app_id and keys), `oauth`, `oidc`. */
  readonly backendVersion: string;
  readonly createdAt: EpochMs;
  readonly updatedAt: EpochMs;
}

/** A metric, or a method, which is a metric with a parent and its parent's unit. */
export interface Metric {
  readonly id: number;
  readonly product: number;
  readonly parent: number | null;
  readonly systemName: string;
  readonly friendlyName: string;
  readonly unit: string;
  readonly description: string | null;
  readonly createdAt: EpochMs;
  readonly updatedAt: EpochMs;
}

export async function listProducts(
  db: RecordsDatabase,
  organization: OrganizationId,
  page: PageAsked,
): Promise<PageFound<Product>> {
  const all = db.selectFrom('products').where('organization_id', '=', organization);
  const { total } = await all.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  const rows = await all.selectAll().orderBy('id').limit(page.perPage).offset(offsetOf(page)).execute();
  return { items: rows.map(productOf), total: Number(total) };
}

export async function findProduct(
  db: RecordsDatabase,
  organization: OrganizationId,
  id: number,
): Promise<Product | null> {
  const row = await db
    .selectFrom('products')
    .selectAll()
    .where('organization_id', '=', organization)
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? null : productOf(row);
}

/** Metrics and methods of products by id. */
export async function listMetrics(
  db: RecordsDatabase,
  organization: OrganizationId,
  products: readonly number[],
): Promise<Metric[]> {
  if (products.length === 0) return [];
  const rows = await db
    .selectFrom('metrics as metric')
    .leftJoin('metrics as parent', (join) =>
      join.onRef('parent.organization_id', '=', 'metric.organization_id').onRef('parent.id', '=', 'metric.parent_id'),
    )
    .selectAll('metric')
    .select('parent.unit as parent_unit')
    .where('metric.organization_id', '=', organization)
    .where('metric.product_id', 'in', products)
    .orderBy('metric.id')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    product: row.product_id,
    parent: row.parent_id,
    systemName: row.system_name,
    friendlyName: row.friendly_name,
    unit: row.unit ?? row.parent_unit ?? '',
    description: row.description,
    createdAt: epochMs(row.created_at),
    updatedAt: epochMs(row.updated_at),
  }));
}

interface ProductRow {
  readonly id: number;
  readonly system_name: string;
  readonly name: string;
  readonly description: string | null;
  readonly state: string;
  readonly backend_version: string;
  readonly created_at: number;
  readonly updated_at: number;
}

function productOf(row: ProductRow): Product {
  return {
    id: row.id,
    systemName: row.system_name,
    name: row.name,
    description: row.description,
    state: row.state,
    backendVersion: row.backend_version,
    createdAt: epochMs(row.created_at),
    updatedAt: epochMs(row.updated_at),
  };
}
