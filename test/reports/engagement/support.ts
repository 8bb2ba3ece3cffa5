import type { EngagementJson } from '../../../src/reports/engagement/render-json.ts';

export type ReportRow = EngagementJson['applications'][number];

/** Rows of `usage`, each day's hits at noon UTC. */
export function hitsByDay(application: number, firstDay: string, values: readonly number[]): object[] {
  const start = Date.parse(`${firstDay}T12:00:00Z`);
  return values.flatMap((value, day) =>
    value === 0
      ? []
      : [
          {
            time: new Date(start + day * 86_400_000).toISOString(),
            product: 'weather',
            application,
            metric: 'hits',
            value,
          },
        ],
  );
}
