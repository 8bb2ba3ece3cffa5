import type { Records } from '../store/records/records.ts';
import { BackupError } from './backup-error.ts';

/** Row of `settings` that stands from the first fact restored until the records are there too. */
export const RESTORE_KEY = 'restore_under_way';

export async function isHalfRestored(records: Records): Promise<boolean> {
  const row = await records.db.selectFrom('settings').select('value').where('key', '=', RESTORE_KEY).executeTakeFirst();
  return row !== undefined;
}

/** A server must not add to stores that a restore will empty when it is run again. */
export async function assertNotHalfRestored(records: Records): Promise<void> {
  if (!(await isHalfRestored(records))) return;
  throw new BackupError('a restore into these stores was interrupted: run tallyhouse restore again, then serve');
}
