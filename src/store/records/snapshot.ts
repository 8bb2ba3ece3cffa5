import { Kysely } from 'kysely';
import type { Engine } from './engine.ts';
import type { RecordsSchema } from './schema/index.ts';

/** One read-only transaction that sees the store as it was at its beginning, on a connection of its own. */
export async function snapshotOf<T>(engine: Engine, fn: (db: Kysely<RecordsSchema>) => Promise<T>): Promise<T> {
  const own = new Kysely<RecordsSchema>({ dialect: engine.snapshotDialect() });
  try {
    return await own
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute(async (at) => {
        // Both engines choose the moment at the first read, not at `begin`.
        await at.selectFrom('settings').select('key').limit(1).execute();
        return fn(at);
      });
  } finally {
    await own.destroy();
  }
}
