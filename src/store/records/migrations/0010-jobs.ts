import { sql, type Kysely } from 'kysely';
import type { Ddl } from '../ddl.ts';

/** Questions that are answered later, and their answers until they are thrown away. */
export async function jobs(db: Kysely<unknown>, ddl: Ddl): Promise<void> {
  const { text, integer } = ddl;

  await ddl
    .table(db, 'jobs')
    .addColumn('id', text, (column) => column.notNull().primaryKey())
    .addColumn('kind', text, (column) => column.notNull())
    .addColumn('organization_id', integer, (column) =>
      column.notNull().references('organizations.id').onDelete('cascade'),
    )
    .addColumn('request', text, (column) => column.notNull())
    .addColumn('state', text, (column) => column.notNull().check(sql`state in ('active', 'done', 'failed')`))
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('due_at', integer, (column) => column.notNull())
    .addColumn('started_at', integer)
    .addColumn('finished_at', integer)
    .addColumn('attempt', integer, (column) => column.notNull())
    .addColumn('owner', text)
    .addColumn('beat', integer, (column) => column.notNull())
    .addColumn('rows', integer, (column) => column.notNull())
    .addColumn('bytes', integer, (column) => column.notNull())
    .addColumn('head', text)
    .addColumn('failure', text)
    .execute();
  await db.schema.createIndex('jobs_by_state').on('jobs').columns(['state', 'created_at']).execute();
  await db.schema.createIndex('jobs_by_end').on('jobs').column('finished_at').execute();
  await db.schema
    .createIndex('jobs_by_organization')
    .on('jobs')
    .columns(['organization_id', 'created_at', 'id'])
    .execute();

  await ddl
    .table(db, 'job_rows')
    .addColumn('job_id', text, (column) => column.notNull().references('jobs.id').onDelete('cascade'))
    .addColumn('attempt', integer, (column) => column.notNull())
    .addColumn('first_row', integer, (column) => column.notNull())
    .addColumn('rows', integer, (column) => column.notNull())
    .addColumn('content', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('job_rows_pk', ['job_id', 'attempt', 'first_row'])
    .execute();

  await ddl
    .table(db, 'job_budgets')
    .addColumn('organization_id', integer, (column) =>
      column.notNull().primaryKey().references('organizations.id').onDelete('cascade'),
    )
    .addColumn('active', integer, (column) => column.notNull())
    .addColumn('bytes', integer, (column) => column.notNull())
    .execute();
}
