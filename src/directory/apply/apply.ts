import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../domain/time/clock.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { directoryVersion } from '../../store/records/directory-version.ts';
import type { Records } from '../../store/records/records.ts';
import type { DirectoryFile } from '../file/entries.ts';
import type { Mistake } from '../file/mistake.ts';
import type { Passwords } from '../secrets/passwords.ts';
import type { Sealing } from '../secrets/sealing.ts';
import { planApply } from './plan.ts';
import type { ApplyOptions, Planning } from './planning.ts';
import { reportOf, type ApplyReport } from './report.ts';
import { Turns } from './turns.ts';
import { StalePlan, writePlan } from './write.ts';

export interface ApplyParts {
  readonly records: Records;
  readonly clock: Clock;
  readonly passwords: Passwords;
  readonly sealing: Sealing;
}

export interface ApplyRequest extends Partial<ApplyOptions> {
  /** Says what would change and changes nothing. */
  readonly dryRun?: boolean;
  /** Who does it, for the audit log: `cli`, `key th_north…`. */
  readonly actor: string;
}

/** So often a plan is made anew because another process was faster. */
const ATTEMPTS = 20;
/** Longest pause before the second attempt; longer before each further one. By chance, or two would stay in step. */
const PAUSE_MS = 10;

/** Applies of this process wait for each other: a plan made beside another one would only have to be made again. */
const turns = new Turns();

/**
 * Brings the store in line with a directory file, in one transaction: what the file lists exists afterwards as the file
 * says; what a key leaves out stays as it is; nothing is removed without `prune`. The same file applied again changes
 * nothing. Fails with every mistake, and has then changed nothing. Throws `RecordsError` when the store fails.
 */
export async function applyDirectory(
  parts: ApplyParts,
  file: DirectoryFile,
  request: ApplyRequest,
): Promise<Result<ApplyReport, readonly Mistake[]>> {
  const applied = await applyEntries(parts, file, request);
  return applied.ok ? ok(applied.value.report) : applied;
}

/** As `applyDirectory`; also hands back the plan, for callers who need to know which rows the entries became. */
export async function applyEntries(parts: ApplyParts, file: DirectoryFile, request: ApplyRequest): Promise<Applied> {
  return turns.take(parts.records, () => planAndWrite(parts, file, request));
}

type Applied = Result<{ report: ApplyReport; planning: Planning }, readonly Mistake[]>;

async function planAndWrite(parts: ApplyParts, file: DirectoryFile, request: ApplyRequest): Promise<Applied> {
  const { records, clock, passwords, sealing } = parts;
  const { dryRun = false, actor, prune = false, remove = [] } = request;
  for (let attempt = 1; ; attempt += 1) {
    if (attempt > 1) await sleep(Math.random() * PAUSE_MS * attempt);
    const version = await directoryVersion(records.db);
    const options = { prune, remove };
    const plan = await planApply(file, { db: records.db, passwords, sealing, now: clock.now(), options });
    // A change made by somebody else while the plan was made may have been read in part, mistakes included.
    if ((await directoryVersion(records.db)) !== version && attempt < ATTEMPTS) continue;
    if (!plan.ok) return plan;
    const planning = plan.value;
    const report = await reportOf(planning);
    if (dryRun) return ok({ report: { changes: report.changes, secrets: [] }, planning });
    if (report.changes.length === 0) return ok({ report, planning });
    try {
      await records.transaction((tx) => writePlan(tx, planning, { version, actor }));
      return ok({ report, planning });
    } catch (error) {
      const isStale = error instanceof StalePlan;
      if (!isStale && !records.isUniqueViolation(error)) throw error;
      // Nobody else changed anything: the file itself is in its own way, and would be again.
      if (!isStale && (await directoryVersion(records.db)) === version) return fail([swapped]);
      if (attempt >= ATTEMPTS) return fail([isStale ? restless : swapped]);
    }
  }
}

const restless: Mistake = {
  kind: 'conflict',
  at: [],
  reason: 'somebody else keeps changing the directory: try again',
  line: null,
};

/** Two entries that exchange a name cannot be written one after the other. */
const swapped: Mistake = {
  kind: 'conflict',
  at: [],
  reason: 'two entries exchange a value that has to be unique: give one of them another value first',
  line: null,
};
