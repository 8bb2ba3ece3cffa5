import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { onTestFinished } from 'vitest';
import { openRecords } from '../../../src/store/records/open-records.ts';
import type { Records } from '../../../src/store/records/records.ts';
import { sharedPostgres } from '../../support/postgres.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

/** The engines that every test of the store runs on, each with the URL of a new and empty store. */
export const engines: readonly { readonly name: string; readonly newStore: () => Promise<string> }[] = [
  { name: 'SQLite', newStore: async () => `sqlite:${join(temporaryDirectory(), 'records.db')}` },
  { name: 'PostgreSQL', newStore: async () => (await sharedPostgres()).createDatabase() },
];

/** Opens a store until the running test ends. */
export async function opened(url: string): Promise<Records> {
  const records = await openRecords(url);
  onTestFinished(() => records.close());
  return records;
}

/** A new store with all its tables, open until the running test ends. */
export async function migrated(newStore: () => Promise<string>): Promise<Records> {
  const records = await opened(await newStore());
  await records.migrate();
  return records;
}

/** The store without the types that keep wrong values out, to see what the store itself does with them. */
export function untyped(records: Records): Kysely<Record<string, Record<string, unknown>>> {
  return records.db as unknown as Kysely<Record<string, Record<string, unknown>>>;
}
