import { sql } from 'kysely';
import type { RecordsDatabase, RecordsTransaction } from './records.ts';

const KEY = 'directory_version';

/** Says that the directory has changed; to be called in the transaction that changes it. */
export async function bumpDirectoryVersion(tx: RecordsTransaction): Promise<void> {
  await tx
    .insertInto('settings')
    .values({ key: KEY, value: '1' })
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet((row) => ({
        value: sql<string>`cast(cast(${row.ref('settings.value')} as bigint) + 1 as text)`,
      })),
    )
    .execute();
}

/** Grows with every change of the directory, whoever made it. What was read before is stale when it differs. */
export async function directoryVersion(db: RecordsDatabase): Promise<number> {
  const row = await db.selectFrom('settings').select('value').where('key', '=', KEY).executeTakeFirst();
  return Number(row?.value ?? 0);
}
