import type { Services } from '../../dialect.ts';
import type { UniqueUsers } from '../../../queries/audience/unique-users.ts';
import type { Totals } from '../../../queries/audience/totals.ts';
import type { ValueSessions } from '../../../queries/audience/values.ts';
import { dayLabel, hourLabel, periodLabel } from '../period/label.ts';
import { rangeOf, type Days } from '../period/period.ts';
import type { AppRead } from '../read/app-read.ts';
import { problemAnswer, type Answer } from '../transport/answer.ts';
import { blocksOf, type Block } from './blocks.ts';
import { figure, spanText, topRows, type Figure, type TopRow } from './figures.ts';
import { valueName } from './metrics.ts';

/** One block of the dashboard (contract 4.1). */
interface DashboardBlock {
  readonly dashboard: Readonly<Record<string, Figure | (Figure & { readonly is_estimate: boolean })>>;
  readonly top: Readonly<Record<'platforms' | 'resolutions' | 'carriers' | 'users', readonly TopRow[]>>;
  readonly period: string;
}

const TAG = 'countly:dashboard';
/** Blocks whose number of users an older server only estimated; it says so where there are none. */
const ESTIMATED = new Set(['30days', '7days']);

/** `/o/analytics/dashboard`: finished figures of the last 30 and 7 days and today. */
export async function dashboard(services: Pick<Services, 'audience' | 'clock'>, read: AppRead): Promise<Answer> {
  const { audience, clock } = services;
  const { app, call } = read;
  const blocks = blocksOf(read, services);
  const context = { tag: TAG, signal: call.signal };
  const current = blocks.map(({ period }) => rangeOf(period.current, app.zone));
  const previous = blocks.map(({ period }) => rangeOf(period.previous, app.zone));
  const widest = blocks[0]?.period.current ?? { from: 0, to: 0 };

  const [totals, os, resolution, carrier, users] = await Promise.all([
    audience.totals(app, [...current, ...previous], context),
    audience.valueSessions(app, 'os', current, context),
    audience.valueSessions(app, 'resolution', current, context),
    audience.valueSessions(app, 'carrier', current, context),
    audience.uniqueUsers(app, rangeOf(widest, app.zone), context),
  ]);
  for (const part of [totals, os, resolution, carrier, users]) if (!part.ok) return problemAnswer(part.problem);
  if (!totals.ok || !os.ok || !resolution.ok || !carrier.ok || !users.ok) throw new TypeError('unreachable');

  const now = clock.now();
  const blockOf = ({ name, period }: Block, index: number): DashboardBlock => ({
    dashboard: figuresOf(name, totals.value[index] ?? NOTHING, totals.value[blocks.length + index] ?? NOTHING),
    top: {
      platforms: topValues(os.value, index),
      resolutions: topValues(resolution.value, index),
      carriers: topValues(carrier.value, index),
      users: topUsers(users.value, period.current),
    },
    period: periodLabel(period, now, app.zone),
  });
  return { body: Object.fromEntries(blocks.map((block, index) => [block.name, blockOf(block, index)])) };
}

const NOTHING: Totals = { sessions: 0, users: 0, newUsers: 0, requests: 0, seconds: 0 };

function figuresOf(name: string, now: Totals, before: Totals): DashboardBlock['dashboard'] {
  const perSession = ({ seconds, sessions }: Totals): number => (sessions === 0 ? 0 : seconds / sessions);
  const perUser = ({ requests, users }: Totals): number => (users === 0 ? 0 : requests / users);
  return {
    total_sessions: figure(now.sessions, before.sessions),
    total_users: { ...figure(now.users, before.users), is_estimate: ESTIMATED.has(name) && now.users === 0 },
    new_users: figure(now.newUsers, before.newUsers),
    total_time: figure(now.seconds, before.seconds, spanText(now.seconds)),
    avg_time: figure(perSession(now), perSession(before), spanText(perSession(now))),
    avg_requests: figure(perUser(now), perUser(before), perUser(now).toFixed(1)),
  };
}

function topValues(values: readonly ValueSessions[], index: number): TopRow[] {
  return topRows(values.map(({ value, sessions }) => ({ name: valueName(value), value: sessions[index] ?? 0 })));
}

/** Days with the most users, of a single day its hours. */
function topUsers({ hours, days }: UniqueUsers, { from, to }: Days): TopRow[] {
  const inRange = hours.filter(({ hour }) => hour >= from * 24 && hour < to * 24);
  if (to - from === 1) {
    return topRows(inRange.map(({ hour, users }) => ({ name: hourLabel(hour - from * 24), value: users })));
  }
  const named = days.filter(({ day }) => day >= from && day < to);
  return topRows(named.map(({ day, users }) => ({ name: dayLabel(day), value: users })));
}
