import type { EpochMs } from '../../domain/time/instant.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { RecordsDatabase } from '../../store/records/records.ts';
import type { DirectoryFile, FileEntry } from '../file/entries.ts';
import { Mistakes, type Mistake } from '../file/mistake.ts';
import type { Kind } from '../kinds/kind.ts';
import { product } from '../kinds/products.ts';
import { KINDS } from '../kinds/registry.ts';
import type { Passwords } from '../secrets/passwords.ts';
import type { Sealing } from '../secrets/sealing.ts';
import { findChanges, keepPasswords } from './changes.ts';
import { fillNewEntries } from './defaults.ts';
import { setGivenColumns } from './given-columns.ts';
import { groupsOf } from './group.ts';
import { matchEntries, refuseTaken } from './match.ts';
import { chooseDefaultProducts, keepOrder } from './order.ts';
import { PlannedEntry } from './planned-entry.ts';
import { Planning, type ApplyOptions } from './planning.ts';
import { findLeftOut, refuseNeeded } from './prune.ts';
import { resolveReferences } from './references.ts';
import { StoredRows } from './stored-rows.ts';
import { refuseCircles } from './tree.ts';

export interface PlanParts {
  readonly db: RecordsDatabase;
  readonly passwords: Passwords;
  readonly sealing: Sealing;
  readonly now: EpochMs;
  readonly options: ApplyOptions;
}

/**
 * Compares a file with what is stored and works out what would change, down to the columns. Only reads; the passwords
 * are hashed here too, so that nothing slow is left for the transaction that writes. Fails with every mistake.
 */
export async function planApply(file: DirectoryFile, parts: PlanParts): Promise<Result<Planning, readonly Mistake[]>> {
  const { db, passwords, sealing, now, options } = parts;
  const mistakes = new Mistakes(file.lineOf);
  const planning = new Planning({ stored: new StoredRows(db), mistakes, options, passwords, sealing, now });
  const sources = groupsOf(file.entries, (entry) => entry.kind.name);
  const planned = new Map<FileEntry, PlannedEntry>();
  for (const kind of KINDS) {
    const entries = (sources.get(kind.name) ?? []).map((source) => {
      const parent = source.parent === null ? null : (planned.get(source.parent) ?? null);
      const entry = new PlannedEntry(source, parent);
      planned.set(source, entry);
      return entry;
    });
    planning.setEntries(kind, entries);
    // Kinds further down may share the table and its numbers: what they ask for is not free.
    const alike = KINDS.slice(KINDS.indexOf(kind) + 1)
      .filter((later) => later.table === kind.table)
      .flatMap((later) => sources.get(later.name) ?? [])
      .map((source) => numbered(source, planned));
    await planKind(planning, file, kind, { entries, alike });
  }
  for (const { kind, rowKey } of options.remove) {
    for (const row of await planning.stored.withTuples(kind, kind.primaryKey, [rowKey])) {
      planning.remove({ kind, row, at: [] });
    }
  }
  await refuseCircles(planning);
  await refuseNeeded(planning);
  if (mistakes.any) return fail(mistakes.list);
  await keepPasswords(planning);
  return ok(planning);
}

/** The entry as far as its numbers can be known before its turn. */
function numbered(source: FileEntry, planned: ReadonlyMap<FileEntry, PlannedEntry>): PlannedEntry {
  const entry = new PlannedEntry(source, source.parent === null ? null : (planned.get(source.parent) ?? null));
  setGivenColumns(entry);
  return entry;
}

async function planKind(
  planning: Planning,
  file: DirectoryFile,
  kind: Kind,
  { entries, alike }: { readonly entries: readonly PlannedEntry[]; readonly alike: readonly PlannedEntry[] },
): Promise<void> {
  for (const entry of entries) setGivenColumns(entry);
  await resolveReferences(planning, kind, entries, 'before_match');
  await matchEntries(planning, kind, entries);
  await findLeftOut(planning, file, kind);
  await resolveReferences(planning, kind, entries, 'after_match');
  await fillNewEntries(planning, kind, entries, alike);
  await refuseTaken(planning, kind, entries);
  for (const entry of entries) {
    for (const { field, reason } of kind.check(entry.view)) planning.blame(entry, field, reason);
  }
  await keepOrder(planning, kind, entries);
  if (kind === product) await chooseDefaultProducts(planning, entries);
  findChanges(planning, entries);
}
