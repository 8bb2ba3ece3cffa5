import { fail, ok, type Result } from '../../domain/result.ts';
import { checkValue } from './check.ts';
import { takeApart, type DirectoryFile } from './entries.ts';
import { Mistakes, type Mistake } from './mistake.ts';
import { directoryFileSchema } from './schema.ts';
import { readSource } from './source.ts';

/**
 * Reads a directory file (design 8), YAML or JSON. Fails with every mistake that can be seen without knowing what is
 * stored; applying it finds the others.
 */
export function readDirectoryFile(text: string): Result<DirectoryFile, readonly Mistake[]> {
  const source = readSource(text);
  if (source.mistakes.any) return fail(source.mistakes.list);
  const mistakes = new Mistakes(source.lineOf);
  // An empty file is an empty directory.
  const checked = checkValue(directoryFileSchema(), source.value ?? {}, [], mistakes);
  return mistakes.any ? fail(mistakes.list) : ok(takeApart(checked, source.lineOf));
}
