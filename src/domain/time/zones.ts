import type { ZoneId } from './instant.ts';
import { ZONE_LINKS } from './zone-links.ts';

export const UTC: ZoneId = 'UTC' as ZoneId;

/** Lower-case name to canonical spelling; filled on first use, the same for the life of the process. */
let spellings: ReadonlyMap<string, string> | undefined;

/** Names that were asked for and are known to this machine. Bounded by the number of IANA names. */
const known = new Map<string, ZoneId>();

/**
 * Finds an IANA time zone by name, in any case: `asia/kolkata` gives `Asia/Kolkata`. A name keeps its own identity:
 * `Asia/Calcutta` stays `Asia/Calcutta` and `US/Eastern` stays `US/Eastern`, although they share their rules with others.
 * Null for everything else, fixed offsets (`+02:00`) and abbreviations that are no IANA name (`PST`) included.
 */
export function parseZone(name: string): ZoneId | null {
  const zone = known.get(name);
  if (zone !== undefined) return zone;
  spellings ??= new Map([...Intl.supportedValuesOf('timeZone'), ...ZONE_LINKS].map((id) => [id.toLowerCase(), id]));
  const spelling = spellings.get(name.toLowerCase());
  if (spelling === undefined || !machineKnows(spelling)) return null;
  known.set(spelling, spelling as ZoneId);
  return spelling as ZoneId;
}

/** Every name that `parseZone` accepts, in byte order; about 600, aliases included. */
export function allZones(): readonly ZoneId[] {
  everyZone ??= [...new Set([...Intl.supportedValuesOf('timeZone'), ...ZONE_LINKS])]
    .toSorted((a, b) => (a < b ? -1 : 1))
    .flatMap((name) => parseZone(name) ?? []);
  return everyZone;
}

let everyZone: readonly ZoneId[] | undefined;

/** Links are listed by us, the rules come with the runtime: an older one may lack the newest names. */
function machineKnows(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
