import { growthPercent, GROUPS, sharePercent, type Group } from './activity.ts';
import type { EngagementRow, EngagementSummary, GroupSummary } from './report.ts';

/** Counts of contract 6.2: every row in one group, every account in its best one. */
export function summaryOf(rows: readonly EngagementRow[]): EngagementSummary {
  const best = new Map<number, Group>();
  for (const { accountId, group } of rows) {
    const known = best.get(accountId);
    if (known === undefined || rank(group) > rank(known)) best.set(accountId, group);
  }
  const groupOf = (group: Group): GroupSummary => {
    const applications = rows.filter((row) => row.group === group).length;
    return {
      applications,
      accounts: [...best.values()].filter((its) => its === group).length,
      sharePercent: sharePercent(applications, rows.length),
    };
  };
  const grown = rows.filter((row) => row.group === 'consistent' && row.hitsFirstHalf > 0);
  return {
    applications: rows.length,
    accounts: best.size,
    groups: {
      never_used: groupOf('never_used'),
      stopped: groupOf('stopped'),
      consistent: groupOf('consistent'),
    },
    growthPercent: growthPercent(
      grown.reduce((total, row) => total + row.hitsFirstHalf, 0),
      grown.reduce((total, row) => total + row.hitsSecondHalf, 0),
    ),
    lateStarts: rows.filter((row) => row.lateStart).length,
  };
}

/** The later in the list, the better. */
export function rank(group: Group): number {
  return GROUPS.indexOf(group);
}
