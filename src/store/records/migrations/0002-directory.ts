import { sql, type Kysely } from 'kysely';
import type { Ddl } from '../ddl.ts';

/** Organizations, users, what they log in with, and their sessions. */
export async function directory(db: Kysely<unknown>, ddl: Ddl): Promise<void> {
  const { text, flag, integer } = ddl;

  await ddl
    .numberedTable(db, 'organizations', 'id')
    .addColumn('public_id', text, (column) => column.notNull().unique())
    .addColumn('uid', text, (column) => column.notNull().unique())
    .addColumn('key', text, (column) => column.notNull().unique())
    .addColumn('name', text, (column) => column.notNull())
    .addColumn('parent_id', integer, (column) => column.references('organizations.id'))
    .addColumn('timezone', text)
    .addColumn('sso', flag, (column) => column.notNull().defaultTo(0))
    .addColumn('analytics_enabled', flag, (column) => column.notNull().defaultTo(1))
    .addColumn('suspended', flag, (column) => column.notNull().defaultTo(0))
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('updated_at', integer, (column) => column.notNull())
    .execute();
  await db.schema.createIndex('organizations_by_parent').on('organizations').column('parent_id').execute();

  await ddl
    .numberedTable(db, 'users', 'id')
    .addColumn('public_id', text, (column) => column.notNull().unique())
    .addColumn('uid', text, (column) => column.notNull().unique())
    .addColumn('email', text, (column) => column.notNull())
    .addColumn('email_key', text, (column) => column.notNull().unique())
    .addColumn('username', text, (column) => column.notNull().unique())
    .addColumn('password_hash', text)
    .addColumn('password_changed_at', integer)
    .addColumn('sso_only', flag, (column) => column.notNull().defaultTo(0))
    .addColumn('first_name', text)
    .addColumn('last_name', text)
    .addColumn('timezone', text)
    .addColumn('super_ops', flag, (column) => column.notNull().defaultTo(0))
    .addColumn('countly_api_key_hash', text, (column) => column.unique())
    .addColumn('countly_api_key_sealed', text)
    .addColumn('totp_secret_sealed', text)
    .addColumn('totp_step', integer)
    .addColumn('second_factor_until', integer)
    .addColumn('enabled', flag, (column) => column.notNull().defaultTo(1))
    .addColumn('managed_by', integer, (column) => column.references('organizations.id').onDelete('set null'))
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('updated_at', integer, (column) => column.notNull())
    .execute();

  await db.schema.createIndex('users_by_manager').on('users').column('managed_by').execute();

  await ddl
    .table(db, 'memberships')
    .addColumn('user_id', integer, (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('organization_id', integer, (column) =>
      column.notNull().references('organizations.id').onDelete('cascade'),
    )
    .addColumn('role', text, (column) => column.notNull().check(sql`role in ('owner', 'admin', 'member', 'viewer')`))
    .addColumn('allowed_without_sso', flag, (column) => column.notNull().defaultTo(0))
    .addColumn('position', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('memberships_pk', ['user_id', 'organization_id'])
    .execute();
  await db.schema.createIndex('memberships_by_organization').on('memberships').column('organization_id').execute();

  await ddl
    .numberedTable(db, 'native_keys', 'id')
    .addColumn('organization_id', integer, (column) =>
      column.notNull().references('organizations.id').onDelete('cascade'),
    )
    .addColumn('key_hash', text, (column) => column.notNull().unique())
    .addColumn('prefix', text, (column) => column.notNull())
    .addColumn('label', text)
    .addColumn('scopes', text, (column) => column.notNull())
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('revoked_at', integer)
    .execute();
  await db.schema.createIndex('native_keys_by_organization').on('native_keys').column('organization_id').execute();

  await ddl
    .numberedTable(db, 'app_tokens', 'id')
    .addColumn('organization_id', integer, (column) =>
      column.notNull().references('organizations.id').onDelete('cascade'),
    )
    .addColumn('token_hash', text, (column) => column.notNull().unique())
    .addColumn('name', text)
    .addColumn('created_at', integer, (column) => column.notNull())
    .execute();
  await db.schema.createIndex('app_tokens_by_organization').on('app_tokens').column('organization_id').execute();

  await ddl
    .table(db, 'thing_bindings')
    .addColumn('organization_id', integer, (column) =>
      column.notNull().references('organizations.id').onDelete('cascade'),
    )
    .addColumn('thing_key', text, (column) => column.notNull())
    .addColumn('app_id', text, (column) => column.notNull())
    .addColumn('created_at', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('thing_bindings_pk', ['organization_id', 'thing_key'])
    .execute();

  await ddl
    .table(db, 'sessions')
    .addColumn('id_hash', text, (column) => column.notNull().primaryKey())
    .addColumn('kind', text, (column) => column.notNull())
    .addColumn('principal', text, (column) => column.notNull())
    .addColumn('user_id', integer, (column) => column.references('users.id').onDelete('cascade'))
    .addColumn('app_token_id', integer, (column) => column.references('app_tokens.id').onDelete('cascade'))
    .addColumn('organization_id', integer, (column) => column.references('organizations.id').onDelete('set null'))
    .addColumn('data', text, (column) => column.notNull())
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('last_seen_at', integer, (column) => column.notNull())
    .addColumn('expires_at', integer)
    .execute();
  await db.schema.createIndex('sessions_by_user').on('sessions').columns(['user_id', 'kind', 'created_at']).execute();
  await db.schema.createIndex('sessions_by_app_token').on('sessions').column('app_token_id').execute();
  await db.schema.createIndex('sessions_by_organization').on('sessions').column('organization_id').execute();
  await db.schema.createIndex('sessions_expiring').on('sessions').column('expires_at').execute();

  await ddl
    .table(db, 'oauth_clients')
    .addColumn('client_id', text, (column) => column.notNull().primaryKey())
    .addColumn('organization_id', integer, (column) =>
      column.notNull().references('organizations.id').onDelete('cascade'),
    )
    .addColumn('client_secret_hash', text)
    .addColumn('name', text)
    .addColumn('type', text, (column) => column.notNull().check(sql`type in ('public', 'confidential')`))
    .addColumn('grant_type', text, (column) =>
      column.notNull().check(sql`grant_type in ('password', 'client-credentials')`),
    )
    .addColumn('owner_id', integer, (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('updated_at', integer, (column) => column.notNull())
    .execute();
  await db.schema.createIndex('oauth_clients_by_organization').on('oauth_clients').column('organization_id').execute();
  await db.schema.createIndex('oauth_clients_by_owner').on('oauth_clients').column('owner_id').execute();
}
