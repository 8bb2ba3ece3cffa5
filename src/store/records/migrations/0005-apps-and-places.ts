import { sql, type Kysely } from 'kysely';
import type { Ddl } from '../ddl.ts';

/** Stacks, tracked apps, and the places that sensors count in. */
export async function appsAndPlaces(db: Kysely<unknown>, ddl: Ddl): Promise<void> {
  const { text, flag, integer } = ddl;

  await ddl
    .table(db, 'stacks')
    .addColumn('organization_id', integer, (column) =>
      column.notNull().references('organizations.id').onDelete('cascade'),
    )
    .addColumn('api_key', text, (column) => column.notNull())
    .addColumn('uid', text, (column) => column.notNull())
    .addColumn('name', text, (column) => column.notNull())
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('updated_at', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('stacks_pk', ['organization_id', 'api_key'])
    .addUniqueConstraint('stacks_uid', ['organization_id', 'uid'])
    .execute();

  await ddl
    .table(db, 'apps')
    .addColumn('id', text, (column) => column.notNull().primaryKey())
    .addColumn('organization_id', integer, (column) =>
      column.notNull().references('organizations.id').onDelete('cascade'),
    )
    .addColumn('name', text, (column) => column.notNull())
    .addColumn('key_hash', text, (column) => column.notNull().unique())
    .addColumn('key_sealed', text, (column) => column.notNull())
    .addColumn('salt_sealed', text)
    .addColumn('timezone', text, (column) => column.notNull())
    .addColumn('country', text)
    .addColumn('category', text)
    .addColumn('paused', flag, (column) => column.notNull().defaultTo(0))
    .addColumn('reset_at', integer)
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('updated_at', integer, (column) => column.notNull())
    .execute();
  await db.schema.createIndex('apps_by_organization').on('apps').column('organization_id').execute();

  await ddl
    .table(db, 'app_members')
    .addColumn('app_id', text, (column) => column.notNull().references('apps.id').onDelete('cascade'))
    .addColumn('user_id', integer, (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('role', text, (column) => column.notNull().check(sql`role in ('admin', 'user')`))
    .addPrimaryKeyConstraint('app_members_pk', ['app_id', 'user_id'])
    .execute();
  await db.schema.createIndex('app_members_by_user').on('app_members').column('user_id').execute();

  await ddl
    .table(db, 'deployments')
    .addColumn('organization_id', integer, (column) =>
      column.notNull().references('organizations.id').onDelete('cascade'),
    )
    .addColumn('key', text, (column) => column.notNull())
    .addColumn('name', text, (column) => column.notNull())
    .addColumn('timezone', text, (column) => column.notNull())
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('updated_at', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('deployments_pk', ['organization_id', 'key'])
    .execute();
  await db.schema.createIndex('deployments_by_key').on('deployments').column('key').execute();

  await ddl
    .table(db, 'deployment_permissions')
    .addColumn('organization_id', integer, (column) => column.notNull())
    .addColumn('deployment_key', text, (column) => column.notNull())
    .addColumn('user_id', integer, (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('permission', text, (column) => column.notNull().check(sql`permission in ('view', 'edit')`))
    .addPrimaryKeyConstraint('deployment_permissions_pk', ['organization_id', 'deployment_key', 'user_id'])
    .addForeignKeyConstraint(
      'deployment_permissions_deployment',
      ['organization_id', 'deployment_key'],
      'deployments',
      ['organization_id', 'key'],
      (key) => key.onDelete('cascade'),
    )
    .execute();
  await db.schema
    .createIndex('deployment_permissions_by_user')
    .on('deployment_permissions')
    .column('user_id')
    .execute();

  await ddl
    .table(db, 'arrays')
    .addColumn('organization_id', integer, (column) => column.notNull())
    .addColumn('key', text, (column) => column.notNull())
    .addColumn('deployment_key', text, (column) => column.notNull())
    .addColumn('name', text, (column) => column.notNull())
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('updated_at', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('arrays_pk', ['organization_id', 'key'])
    .addForeignKeyConstraint(
      'arrays_deployment',
      ['organization_id', 'deployment_key'],
      'deployments',
      ['organization_id', 'key'],
      (key) => key.onDelete('cascade'),
    )
    .execute();
  await db.schema
    .createIndex('arrays_by_deployment')
    .on('arrays')
    .columns(['organization_id', 'deployment_key'])
    .execute();
  await db.schema.createIndex('arrays_by_key').on('arrays').column('key').execute();

  await ddl
    .table(db, 'devices')
    .addColumn('organization_id', integer, (column) => column.notNull())
    .addColumn('key', text, (column) => column.notNull())
    .addColumn('array_key', text, (column) => column.notNull())
    .addColumn('name', text, (column) => column.notNull())
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('updated_at', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('devices_pk', ['organization_id', 'key'])
    .addForeignKeyConstraint(
      'devices_array',
      ['organization_id', 'array_key'],
      'arrays',
      ['organization_id', 'key'],
      (key) => key.onDelete('cascade'),
    )
    .execute();
  await db.schema.createIndex('devices_by_array').on('devices').columns(['organization_id', 'array_key']).execute();
  await db.schema.createIndex('devices_by_key').on('devices').column('key').execute();
}
