import { sql, type Kysely } from 'kysely';
import type { Ddl } from '../ddl.ts';

/** Providers with their products, metrics and plans. Ids are the tenant's own: every key begins with the organization. */
export async function products(db: Kysely<unknown>, ddl: Ddl): Promise<void> {
  const { text, flag, integer, real } = ddl;

  await ddl
    .table(db, 'providers')
    .addColumn('organization_id', integer, (column) =>
      column.notNull().primaryKey().references('organizations.id').onDelete('cascade'),
    )
    .addColumn('provider_key_hash', text, (column) => column.notNull().unique())
    .addColumn('created_at', integer, (column) => column.notNull())
    .execute();

  await ddl
    .numberedTable(db, 'access_tokens', 'id')
    .addColumn('organization_id', integer, (column) =>
      column.notNull().references('organizations.id').onDelete('cascade'),
    )
    .addColumn('token_hash', text, (column) => column.notNull().unique())
    .addColumn('name', text)
    .addColumn('scopes', text, (column) => column.notNull())
    .addColumn('permission', text, (column) => column.notNull().check(sql`permission in ('ro', 'rw')`))
    .addColumn('expires_at', integer)
    .addColumn('created_at', integer, (column) => column.notNull())
    .execute();
  await db.schema.createIndex('access_tokens_by_organization').on('access_tokens').column('organization_id').execute();

  await ddl
    .table(db, 'products')
    .addColumn('organization_id', integer, (column) =>
      column.notNull().references('organizations.id').onDelete('cascade'),
    )
    .addColumn('id', integer, (column) => column.notNull())
    .addColumn('system_name', text, (column) => column.notNull())
    .addColumn('name', text, (column) => column.notNull())
    .addColumn('description', text)
    .addColumn('state', text, (column) => column.notNull())
    .addColumn('backend_version', text, (column) => column.notNull())
    .addColumn('redirect_url', text)
    .addColumn('is_default', flag, (column) => column.notNull().defaultTo(0))
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('updated_at', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('products_pk', ['organization_id', 'id'])
    .addUniqueConstraint('products_system_name', ['organization_id', 'system_name'])
    .execute();

  await ddl
    .table(db, 'service_tokens')
    .addColumn('organization_id', integer, (column) => column.notNull())
    .addColumn('product_id', integer, (column) => column.notNull())
    .addColumn('token_hash', text, (column) => column.notNull().primaryKey())
    .addColumn('token_sealed', text, (column) => column.notNull())
    .addColumn('created_at', integer, (column) => column.notNull())
    .addForeignKeyConstraint(
      'service_tokens_product',
      ['organization_id', 'product_id'],
      'products',
      ['organization_id', 'id'],
      (key) => key.onDelete('cascade'),
    )
    .execute();
  await db.schema
    .createIndex('service_tokens_by_product')
    .on('service_tokens')
    .columns(['organization_id', 'product_id'])
    .execute();

  await ddl
    .table(db, 'metrics')
    .addColumn('organization_id', integer, (column) => column.notNull())
    .addColumn('id', integer, (column) => column.notNull())
    .addColumn('product_id', integer, (column) => column.notNull())
    .addColumn('parent_id', integer)
    .addColumn('system_name', text, (column) => column.notNull())
    .addColumn('friendly_name', text, (column) => column.notNull())
    .addColumn('unit', text)
    .addColumn('description', text)
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('updated_at', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('metrics_pk', ['organization_id', 'id'])
    .addUniqueConstraint('metrics_system_name', ['organization_id', 'product_id', 'system_name'])
    .addForeignKeyConstraint(
      'metrics_product',
      ['organization_id', 'product_id'],
      'products',
      ['organization_id', 'id'],
      (key) => key.onDelete('cascade'),
    )
    .addForeignKeyConstraint(
      'metrics_parent',
      ['organization_id', 'parent_id'],
      'metrics',
      ['organization_id', 'id'],
      (key) => key.onDelete('cascade'),
    )
    .execute();
  await db.schema.createIndex('metrics_by_parent').on('metrics').columns(['organization_id', 'parent_id']).execute();

  await ddl
    .table(db, 'plans')
    .addColumn('organization_id', integer, (column) => column.notNull())
    .addColumn('id', integer, (column) => column.notNull())
    .addColumn('product_id', integer, (column) => column.notNull())
    .addColumn('system_name', text, (column) => column.notNull())
    .addColumn('name', text, (column) => column.notNull())
    .addColumn('state', text, (column) => column.notNull())
    .addColumn('is_default', flag, (column) => column.notNull().defaultTo(0))
    .addColumn('approval_required', flag, (column) => column.notNull().defaultTo(0))
    .addColumn('cost_per_month', real, (column) => column.notNull().defaultTo(0))
    .addColumn('setup_fee', real, (column) => column.notNull().defaultTo(0))
    .addColumn('trial_period_days', integer)
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('updated_at', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('plans_pk', ['organization_id', 'id'])
    .addUniqueConstraint('plans_system_name', ['organization_id', 'product_id', 'system_name'])
    .addForeignKeyConstraint(
      'plans_product',
      ['organization_id', 'product_id'],
      'products',
      ['organization_id', 'id'],
      (key) => key.onDelete('cascade'),
    )
    .execute();

  await ddl
    .table(db, 'plan_limits')
    .addColumn('organization_id', integer, (column) => column.notNull())
    .addColumn('id', integer, (column) => column.notNull())
    .addColumn('plan_id', integer, (column) => column.notNull())
    .addColumn('metric_id', integer, (column) => column.notNull())
    .addColumn('period', text, (column) =>
      column.notNull().check(sql`period in ('minute', 'hour', 'day', 'week', 'month', 'year', 'eternity')`),
    )
    .addColumn('value', integer, (column) => column.notNull())
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('updated_at', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('plan_limits_pk', ['organization_id', 'id'])
    .addUniqueConstraint('plan_limits_once', ['organization_id', 'plan_id', 'metric_id', 'period'])
    .addForeignKeyConstraint(
      'plan_limits_plan',
      ['organization_id', 'plan_id'],
      'plans',
      ['organization_id', 'id'],
      (key) => key.onDelete('cascade'),
    )
    .addForeignKeyConstraint(
      'plan_limits_metric',
      ['organization_id', 'metric_id'],
      'metrics',
      ['organization_id', 'id'],
      (key) => key.onDelete('cascade'),
    )
    .execute();
  await db.schema
    .createIndex('plan_limits_by_metric')
    .on('plan_limits')
    .columns(['organization_id', 'metric_id'])
    .execute();
}
