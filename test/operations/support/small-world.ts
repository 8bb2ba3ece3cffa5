import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { directFacts } from '../../../src/backup/facts-access.ts';
import type { Manifest } from '../../../src/backup/manifest.ts';
import { readManifest } from '../../../src/backup/read-backup.ts';
import { restoreBackup } from '../../../src/backup/restore-backup.ts';
import { takeBackup } from '../../../src/backup/take-backup.ts';
import { verifyBackup } from '../../../src/backup/verify-backup.ts';
import { epochMs } from '../../../src/domain/time/instant.ts';
import type { FactsStore } from '../../../src/store/facts/facts-store.ts';
import type { Records } from '../../../src/store/records/records.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

export const NOON = epochMs(Date.UTC(2026, 2, 1, 12));

/** Both stores of a test, in this process. */
export interface Stores {
  readonly records: Records;
  readonly facts: FactsStore;
}

/** A backup of the stores. */
export async function backedUp(
  { records, facts }: Stores,
  directory: string,
  keyFile = '/nowhere/secret.key',
  signal = new AbortController().signal,
): Promise<string> {
  await takeBackup({
    records,
    facts: directFacts(facts, records, { now: () => NOON }),
    clock: { now: () => NOON },
    directory,
    productVersion: '0.0.0-test',
    sealing: { with: 'key_file', path: keyFile },
    say: () => {},
    signal,
  });
  return directory;
}

/** What `tallyhouse restore` does with stores that are open. */
export async function restored(
  directory: string,
  { records, facts }: Stores,
  key = { path: join(temporaryDirectory(), 'secret.key'), secretIsSet: false },
): Promise<Manifest> {
  const manifest = await readManifest(directory);
  await verifyBackup(directory, manifest);
  await restoreBackup({ directory, manifest, records, facts, key, say: () => {} });
  return manifest;
}

/** A copy to be damaged. */
export function copyOf(directory: string): string {
  const copy = join(temporaryDirectory(), 'copy');
  cpSync(directory, copy, { recursive: true });
  return copy;
}
