import { PAUSE_KEY } from '../ingest/loading-pause.ts';
import type { FactsStore } from '../store/facts/facts-store.ts';
import { migrationState } from '../store/facts/migrate.ts';
import type { Records } from '../store/records/records.ts';
import { tableNames } from '../store/records/tables.ts';
import { countRecords } from '../store/records/whole-tables.ts';
import { BackupError } from './backup-error.ts';
import { isHalfRestored, RESTORE_KEY } from './half-restored.ts';
import type { Manifest } from './manifest.ts';
import { emptyFacts, firstFilledTable, restoreFacts } from './restore-facts.ts';
import { restoreKey, type KeyPlace } from './restore-key.ts';
import { restoreRecords } from './restore-records.ts';

export interface RestoreParts {
  readonly directory: string;
  /** Of that directory, after `verifyBackup`. */
  readonly manifest: Manifest;
  readonly records: Records;
  readonly facts: FactsStore;
  readonly key: KeyPlace;
  readonly say: (line: string) => void;
}

/**
 * Fills two empty stores, of whatever engines, from a backup. Facts come first, records in one transaction at the end;
 * until then a mark keeps servers away, and a restore that is run again after an interruption starts over. Throws
 * BackupError when the stores are not empty, were made by another version, or do not hold in the end what they should.
 */
export async function restoreBackup(parts: RestoreParts): Promise<void> {
  const { directory, manifest, records, facts, say } = parts;
  await records.migrate();
  await facts.migrate();
  await assertSameTables(parts);
  await assertEmpty(records, facts);
  await restoreKey(directory, manifest, parts.key);
  await markRestore(records, manifest.id);
  await emptyFacts(facts);
  say('loading facts');
  await restoreFacts(facts, directory, manifest);
  say('loading records');
  await restoreRecords(records, directory, manifest);
}

async function assertSameTables({ manifest, records, facts }: RestoreParts): Promise<void> {
  const here = { facts: (await migrationState(facts)).applied, records: (await records.migrations()).applied };
  for (const store of ['facts', 'records'] as const) {
    const [ours, theirs] = [here[store], manifest.migrations[store]];
    if (ours.length === theirs.length && ours.every((name, index) => name === theirs[index])) continue;
    throw new BackupError(
      `the backup was taken by version ${manifest.product_version}, whose ${store} tables differ: ` +
        'restore it with that version, then start this one',
    );
  }
}

async function assertEmpty(records: Records, facts: FactsStore): Promise<void> {
  for (const table of tableNames) {
    if (table === 'settings' || (await countRecords(records.db, table)) === 0) continue;
    throw new BackupError(`the records store is not empty (it has ${table}): restore into empty stores only`);
  }
  if (await isHalfRestored(records)) return;
  const table = await firstFilledTable(facts);
  if (table !== null) {
    throw new BackupError(`the facts store is not empty (it has ${table}): restore into empty stores only`);
  }
}

async function markRestore(records: Records, id: string): Promise<void> {
  await records.transaction(async (tx) => {
    await tx.deleteFrom('settings').where('key', 'in', [RESTORE_KEY, PAUSE_KEY]).execute();
    await tx.insertInto('settings').values({ key: RESTORE_KEY, value: id }).execute();
  });
}
