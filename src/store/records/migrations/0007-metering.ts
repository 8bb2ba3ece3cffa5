import type { Kysely } from 'kysely';
import type { Ddl } from '../ddl.ts';

/** Reports that were dropped, and finding the applications of a plan by their age. */
export async function metering(db: Kysely<unknown>, ddl: Ddl): Promise<void> {
  const { text, integer } = ddl;

  await ddl
    .numberedTable(db, 'integration_errors', 'id')
    .addColumn('organization_id', integer, (column) => column.notNull())
    .addColumn('product_id', integer, (column) => column.notNull())
    .addColumn('code', text, (column) => column.notNull())
    .addColumn('message', text, (column) => column.notNull())
    .addColumn('at', integer, (column) => column.notNull())
    .addForeignKeyConstraint(
      'integration_errors_product',
      ['organization_id', 'product_id'],
      'products',
      ['organization_id', 'id'],
      (key) => key.onDelete('cascade'),
    )
    .execute();
  await db.schema
    .createIndex('integration_errors_by_product')
    .on('integration_errors')
    .columns(['organization_id', 'product_id', 'id'])
    .execute();

  await db.schema
    .createIndex('applications_by_plan_and_time')
    .on('applications')
    .columns(['organization_id', 'plan_id', 'created_at'])
    .execute();
}
