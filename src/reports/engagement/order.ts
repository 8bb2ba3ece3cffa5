import type { EngagementRow } from './report.ts';
import { rank } from './summary.ts';

/**
 * The order of contract 6.2: groups as they are listed; who never called by sign-up, who stopped by hits, most first,
 * who keeps calling by growth as it is shown, most first and unknown last; ties by id.
 */
export function compareRows(a: EngagementRow, b: EngagementRow): number {
  return rank(a.group) - rank(b.group) || withinGroup(a, b) || a.applicationId - b.applicationId;
}

function withinGroup(a: EngagementRow, b: EngagementRow): number {
  switch (a.group) {
    case 'never_used':
      return a.createdAt - b.createdAt;
    case 'stopped':
      return b.hitsTotal - a.hitsTotal;
    case 'consistent':
      if (a.growthPercent === null || b.growthPercent === null) {
        return Number(a.growthPercent === null) - Number(b.growthPercent === null);
      }
      return b.growthPercent - a.growthPercent;
  }
}
