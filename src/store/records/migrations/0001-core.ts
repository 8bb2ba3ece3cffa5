import { sql, type Kysely } from 'kysely';
import type { Ddl } from '../ddl.ts';

/** Writing, sessions and the instance itself. */
export async function core(db: Kysely<unknown>, ddl: Ddl): Promise<void> {
  const { text, integer } = ddl;

  await ddl
    .table(db, 'claims', { clustered: true })
    .addColumn('key', text, (column) => column.primaryKey())
    .addColumn('fingerprint', text)
    .addColumn('answer', text)
    .addColumn('state', text, (column) =>
      column
        .notNull()
        .defaultTo('done')
        .check(sql`state in ('done', 'pending')`),
    )
    .addColumn('at', integer, (column) => column.notNull())
    .addColumn('expires_at', integer)
    .execute();
  await db.schema
    .createIndex('claims_expiring')
    .on('claims')
    .column('expires_at')
    .where(sql.ref('expires_at'), 'is not', null)
    .execute();

  await ddl
    .table(db, 'states')
    .addColumn('kind', text, (column) => column.notNull())
    .addColumn('key', text, (column) => column.notNull())
    .addColumn('value', text, (column) => column.notNull())
    .addColumn('updated_at', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('states_pk', ['kind', 'key'])
    .execute();

  await ddl
    .table(db, 'ledger', { clustered: true })
    .addColumn('minute', integer, (column) => column.notNull())
    .addColumn('organization', integer, (column) => column.notNull())
    .addColumn('source', text, (column) => column.notNull())
    .addColumn('stream', text, (column) => column.notNull())
    .addColumn('outcome', text, (column) => column.notNull())
    .addColumn('count', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('ledger_pk', ['minute', 'organization', 'source', 'stream', 'outcome'])
    .execute();

  await ddl
    .numberedTable(db, 'outbox', 'seq')
    .addColumn('stream', text, (column) => column.notNull())
    .addColumn('rows', integer, (column) => column.notNull())
    .addColumn('bytes', integer, (column) => column.notNull())
    .addColumn('batch', text)
    .addColumn('committed_at', integer, (column) => column.notNull())
    // Last, so that reading the others does not walk through it.
    .addColumn('payload', text, (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('outbox_waiting')
    .on('outbox')
    .columns(['stream', 'seq'])
    .where(sql.ref('batch'), 'is', null)
    .execute();
  await db.schema
    .createIndex('outbox_fixed')
    .on('outbox')
    .columns(['batch', 'seq'])
    .where(sql.ref('batch'), 'is not', null)
    .execute();
  // For their sum, which the disk budget asks for every second: without it, all payloads that wait are walked through.
  await db.schema.createIndex('outbox_by_size').on('outbox').column('bytes').execute();

  await ddl
    .table(db, 'outbox_batches')
    .addColumn('token', text, (column) => column.notNull().primaryKey())
    .addColumn('stream', text, (column) => column.notNull())
    .addColumn('rows', integer, (column) => column.notNull())
    .addColumn('owner', text, (column) => column.notNull())
    .addColumn('lease_until', integer, (column) => column.notNull())
    .addColumn('created_at', integer, (column) => column.notNull())
    .execute();

  await ddl
    .table(db, 'settings')
    .addColumn('key', text, (column) => column.notNull().primaryKey())
    .addColumn('value', text, (column) => column.notNull())
    .execute();

  await ddl
    .numberedTable(db, 'audit', 'id')
    .addColumn('at', integer, (column) => column.notNull())
    .addColumn('event', text, (column) => column.notNull())
    .addColumn('actor', text)
    .addColumn('organization', integer)
    .addColumn('subject', text)
    .addColumn('address', text)
    .addColumn('detail', text, (column) => column.notNull())
    .execute();
  await db.schema.createIndex('audit_by_organization').on('audit').columns(['organization', 'id']).execute();
  await db.schema.createIndex('audit_by_event').on('audit').columns(['event', 'id']).execute();
  await db.schema.createIndex('audit_by_age').on('audit').column('at').execute();

  await ddl
    .table(db, 'login_failures')
    .addColumn('subject', text, (column) => column.notNull().primaryKey())
    .addColumn('failed_at', text, (column) => column.notNull())
    .addColumn('last_at', integer, (column) => column.notNull())
    .addColumn('locked_until', integer)
    .execute();
  await db.schema.createIndex('login_failures_by_age').on('login_failures').column('last_at').execute();
}
