import type { Services } from '../../dialect.ts';
import type { ValueTotals } from '../../../queries/audience/values.ts';
import { countryName } from '../countries.ts';
import { rangeOf } from '../period/period.ts';
import type { AppRead } from '../read/app-read.ts';
import { problemAnswer, type Answer } from '../transport/answer.ts';
import { blocksOf } from './blocks.ts';

interface CountryRow {
  readonly country: string;
  readonly code: string;
  readonly t: number;
  readonly u: number;
  readonly n: number;
}

const TAG = 'countly:countries';
const MOST_COUNTRIES = 10;

/** `/o/analytics/countries` (contract 4.2): the ten with the most sessions, those with the most new users first. */
export async function countries(services: Pick<Services, 'audience' | 'clock'>, read: AppRead): Promise<Answer> {
  const { app, call } = read;
  const blocks = blocksOf(read, services);
  const ranges = blocks.map(({ period }) => rangeOf(period.current, app.zone));
  const totals = await services.audience.valueTotals(app, 'country', ranges, { tag: TAG, signal: call.signal });
  if (!totals.ok) return problemAnswer(totals.problem);
  return { body: Object.fromEntries(blocks.map(({ name }, index) => [name, rowsOf(totals.value, index)])) };
}

function rowsOf(totals: readonly ValueTotals[], index: number): CountryRow[] {
  return totals
    .map(({ value, ranges }) => rowOf(value, ranges[index]))
    .filter(({ t }) => t > 0)
    .toSorted((a, b) => b.t - a.t || (a.country < b.country ? -1 : 1))
    .slice(0, MOST_COUNTRIES)
    .toSorted((a, b) => b.n - a.n);
}

function rowOf(value: string, counts: ValueTotals['ranges'][number] | undefined): CountryRow {
  const { sessions = 0, users = 0, newUsers = 0 } = counts ?? {};
  const known = value === '' ? 'Unknown' : (countryName(value) ?? value);
  return { country: known, code: value === '' ? 'unknown' : value.toLowerCase(), t: sessions, u: users, n: newUsers };
}
