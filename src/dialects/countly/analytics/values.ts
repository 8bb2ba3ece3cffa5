import { fail, ok, type Result } from '../../../domain/result.ts';
import type { Services } from '../../dialect.ts';
import { periodOf, rangeOf } from '../period/period.ts';
import type { AppRead } from '../read/app-read.ts';
import { message, problemAnswer, type Answer } from '../transport/answer.ts';
import { jsonOf, text } from '../transport/parameters.ts';
import { topRows, type TopRow } from './figures.ts';
import { valueKindOf, valueName } from './metrics.ts';

type ValueServices = Pick<Services, 'audience' | 'clock'>;

interface ValueRow {
  readonly _id: string;
  readonly t: number;
  readonly n: number;
  readonly u: number;
}

const DEFAULT_TOPS = ['platforms', 'resolutions', 'carriers', 'countries'];
/** More than there are metrics. */
const MAX_TOPS = 20;

/** `/o/analytics/metric` (contract 4.3): every value of a metric in a period, those with the most sessions first. */
export async function metric(services: ValueServices, read: AppRead): Promise<Answer> {
  const name = text(read.parameters, 'metric');
  if (name === '') return message('Must provide metric', 400);
  const rows = await rowsOf(services, read, name);
  return rows.ok ? { body: rows.value } : rows.problem;
}

/** `/o/analytics/tops` (contract 4.3): the three values of some metrics with the most sessions. */
export async function tops(services: ValueServices, read: AppRead): Promise<Answer> {
  const one = text(read.parameters, 'metric');
  if (one !== '') {
    const rows = await topOf(services, read, one);
    return rows.ok ? { body: rows.value } : rows.problem;
  }
  const sent = jsonOf(read.parameters, 'metrics');
  const names = sent.kind === 'absent' ? DEFAULT_TOPS : sent.kind === 'value' ? namesOf(sent.value) : null;
  if (names === null) return message('Invalid parameter "metrics"', 400);
  const found: [string, readonly TopRow[]][] = [];
  for (const name of new Set(names)) {
    const rows = await topOf(services, read, name);
    if (!rows.ok) return rows.problem;
    found.push([name, rows.value]);
  }
  return { body: Object.fromEntries(found) };
}

function namesOf(value: unknown): readonly string[] | null {
  if (!Array.isArray(value) || value.length > MAX_TOPS) return null;
  return value.every((name): name is string => typeof name === 'string') ? value : null;
}

async function topOf(services: ValueServices, read: AppRead, name: string): Promise<Result<readonly TopRow[], Answer>> {
  const rows = await rowsOf(services, read, name);
  return rows.ok ? ok(topRows(rows.value.map(({ _id, t }) => ({ name: _id, value: t })))) : rows;
}

async function rowsOf(
  { audience, clock }: ValueServices,
  { app, parameters, call }: AppRead,
  name: string,
): Promise<Result<readonly ValueRow[], Answer>> {
  const kind = valueKindOf(name);
  if (kind === null) return ok([]);
  const range = rangeOf(periodOf(parameters.get('period'), clock.now(), app.zone).current, app.zone);
  const values = await audience.valueTotals(app, kind, [range], { tag: 'countly:metric', signal: call.signal });
  if (!values.ok) return fail(problemAnswer(values.problem));
  return ok(
    values.value
      .map(({ value, ranges }) => ({
        _id: valueName(value),
        t: ranges[0]?.sessions ?? 0,
        n: ranges[0]?.newUsers ?? 0,
        u: ranges[0]?.users ?? 0,
      }))
      .filter(({ t }) => t > 0)
      .toSorted((a, b) => b.t - a.t || (a._id < b._id ? -1 : 1)),
  );
}
