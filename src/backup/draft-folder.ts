import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { BackupError } from './backup-error.ts';
import { MANIFEST_DIGEST_FILE, MANIFEST_FILE, type BackupFile, type Manifest } from './manifest.ts';

/** A backup's folder while it is written: under another name beside its place, until all is on disk. */
export interface DraftFolder {
  /** Where the files are now. */
  readonly path: string;
  /** Writes a file and waits until it is on disk. Readable by its owner only: backups hold secrets. */
  write(path: string, pieces: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>): Promise<BackupFile>;
  /** Writes the manifest, with its digest beside it. */
  writeManifest(manifest: Manifest): Promise<void>;
  /** The folder gets its name. */
  finish(): Promise<void>;
  /** Removes what was written. */
  abandon(): Promise<void>;
}

/** Begins a folder that is to become `directory`, which has to be empty or absent. `signal` ends its writing. */
export async function draftFolder(directory: string, signal: AbortSignal): Promise<DraftFolder> {
  const target = resolve(directory);
  await assertFree(target);
  const parent = dirname(target);
  await mkdir(parent, { recursive: true });
  const path = join(parent, `.${basename(target)}.${randomBytes(4).toString('hex')}.partial`);
  await mkdir(path, { mode: 0o700 });

  const write: DraftFolder['write'] = async (name, pieces) => {
    const file = join(path, name);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const handle = await open(file, 'wx', 0o600);
    const digest = createHash('sha256');
    let bytes = 0;
    try {
      for await (const piece of pieces) {
        signal.throwIfAborted();
        const data = typeof piece === 'string' ? Buffer.from(piece) : piece;
        digest.update(data);
        bytes += data.byteLength;
        await handle.writeFile(data);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    return { path: name, bytes, sha256: digest.digest('hex') };
  };

  return {
    path,
    write,
    async writeManifest(manifest) {
      const { sha256 } = await write(MANIFEST_FILE, [`${JSON.stringify(manifest, null, 2)}\n`]);
      await write(MANIFEST_DIGEST_FILE, [`${sha256}  ${MANIFEST_FILE}\n`]);
    },
    async finish() {
      const folders = (await readdir(path, { withFileTypes: true })).filter((entry) => entry.isDirectory());
      for (const folder of folders) await syncFolder(join(path, folder.name));
      await syncFolder(path);
      await rename(path, target);
      await syncFolder(parent);
    },
    abandon: () => rm(path, { recursive: true, force: true }),
  };
}

async function assertFree(directory: string): Promise<void> {
  try {
    if ((await readdir(directory)).length === 0) return;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return;
    if (isCode(error, 'ENOTDIR')) throw new BackupError(`${directory} is a file: name a new or empty directory`);
    throw error;
  }
  throw new BackupError(`${directory} is not empty: name a new or empty directory`);
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
