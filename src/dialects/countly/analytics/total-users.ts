import type { Services } from '../../dialect.ts';
import { periodOf, rangeOf } from '../period/period.ts';
import type { AppRead } from '../read/app-read.ts';
import type { ReadMethod } from '../read/read-endpoint.ts';
import { problemAnswer, type Answer } from '../transport/answer.ts';
import { text } from '../transport/parameters.ts';
import { valueKindOf, valueName } from './metrics.ts';

const TAG = 'countly:total_users';

/** `total_users` (contract 3.9): distinct users of a whole period, all together or by value. */
export function totalUsersMethod(services: Pick<Services, 'audience' | 'clock'>): ReadMethod {
  return {
    summary: 'Distinct users of a period; with `metric` those with each value.',
    example: [{ _id: 'users', u: 2 }],
    run: (read) => answer(services, read),
  };
}

async function answer(
  { audience, clock }: Pick<Services, 'audience' | 'clock'>,
  { app, parameters, call }: AppRead,
): Promise<Answer> {
  const range = rangeOf(periodOf(parameters.get('period'), clock.now(), app.zone).current, app.zone);
  const context = { tag: TAG, signal: call.signal };
  const metric = text(parameters, 'metric');
  if (metric === '' || metric === 'users') {
    const totals = await audience.totals(app, [range], context);
    if (!totals.ok) return problemAnswer(totals.problem);
    const users = totals.value[0]?.users ?? 0;
    return { body: users === 0 ? [] : [{ _id: 'users', u: users }] };
  }
  const kind = valueKindOf(metric);
  if (kind === null) return { body: [] };
  const values = await audience.valueTotals(app, kind, [range], context);
  if (!values.ok) return problemAnswer(values.problem);
  return {
    body: values.value
      .map(({ value, ranges }) => ({ _id: valueName(value), u: ranges[0]?.users ?? 0 }))
      .filter(({ u }) => u > 0)
      .toSorted((a, b) => b.u - a.u || (a._id < b._id ? -1 : 1)),
  };
}
