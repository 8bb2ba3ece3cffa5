import { applyDirectory, type ApplyRequest } from '../../../src/directory/apply/apply.ts';
import { changeText, type ApplyReport } from '../../../src/directory/apply/report.ts';
import { mistakeText } from '../../../src/directory/file/mistake.ts';
import { readDirectoryFile } from '../../../src/directory/file/read.ts';
import { createPasswords } from '../../../src/directory/secrets/passwords.ts';
import { createSealing } from '../../../src/directory/secrets/sealing.ts';
import { epochMs } from '../../../src/domain/time/instant.ts';
import type { Records } from '../../../src/store/records/records.ts';

/** 2026-11-12T08:15:00Z */
export const NOON = epochMs(1_794_471_300_000);

/** A records store with a directory in it, and a clock that stands until it is moved. */
export function worldOn(records: Records) {
  const clock = { at: NOON, now: () => clock.at };
  const parts = {
    records,
    clock,
    passwords: createPasswords(),
    sealing: createSealing({ secret: 'a secret for tests', dataDirectory: '/nonexistent' }),
  };
  const run = async (file: string, request: Partial<ApplyRequest> = {}) => {
    const read = readDirectoryFile(file);
    return read.ok ? applyDirectory(parts, read.value, { actor: 'test', ...request }) : read;
  };
  /** Applies a file that has to be right. */
  const report = async (file: string, request: Partial<ApplyRequest> = {}): Promise<ApplyReport> => {
    const result = await run(file, request);
    if (!result.ok) throw new Error(result.problem.map(mistakeText).join('\n'));
    return result.value;
  };
  return {
    ...parts,
    report,
    /** What applying the file changes, a line each. */
    apply: async (file: string, request: Partial<ApplyRequest> = {}): Promise<string[]> =>
      (await report(file, request)).changes.map(changeText),
    /** What is wrong with the file, a line each. */
    mistakes: async (file: string, request: Partial<ApplyRequest> = {}): Promise<string[]> => {
      const result = await run(file, request);
      return result.ok ? [] : result.problem.map(mistakeText);
    },
  };
}
