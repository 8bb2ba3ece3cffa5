import type { Services } from '../../dialect.ts';
import { periodOf, rangeOf } from '../period/period.ts';
import type { AppRead } from '../read/app-read.ts';
import { problemAnswer, type Answer } from '../transport/answer.ts';
import { text } from '../transport/parameters.ts';
import { bucketId, bucketIds, grainOf } from './series.ts';

const TAG = 'countly:sessions';

/** `/o/analytics/sessions` (contract 4.3): every bucket of a period. */
export async function sessions(
  { audience, clock }: Pick<Services, 'audience' | 'clock'>,
  { app, parameters, call }: AppRead,
): Promise<Answer> {
  const now = clock.now();
  const { current } = periodOf(parameters.get('period'), now, app.zone);
  const grain = grainOf(current, text(parameters, 'bucket'));
  const calendar = await audience.calendar(app, rangeOf(current, app.zone), { tag: TAG, signal: call.signal });
  if (!calendar.ok) return problemAnswer(calendar.problem);

  const ids = bucketIds(current, grain, now, app.zone);
  const rows = new Map(ids.map((_id) => [_id, { _id, t: 0, n: 0, u: 0, d: 0, e: 0 }]));
  for (const { hour, sessions: counted, newUsers, users, ofDay, ofMonth } of calendar.value.hours) {
    const row = rows.get(bucketId(hour, grain));
    if (row === undefined) continue;
    row.t += counted;
    row.n += newUsers;
    row.u += grain === 'hour' ? users : grain === 'day' ? ofDay : ofMonth;
  }
  for (const { hour, requests, seconds } of calendar.value.activity) {
    const row = rows.get(bucketId(hour, grain));
    if (row === undefined) continue;
    row.d += seconds;
    row.e += requests;
  }
  return { body: [...rows.values()] };
}
