import type { FactsReport, ZoneProbe } from '../control/facts-report.ts';
import { offsetMsAt } from '../domain/time/zone-offsets.ts';
import { allZones, parseZone } from '../domain/time/zones.ts';
import { addToLocal } from '../domain/time/local.ts';
import { UTC } from '../domain/time/zones.ts';
import type { EpochMs } from '../domain/time/instant.ts';
import { failure, fine, warning, type Finding } from './finding.ts';

/** Where the rules have changed in the last years, and where they are unusual. */
const ZONES = [
  'America/New_York',
  'Europe/Berlin',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'America/Mexico_City',
  'Asia/Tehran',
  'Africa/Cairo',
  'America/Asuncion',
  'Asia/Almaty',
];

/** Months from now at which the offsets are compared: both halves of this year and the next. */
const MONTHS = [0, 6, 12];

export function zoneProbes(now: EpochMs): ZoneProbe[] {
  const zones = ZONES.flatMap((name) => parseZone(name) ?? []);
  return zones.flatMap((zone) => MONTHS.map((months) => ({ zone, at: addToLocal(now, { months }, UTC) })));
}

export function checkFacts(report: FactsReport, place: string, how: string): Finding {
  const [missing] = report.migrations.missing;
  if (missing === undefined) {
    const rows = Object.entries(report.rows ?? {}).map(([stream, count]) => `${stream} ${count}`);
    return fine('facts', `${place} (${how}): ${rows.join(', ')}`);
  }
  const found = report.migrations.applied.length === 0 ? 'has no tables yet' : `has not had the migration ${missing}`;
  return failure('facts', `${place} ${found}`, 'start the server of this version: it brings the tables up to date');
}

/** Two zone databases: the program's, which decides, and the engine's, which is only told numbers. */
export function checkZones(report: FactsReport, probes: readonly ZoneProbe[], zoneData: string): Finding {
  const different = probes.filter(({ zone, at }, index) => report.offsets[index] !== offsetMsAt(zone, at));
  const says = `${allZones().length} zones, version ${zoneData}`;
  if (different.length === 0) return fine('zones', `${says}; the engine's agree where it matters`);
  const names = [...new Set(different.map(({ zone }) => zone))].join(', ');
  return warning(
    'zones',
    `${says}; the engine differs for ${names}`,
    'answers follow Node.js; update it if its rules are the older ones',
  );
}
