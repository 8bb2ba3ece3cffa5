import type { Application } from '../../../directory/provider/applications.ts';
import type { Metric } from '../../../directory/provider/products.ts';
import { SECOND_MS } from '../../../domain/time/durations.ts';
import type { EpochMs, ZoneId } from '../../../domain/time/instant.ts';
import { UTC } from '../../../domain/time/zones.ts';
import type { Answer } from '../endpoint.ts';
import type { CsvCell, CsvTable } from '../format/csv.ts';
import { Float, jsonText, type Json } from '../format/json.ts';
import { element, type XmlElement } from '../format/xml.ts';
import { spacedTime, timestamp, zoneName } from '../time/texts.ts';
import type { UsageRange } from './range.ts';
import { applicationElements, metricElement, metricObject } from './write-parts.ts';

/** What was counted, and the numbers. */
export interface Usage {
  readonly of: { readonly metric: Metric } | { readonly code: string };
  readonly range: UsageRange;
  readonly values: readonly bigint[];
  /** Of application usage only. */
  readonly application: Application | null;
  /** What the range before this one had; null unless it was asked for. */
  readonly previousTotal: bigint | null;
  readonly now: EpochMs;
}

/** The answer of `usage` and `usage_response_code` (contract 4.5 to 4.8). */
export function writeUsage(usage: Usage): Answer {
  return { xml: () => usageElement(usage), json: () => jsonText(usageObject(usage)), csv: () => usageTable(usage) };
}

function usageElement({ of, range, values, application }: Usage): XmlElement {
  const zone = toldZone(range);
  return element('usage', [
    'metric' in of ? metricElement(of.metric) : element('response_code', [element('code', of.code)]),
    element('period', [
      element('since', spacedTime(range.since, zone)),
      element('until', spacedTime(range.until, zone)),
      element('name', range.period),
      element('granularity', range.granularity),
    ]),
    element('data', [
      element('total', totalOf(values)),
      element('values', values.join(','), { length: values.length }),
    ]),
    ...(application === null ? [] : [element('application', applicationElements(application))]),
  ]);
}

function usageObject({ of, range, values, application, previousTotal }: Usage): Json {
  const zone = toldZone(range);
  const total = totalOf(values);
  return {
    ...('metric' in of ? { metric: metricObject(of.metric) } : { response_code: { code: of.code } }),
    period: {
      name: range.period,
      since: timestamp(range.since, zone),
      until: timestamp(range.until, zone),
      timezone: zoneName(range.zone),
      granularity: range.granularity === '21600' ? 21_600 : range.granularity,
    },
    total,
    values,
    ...(application === null ? {} : { application: applicationObject(application) }),
    ...(previousTotal === null
      ? {}
      : { previous_total: previousTotal, change: new Float(changeOf(total, previousTotal)) }),
  };
}

function applicationObject({ id, name, state, description, plan, account, product }: Application): Json {
  return {
    id,
    name,
    state,
    link: `/p/admin/applications/${id}`,
    ...(description === null || description.trim() === '' ? {} : { description }),
    plan: { id: plan.id, name: plan.name },
    account: { id: account.id, name: account.orgName, link: `/buyers/accounts/${account.id}` },
    service: { id: product.id },
  };
}

function usageTable({ of, range, values, now }: Usage): CsvTable {
  const zone = toldZone(range);
  const what: readonly CsvCell[] = 'metric' in of ? [of.metric.systemName, of.metric.friendlyName] : [of.code];
  const header = 'metric' in of ? ['Metric System Name', 'Metric Name'] : ['Response Code'];
  return {
    file: `usage-${Math.floor(now / SECOND_MS)}.csv`,
    header: [...header, 'Date', 'Value'],
    rows: values.map((value, index) => {
      const start = range.granularity === 'eternity' ? range.since : (range.edges[index] ?? range.since);
      return [...what, spacedTime(start, zone), value];
    }),
  };
}

/** Eternity is told in UTC, whatever the zone. */
function toldZone({ granularity, zone }: UsageRange): ZoneId {
  return granularity === 'eternity' ? UTC : zone;
}

function totalOf(values: readonly bigint[]): bigint {
  return values.reduce((sum, value) => sum + value, 0n);
}

/** Percent (contract 4.6): from nothing to something is 100. */
function changeOf(total: bigint, previous: bigint): number {
  if (total === previous) return 0;
  if (previous === 0n) return 100;
  return (Number(total - previous) / Number(previous)) * 100;
}
