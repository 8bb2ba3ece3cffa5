import { sql, type Kysely } from 'kysely';
import type { Ddl } from '../ddl.ts';

/** Developer accounts and their applications. */
export async function applications(db: Kysely<unknown>, ddl: Ddl): Promise<void> {
  const { text, integer } = ddl;

  await ddl
    .table(db, 'accounts')
    .addColumn('organization_id', integer, (column) =>
      column.notNull().references('organizations.id').onDelete('cascade'),
    )
    .addColumn('id', integer, (column) => column.notNull())
    .addColumn('org_name', text, (column) => column.notNull())
    .addColumn('state', text, (column) => column.notNull())
    .addColumn('plans', text, (column) => column.notNull().defaultTo('[]'))
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('updated_at', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('accounts_pk', ['organization_id', 'id'])
    .execute();

  await ddl
    .table(db, 'account_users')
    .addColumn('organization_id', integer, (column) => column.notNull())
    .addColumn('id', integer, (column) => column.notNull())
    .addColumn('account_id', integer, (column) => column.notNull())
    .addColumn('username', text, (column) => column.notNull())
    .addColumn('email', text, (column) => column.notNull())
    .addColumn('first_name', text)
    .addColumn('last_name', text)
    .addColumn('role', text, (column) => column.notNull().check(sql`role in ('admin', 'member')`))
    .addColumn('state', text, (column) => column.notNull())
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('updated_at', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('account_users_pk', ['organization_id', 'id'])
    .addForeignKeyConstraint(
      'account_users_account',
      ['organization_id', 'account_id'],
      'accounts',
      ['organization_id', 'id'],
      (key) => key.onDelete('cascade'),
    )
    .execute();
  for (const column of ['account_id', 'username', 'email']) {
    await db.schema
      .createIndex(`account_users_by_${column}`)
      .on('account_users')
      .columns(['organization_id', column])
      .execute();
  }

  await ddl
    .table(db, 'applications')
    .addColumn('organization_id', integer, (column) => column.notNull())
    .addColumn('id', integer, (column) => column.notNull())
    .addColumn('account_id', integer, (column) => column.notNull())
    .addColumn('product_id', integer, (column) => column.notNull())
    .addColumn('plan_id', integer, (column) => column.notNull())
    .addColumn('name', text, (column) => column.notNull())
    .addColumn('description', text)
    .addColumn('state', text, (column) => column.notNull())
    .addColumn('app_id', text)
    .addColumn('user_key_hash', text)
    .addColumn('user_key_sealed', text)
    .addColumn('verification_key_sealed', text)
    .addColumn('redirect_url', text)
    .addColumn('first_traffic_at', integer)
    .addColumn('first_daily_traffic_at', integer)
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('updated_at', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('applications_pk', ['organization_id', 'id'])
    // In this order: both are also looked up without the product.
    .addUniqueConstraint('applications_user_key', ['organization_id', 'user_key_hash', 'product_id'])
    .addUniqueConstraint('applications_app_id', ['organization_id', 'app_id', 'product_id'])
    .addForeignKeyConstraint(
      'applications_account',
      ['organization_id', 'account_id'],
      'accounts',
      ['organization_id', 'id'],
      (key) => key.onDelete('cascade'),
    )
    .addForeignKeyConstraint(
      'applications_product',
      ['organization_id', 'product_id'],
      'products',
      ['organization_id', 'id'],
      (key) => key.onDelete('cascade'),
    )
    // No cascade: a plan that somebody is on cannot go.
    .addForeignKeyConstraint('applications_plan', ['organization_id', 'plan_id'], 'plans', ['organization_id', 'id'])
    .execute();
  for (const column of ['account_id', 'product_id', 'plan_id']) {
    await db.schema
      .createIndex(`applications_by_${column}`)
      .on('applications')
      .columns(['organization_id', column])
      .execute();
  }

  await ddl
    .table(db, 'app_keys')
    .addColumn('organization_id', integer, (column) => column.notNull())
    .addColumn('application_id', integer, (column) => column.notNull())
    .addColumn('key_hash', text, (column) => column.notNull())
    .addColumn('key_sealed', text, (column) => column.notNull())
    .addColumn('position', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('app_keys_pk', ['organization_id', 'application_id', 'key_hash'])
    .addForeignKeyConstraint(
      'app_keys_application',
      ['organization_id', 'application_id'],
      'applications',
      ['organization_id', 'id'],
      (key) => key.onDelete('cascade'),
    )
    .execute();

  await ddl
    .table(db, 'referrer_filters')
    .addColumn('organization_id', integer, (column) => column.notNull())
    .addColumn('application_id', integer, (column) => column.notNull())
    .addColumn('value', text, (column) => column.notNull())
    .addColumn('position', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('referrer_filters_pk', ['organization_id', 'application_id', 'value'])
    .addForeignKeyConstraint(
      'referrer_filters_application',
      ['organization_id', 'application_id'],
      'applications',
      ['organization_id', 'id'],
      (key) => key.onDelete('cascade'),
    )
    .execute();
}
