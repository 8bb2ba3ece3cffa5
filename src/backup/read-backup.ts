import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BackupError } from './backup-error.ts';
import { NativeFormatError } from './native-rows.ts';
import { MANIFEST_DIGEST_FILE, MANIFEST_FILE, parseManifest, type BackupFile, type Manifest } from './manifest.ts';

/** Reads and checks the manifest of a backup. Throws BackupError when there is none or it was altered. */
export async function readManifest(directory: string): Promise<Manifest> {
  const text = await readText(directory, MANIFEST_FILE, `${directory} holds no backup: it has no ${MANIFEST_FILE}`);
  const digest = await readText(directory, MANIFEST_DIGEST_FILE, `${MANIFEST_DIGEST_FILE} is missing in ${directory}`);
  if (digest.split(' ')[0] !== createHash('sha256').update(text).digest('hex')) {
    throw new BackupError(`${MANIFEST_FILE} was altered: ${MANIFEST_DIGEST_FILE} tells another digest`);
  }
  return parseManifest(text);
}

/**
 * Hands the pieces of a file to `read`, which reads them to their end, and holds them against the manifest's digest.
 * What `read` makes of the file counts only when this resolves. Throws BackupError for a file that is missing or is not
 * as it was written.
 */
export async function readChecked<T>(
  directory: string,
  file: BackupFile,
  read: (pieces: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<T> {
  const digest = createHash('sha256');
  let result: T;
  try {
    result = await read(piecesOf(directory, file, digest));
  } catch (error) {
    // Damage is told as what it is, and not as what it makes of the content.
    await assertUndamaged(directory, file);
    if (error instanceof BackupError || error instanceof NativeFormatError) {
      throw new BackupError(`${file.path} cannot be used: ${error.message}`, { cause: error });
    }
    throw error;
  }
  assertDigest(file, digest);
  return result;
}

/** Throws BackupError when the file is missing or its content is not what was written. */
async function assertUndamaged(directory: string, file: BackupFile): Promise<void> {
  const digest = createHash('sha256');
  const pieces = piecesOf(directory, file, digest);
  while ((await pieces.next()).done !== true);
  assertDigest(file, digest);
}

function assertDigest(file: BackupFile, digest: Hash): void {
  if (digest.digest('hex') === file.sha256) return;
  throw new BackupError(`${file.path} is damaged: the manifest tells another digest than its content has`);
}

async function* piecesOf(directory: string, { path }: BackupFile, digest: Hash): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of createReadStream(join(directory, path), { highWaterMark: 1024 * 1024 })) {
      const bytes = piece as Buffer;
      digest.update(bytes);
      yield bytes;
    }
  } catch (error) {
    if (isAbsence(error)) throw new BackupError(`${path} is missing in the backup`);
    throw error;
  }
}

async function readText(directory: string, file: string, absent: string): Promise<string> {
  return readFile(join(directory, file), 'utf8').catch((error: unknown) => {
    throw isAbsence(error) ? new BackupError(absent) : error;
  });
}

function isAbsence(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
