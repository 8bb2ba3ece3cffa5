import { BackupError } from './backup-error.ts';
import type { Manifest } from './manifest.ts';
import { countNativeRows } from './native-rows.ts';
import { readChecked } from './read-backup.ts';
import { countLines } from './row-lines.ts';

/**
 * Reads every file of a backup from disk: digests, and the number of rows that the stores had. Throws BackupError that
 * names the first file which is not as it was written.
 */
export async function verifyBackup(directory: string, manifest: Manifest): Promise<void> {
  for (const { rows, file } of manifest.facts) {
    assertRows(file.path, rows, await readChecked(directory, file, countNativeRows));
  }
  for (const { rows, file } of manifest.records) {
    assertRows(file.path, rows, await readChecked(directory, file, countLines));
  }
  if (manifest.key_file !== null) await readKeyCopy(directory, manifest.key_file);
}

/** The text of the key file that was put into the backup. */
export async function readKeyCopy(directory: string, file: NonNullable<Manifest['key_file']>): Promise<string> {
  return readChecked(directory, file, async (pieces) => {
    const parts: Uint8Array[] = [];
    for await (const piece of pieces) parts.push(piece);
    return Buffer.concat(parts).toString('utf8');
  });
}

function assertRows(path: string, expected: number, found: number): void {
  if (found === expected) return;
  throw new BackupError(`${path} holds ${found} rows where the store had ${expected}`);
}
