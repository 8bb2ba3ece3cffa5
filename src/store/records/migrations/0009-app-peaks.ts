import type { Kysely } from 'kysely';
import type { Ddl } from '../ddl.ts';

/** How many of an app's users were online at most. */
export async function appPeaks(db: Kysely<unknown>, ddl: Ddl): Promise<void> {
  const { text, integer } = ddl;

  await ddl
    .table(db, 'app_peaks')
    .addColumn('app_id', text, (column) => column.notNull().primaryKey().references('apps.id').onDelete('cascade'))
    .addColumn('era', integer, (column) => column.notNull())
    .addColumn('online', integer, (column) => column.notNull())
    .addColumn('new_online', integer, (column) => column.notNull())
    .addColumn('updated_at', integer, (column) => column.notNull())
    .execute();
}
