import type { Services } from '../../dialect.ts';
import type { Calendar } from '../../../queries/audience/calendar.ts';
import { periodOf, rangeOf } from '../period/period.ts';
import type { AppRead } from '../read/app-read.ts';
import { problemAnswer, type Answer } from '../transport/answer.ts';

type ClassServices = Pick<Services, 'audience' | 'clock'>;
interface Counted {
  readonly class: number;
  readonly count: number;
}

/** `/o/analytics/frequency` (contract 4.3): sessions by the time since the user's session before. */
export async function frequency(services: ClassServices, read: AppRead): Promise<Answer> {
  return answer(services, read, 'f', ({ gaps }) => gaps.map((one) => ({ class: one.class, count: one.sessions })));
}

/** `/o/analytics/loyalty`: users by which session of theirs was the first in the period. */
export async function loyalty(services: ClassServices, read: AppRead): Promise<Answer> {
  return answer(services, read, 'l', ({ ordinals }) =>
    ordinals.map((one) => ({ class: one.class, count: one.ofRange })),
  );
}

/** `/o/analytics/durations`: closed sessions by length. */
export async function durations(services: ClassServices, read: AppRead): Promise<Answer> {
  return answer(services, read, 'ds', ({ lengths }) =>
    lengths.map((one) => ({ class: one.class, count: one.sessions })),
  );
}

async function answer(
  { audience, clock }: ClassServices,
  { app, parameters, call }: AppRead,
  key: 'f' | 'l' | 'ds',
  counted: (calendar: Calendar) => readonly Counted[],
): Promise<Answer> {
  const range = rangeOf(periodOf(parameters.get('period'), clock.now(), app.zone).current, app.zone);
  const calendar = await audience.calendar(app, range, { tag: `countly:${key}`, signal: call.signal });
  if (!calendar.ok) return problemAnswer(calendar.problem);
  const counts = new Map<number, number>();
  for (const one of counted(calendar.value)) counts.set(one.class, (counts.get(one.class) ?? 0) + one.count);
  const rows = [...counts].filter(([, count]) => count > 0).toSorted(([a, x], [b, y]) => y - x || a - b);
  const sum = rows.reduce((total, [, count]) => total + count, 0);
  return {
    body: rows.map(([group, count]) => ({ [key]: String(group), t: count, percent: ((100 * count) / sum).toFixed(1) })),
  };
}
