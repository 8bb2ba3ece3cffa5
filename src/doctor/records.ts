import type { Records } from '../store/records/records.ts';
import { isHalfRestored } from '../backup/half-restored.ts';
import { isPauseWanted } from '../ingest/loading-pause.ts';
import { failure, fine, messageOf, sizeText, warning, type Finding } from './finding.ts';

/** Reachable, and with the tables of this version. Nothing else is asked of a store without them. */
export async function checkRecords(records: Records, place: string): Promise<{ usable: boolean; findings: Finding[] }> {
  try {
    const { applied, missing } = await records.migrations();
    const { bytes } = await records.size();
    const says = `${place}, ${sizeText(bytes)}`;
    if (missing.length > 0) {
      const advice = 'start the server of this version: it brings the tables up to date';
      const found = applied.length === 0 ? 'has no tables yet' : `has not had the migration ${missing[0] ?? ''}`;
      return { usable: false, findings: [failure('records', `${place} ${found}`, advice)] };
    }
    return { usable: true, findings: [fine('records', says), ...(await checkState(records))] };
  } catch (error) {
    return { usable: false, findings: [unreachable('records', 'TALLYHOUSE_RECORDS', error)] };
  }
}

export function unreachable(check: string, variable: string, error: unknown): Finding {
  return failure(check, messageOf(error), `see that it runs and can be reached, and check ${variable}`);
}

async function checkState(records: Records): Promise<Finding[]> {
  const findings: Finding[] = [];
  if (await isHalfRestored(records)) {
    findings.push(
      failure('restore', 'a restore was interrupted', 'run tallyhouse restore again; no server starts before'),
    );
  }
  if (await isPauseWanted(records)) {
    const advice = 'none if one runs; after one that was killed, servers go on by themselves within half a minute';
    findings.push(warning('backup', 'a backup keeps facts from being loaded', advice));
  }
  return findings;
}
