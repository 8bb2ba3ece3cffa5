import { UTC } from '../../domain/time/zones.ts';
import { formatRfc3339Utc, formatWithOffset } from '../../domain/time/rfc3339.ts';
import type { EpochMs, ZoneId } from '../../domain/time/instant.ts';
import type { EngagementParameters, EngagementRow } from './report.ts';

/** A cell: a number stays one; null is absent. */
export type Cell = string | number | boolean | null;

/** The columns of contract 6.3 in their order; what the three forms of the report are made of. */
const COLUMNS = {
  group: ({ group }) => group,
  application_id: ({ applicationId }) => applicationId,
  application_name: ({ applicationName }) => applicationName,
  account_id: ({ accountId }) => accountId,
  org_name: ({ orgName }) => orgName,
  name: ({ name }) => name,
  email: ({ email }) => email,
  plan_name: ({ planName }) => planName,
  service_id: ({ serviceId }) => serviceId,
  state: ({ state }) => state,
  created_at: ({ createdAt }, { zone }) => timeText(createdAt, zone),
  hits_total: ({ hitsTotal }) => hitsTotal,
  hits_first_half: ({ hitsFirstHalf }) => hitsFirstHalf,
  hits_second_half: ({ hitsSecondHalf }) => hitsSecondHalf,
  growth_percent: ({ growthPercent }) => growthPercent,
  late_start: ({ lateStart }) => lateStart,
  active_days: ({ activeDays }) => activeDays,
  first_day: ({ firstDay }, { dates }) => dateAt(dates, firstDay),
  last_day: ({ lastDay }, { dates }) => dateAt(dates, lastDay),
} as const satisfies Record<string, (row: EngagementRow, parameters: EngagementParameters) => Cell>;

export type ColumnName = keyof typeof COLUMNS;
export const COLUMN_NAMES = Object.keys(COLUMNS) as readonly ColumnName[];

export function cellsOf(row: EngagementRow, parameters: EngagementParameters): Record<ColumnName, Cell> {
  return Object.fromEntries(COLUMN_NAMES.map((name) => [name, COLUMNS[name](row, parameters)])) as Record<
    ColumnName,
    Cell
  >;
}

/** A percentage shows its decimal in tables, also when it is 0. */
export function cellText(name: ColumnName, cell: Cell): string {
  if (cell === null) return '';
  return name === 'growth_percent' && typeof cell === 'number' ? cell.toFixed(1) : String(cell);
}

/** In the zone, `Z` for UTC; whole seconds. */
function timeText(at: EpochMs, zone: ZoneId): string {
  return isUtc(zone) ? formatRfc3339Utc(at, 'never') : formatWithOffset(at, zone);
}

function isUtc(zone: ZoneId): boolean {
  return zone === UTC || zone === 'Etc/UTC';
}

/** The IANA name; that of UTC is `Etc/UTC`. */
export function zoneText(zone: ZoneId): string {
  return isUtc(zone) ? 'Etc/UTC' : zone;
}

function dateAt(dates: readonly string[], index: number | null): string | null {
  return index === null ? null : (dates[index] ?? null);
}
