import type { Application } from '../../../directory/provider/applications.ts';
import type { Metric } from '../../../directory/provider/products.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import { SECOND_MS } from '../../../domain/time/durations.ts';
import { epochMs, type EpochMs, type ZoneId } from '../../../domain/time/instant.ts';
import type { Answer, Call, Endpoint } from '../endpoint.ts';
import { jsonText } from '../format/json.ts';
import { message, missing, readRefusalOf, type ReadRefusal } from '../format/refusal.ts';
import { element } from '../format/xml.ts';
import { spacedTime, timestamp } from '../time/texts.ts';
import { zoneNamed } from '../time/zone-names.ts';
import { storable } from './counts.ts';
import { calendarPeriod } from './range.ts';
import { findMetric, metricName, subjectOf, type Subject } from './subject.ts';
import type { StatsReads } from './usage.ts';
import { applicationElements, metricElement, metricObject } from './write-parts.ts';

interface Ranked {
  readonly application: Application;
  readonly value: number | bigint;
}

const USUAL = 10;
const MOST = 100;
/** Applications looked at together; those that were removed since are passed over. */
const AT_ONCE = 200;

/** `top_applications`: who used a metric most in a calendar period (contract 4.9). */
export function topApplications(reads: StatsReads): Endpoint['run'] {
  return async (call) => {
    const { parameters, tenant } = call;
    const subject = await subjectOf(reads.providers, call, 'service');
    if (!subject.ok) return subject;
    const name = metricName(call);
    if (!name.ok) return name;
    const absent = ['period', 'since'].find((each) => parameters.get(each) === null);
    if (absent !== undefined) return fail(missing(absent));

    const metric = await findMetric(reads.providers, call, subject.value.product.id, name.value);
    if (!metric.ok) return metric;
    const zone = zoneNamed(parameters.get('timezone'), tenant.zone);
    const period = calendarPeriod(parameters, zone);
    if (!period.ok) return period;
    const limit = limitOf(parameters.get('limit'));
    if (limit === null) return fail(message(400, `limit has to be a whole number from 1 to ${MOST}`));
    const ranked = await ranking(reads, call, {
      subject: subject.value,
      metric: metric.value,
      period: period.value,
      limit,
    });
    if (!ranked.ok) return ranked;
    return ok(
      written({ metric: metric.value, period: period.value, zone, ranked: ranked.value, now: reads.clock.now() }),
    );
  };
}

function limitOf(text: string | null): number | null {
  if (text === null) return USUAL;
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  return limit >= 1 && limit <= MOST ? limit : null;
}

interface Asked {
  readonly subject: Subject;
  readonly metric: Metric;
  readonly period: { readonly from: EpochMs; readonly to: EpochMs };
  readonly limit: number;
}

/** By value descending, then id; without those that had none. */
async function ranking(
  { providers, questions }: StatsReads,
  { tenant, signal }: Call,
  { subject, metric, period, limit }: Asked,
): Promise<Result<readonly Ranked[], ReadRefusal>> {
  const range = storable(period.from, period.to);
  const ranked: Ranked[] = [];
  if (range.from >= range.to) return ok(ranked);
  for (let offset = 0; ; offset += AT_ONCE) {
    const answered = await questions.ask(
      {
        stream: 'usage',
        scope: { organizations: [tenant.id] },
        range,
        bucket: null,
        measures: ['value'],
        dimensions: ['application'],
        filters: [
          { dimension: 'product', operator: 'in', values: [subject.product.systemName] },
          { dimension: 'metric', operator: 'in', values: [metric.systemName] },
        ],
        order: [{ by: 'value', direction: 'descending' }],
        limit: AT_ONCE,
        offset,
      },
      { tag: 'threescale:top_applications', signal },
    );
    if (!answered.ok) return fail(readRefusalOf(answered.problem));
    const rows = answered.value.rows.map(({ dimensions, measures }) => ({
      id: Number(dimensions[0]),
      value: measures[0] ?? 0,
    }));
    const found = await providers.applicationsById(
      tenant.id,
      rows.map(({ id }) => id),
    );
    const byId = new Map(found.map((application) => [application.id, application]));
    for (const { id, value } of rows) {
      const application = byId.get(id);
      if (value === 0) return ok(ranked);
      if (application !== undefined) ranked.push({ application, value });
      if (ranked.length === limit) return ok(ranked);
    }
    if (rows.length < AT_ONCE) return ok(ranked);
  }
}

function written({
  metric,
  period,
  zone,
  ranked,
  now,
}: {
  readonly metric: Metric;
  readonly period: { readonly period: string; readonly from: EpochMs; readonly to: EpochMs };
  readonly zone: ZoneId;
  readonly ranked: readonly Ranked[];
  readonly now: EpochMs;
}): Answer {
  const [since, until] = [period.from, epochMs(period.to - SECOND_MS)];
  return {
    xml: () =>
      element('top', [
        metricElement(metric),
        element('period', [
          element('name', period.period),
          element('since', spacedTime(since, zone)),
          element('until', spacedTime(until, zone)),
        ]),
        element(
          'applications',
          ranked.map(({ application, value }) =>
            element('application', [element('value', value), ...applicationElements(application)]),
          ),
        ),
      ]),
    json: () =>
      jsonText({
        applications: ranked.map(({ application: { id, name, account, plan, product }, value }) => ({
          name,
          id,
          value: String(value),
          account: { id: account.id, name: account.orgName },
          plan: { id: plan.id, name: plan.name },
          service: { id: product.id },
        })),
        metric: metricObject(metric),
        period: { name: period.period, since: timestamp(since, zone), until: timestamp(until, zone) },
      }),
    csv: () => ({
      file: `top-applications-${Math.floor(now / SECOND_MS)}.csv`,
      header: ['Application Name', 'Application ID', 'Plan Name', 'Plan ID', 'Account Name', 'Account ID', 'Total'],
      rows: ranked.map(({ application: { id, name, plan, account }, value }) => [
        name,
        id,
        plan.name,
        plan.id,
        account.orgName,
        account.id,
        value,
      ]),
    }),
  };
}
