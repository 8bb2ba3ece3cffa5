import { realpathSync, statSync, type Stats } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Writable } from 'node:stream';
import { CliError } from './command.ts';

/**
 * Writes a file that appears under its name when it is whole, and not at all when `write` fails: an earlier file of that
 * name stays until then. What is no plain file, such as /dev/null or a pipe, is written to directly.
 *
 * @param write has to bring the stream to its end, as `pipeline` does
 * @throws what `write` throws; CliError when the file cannot be written
 */
export async function writeWholeFile(path: string, write: (file: Writable) => Promise<void>): Promise<void> {
  const { target, direct } = targetOf(path);
  const partial = direct ? target : join(dirname(target), `.${basename(target)}.${process.pid}.partial`);
  const handle = await open(partial, 'w').catch((error: unknown) => {
    throw notWritable(error);
  });
  // Closes the handle when it is finished or destroyed; a file's bytes are on disk before it gets its name.
  const file = handle.createWriteStream({ flush: !direct });
  try {
    await write(file);
    if (!direct) await rename(partial, target);
  } catch (error) {
    file.destroy();
    if (!direct) await rm(partial, { force: true });
    throw error;
  }
}

function targetOf(path: string): { readonly target: string; readonly direct: boolean } {
  let stat: Stats | undefined;
  try {
    stat = statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw notWritable(error);
  }
  if (stat === undefined) return { target: path, direct: false };
  if (!stat.isFile()) return { target: path, direct: true };
  // A symbolic link stays one: what it points to is replaced.
  return { target: realpathSync(path), direct: false };
}

function notWritable(error: unknown): CliError {
  return new CliError(`--out: ${error instanceof Error ? error.message : String(error)}`, 2);
}
