import type { Kysely } from 'kysely';
import type { Ddl } from '../ddl.ts';

/** What token endpoints gave out. */
export async function oauthTokens(db: Kysely<unknown>, ddl: Ddl): Promise<void> {
  const { text, integer } = ddl;

  await ddl
    .table(db, 'oauth_tokens')
    .addColumn('access_hash', text, (column) => column.notNull().primaryKey())
    .addColumn('refresh_hash', text, (column) => column.notNull().unique())
    .addColumn('client_id', text, (column) =>
      column.notNull().references('oauth_clients.client_id').onDelete('cascade'),
    )
    .addColumn('user_id', integer, (column) => column.references('users.id').onDelete('cascade'))
    .addColumn('family', text, (column) => column.notNull())
    .addColumn('scope', text, (column) => column.notNull())
    .addColumn('issued_at', integer, (column) => column.notNull())
    .addColumn('access_expires_at', integer, (column) => column.notNull())
    .addColumn('access_ended_at', integer)
    .addColumn('refresh_used_at', integer)
    .addColumn('refresh_ended_at', integer)
    .execute();
  for (const column of ['client_id', 'user_id', 'family']) {
    await db.schema.createIndex(`oauth_tokens_by_${column}`).on('oauth_tokens').column(column).execute();
  }
}
