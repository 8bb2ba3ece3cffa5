import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BackupError } from './backup-error.ts';
import type { Manifest } from './manifest.ts';
import { readKeyCopy } from './verify-backup.ts';

/** Where this installation keeps the key for sealed secrets. */
export interface KeyPlace {
  readonly path: string;
  /** TALLYHOUSE_SECRET is set and takes the place of the file. */
  readonly secretIsSet: boolean;
}

/** Puts the key back beside the stores; throws BackupError when sealed secrets could not be opened afterwards. */
export async function restoreKey(directory: string, manifest: Manifest, place: KeyPlace): Promise<void> {
  if (manifest.sealed_with === 'secret' && !place.secretIsSet) {
    throw new BackupError('secrets in the backup were sealed with TALLYHOUSE_SECRET: set it to the value it had');
  }
  if (manifest.key_file === null) return;
  if (place.secretIsSet) {
    throw new BackupError('secrets in the backup were sealed with its key file: unset TALLYHOUSE_SECRET');
  }
  const key = await readKeyCopy(directory, manifest.key_file);
  const present = await readFile(place.path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  if (present === key) return;
  if (present !== null) throw new BackupError(`${place.path} is another key than the backup's: move it away`);
  await mkdir(dirname(place.path), { recursive: true, mode: 0o700 });
  const file = await open(place.path, 'wx', 0o600);
  try {
    await file.writeFile(key);
    await file.sync();
  } finally {
    await file.close();
  }
}
