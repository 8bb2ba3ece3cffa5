import { GROUPS, halfOf } from './activity.ts';
import { cellsOf, zoneText, type Cell, type ColumnName } from './columns.ts';
import type { EngagementParameters, EngagementReport } from './report.ts';

/** The JSON form of contract 6.3, to be written with `JSON.stringify`. */
export interface EngagementJson {
  readonly parameters: {
    readonly plan_name?: string;
    readonly plan_id?: number;
    readonly service_id?: number;
    readonly state?: string;
    readonly days: number;
    readonly metric_name: string;
    readonly timezone: string;
    readonly since: string;
    readonly until: string;
    readonly first_half: readonly [string, string];
    readonly second_half: readonly [string, string];
  };
  readonly summary: {
    readonly applications: number;
    readonly accounts: number;
    readonly groups: Readonly<Record<string, Readonly<Record<string, number | null>>>>;
  };
  readonly applications: readonly (Readonly<Record<ColumnName, Cell>> & { readonly values: readonly number[] })[];
}

export function engagementJson({ parameters, summary, rows }: EngagementReport): EngagementJson {
  const groups = GROUPS.map((group) => {
    const { applications, accounts, sharePercent } = summary.groups[group];
    const more =
      group === 'consistent' ? { growth_percent: summary.growthPercent, late_starts: summary.lateStarts } : {};
    return [group, { applications, accounts, share_percent: sharePercent, ...more }] as const;
  });
  return {
    parameters: parametersJson(parameters),
    summary: {
      applications: summary.applications,
      accounts: summary.accounts,
      groups: Object.fromEntries(groups),
    },
    applications: rows.map((row) => ({ ...cellsOf(row, parameters), values: row.values })),
  };
}

function parametersJson(parameters: EngagementParameters): EngagementJson['parameters'] {
  const { planName, planId, serviceId, state, days, metricName, zone, dates } = parameters;
  const half = halfOf(dates.length);
  return {
    ...(planName === null ? {} : { plan_name: planName }),
    ...(planId === null ? {} : { plan_id: planId }),
    ...(serviceId === null ? {} : { service_id: serviceId }),
    ...(state === null ? {} : { state }),
    days,
    metric_name: metricName,
    timezone: zoneText(zone),
    since: at(dates, 0),
    until: at(dates, -1),
    first_half: [at(dates, 0), at(dates, half - 1)],
    second_half: [at(dates, -half), at(dates, -1)],
  };
}

function at(dates: readonly string[], index: number): string {
  const date = dates.at(index);
  if (date === undefined) throw new RangeError(`no day ${index}`);
  return date;
}
