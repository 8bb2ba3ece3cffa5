import { cohortOf, plansOf, productsWithMetric, type CohortMember, type CohortPlan } from '../../directory/cohort.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { OrganizationId } from '../../domain/scope.ts';
import { localMidnight, type LocalMs } from '../../domain/time/civil.ts';
import type { Clock } from '../../domain/time/clock.ts';
import type { TimeRange, ZoneId } from '../../domain/time/instant.ts';
import { localMsAt } from '../../domain/time/local.ts';
import { storeProblem } from '../../queries/store-problem.ts';
import type { SeriesReads } from '../../queries/series/series.ts';
import type { RecordsDatabase } from '../../store/records/records.ts';
import { activityOf } from './activity.ts';
import { compareRows } from './order.ts';
import type { EngagementReport, EngagementRow } from './report.ts';
import { summaryOf } from './summary.ts';
import { windowOf } from './window.ts';

/** What a report is asked for; names and defaults: contract 6.1. */
export interface EngagementRequest {
  readonly organization: OrganizationId;
  /** Exact; null when the plan is named by id alone. */
  readonly planName: string | null;
  readonly planId: number | null;
  readonly serviceId: number | null;
  readonly state: string | null;
  readonly days: number;
  readonly metricName: string;
  readonly zone: ZoneId;
  /** Midnight of the last date of the window in the zone's calendar; null for today. */
  readonly until: LocalMs | null;
}

export const DEFAULT_DAYS = 10;
export const DEFAULT_METRIC = 'hits';
const DAYS = { min: 2, max: 365 };

export interface EngagementReports {
  /**
   * How those who signed up for a plan within the last days use it: never, for a time, or still (contract 6). One query
   * for the applications with their accounts, one for the hits of all of them.
   *
   * @returns the report, or a problem: `missing_field` (`plan_name`), `invalid_field` (`plan_name`, `plan_id`, `days`,
   *   `metric_name`, `until`; the reason is the sentence of the contract), and those of `Questions.ask`
   */
  run(
    request: EngagementRequest,
    context: { readonly tag: string; readonly signal?: AbortSignal },
  ): Promise<Result<EngagementReport>>;
}

export interface EngagementParts {
  readonly db: RecordsDatabase;
  readonly series: SeriesReads;
  readonly clock: Clock;
}

export function createEngagementReports({ db, series, clock }: EngagementParts): EngagementReports {
  return {
    async run(request, context) {
      try {
        return await run(request, context);
      } catch (error) {
        const refusal = storeProblem(error);
        if (refusal === null) throw error;
        return fail(refusal);
      }
    },
  };

  async function run(
    request: EngagementRequest,
    context: Parameters<EngagementReports['run']>[1],
  ): Promise<Result<EngagementReport>> {
    const { organization, planName, planId, serviceId, state, days, metricName, zone } = request;
    if (planName === null && planId === null) return fail({ kind: 'missing_field', field: 'plan_name' });
    if (!Number.isInteger(days) || days < DAYS.min || days > DAYS.max) {
      return invalid('days', `days should be a number from ${DAYS.min} to ${DAYS.max}`);
    }
    const today = localMidnight(localMsAt(clock.now(), zone));
    const last = request.until ?? today;
    if (last > today) return invalid('until', 'until should not be later than today');

    const named = await plansOf(db, organization, { name: planName, id: planId });
    if (named.length === 0) return unknownPlan(request);
    const plans = named.filter(({ product }) => serviceId === null || product === serviceId);
    const metered = await productsWithMetric(db, organization, metricName);
    if (!(plans.length === 0 ? named : plans).some(({ product }) => metered.has(product))) {
      return invalid('metric_name', `metric ${metricName} not found`);
    }

    const { range, dates } = windowOf(last, days, zone);
    const cohort = await cohortOf(db, { organization, plans: plans.map(({ id }) => id), created: range, state });
    const hits = await hitsOf(cohort, plans, request, range, context);
    if (!hits.ok) return hits;
    const nothing = dates.map(() => 0);
    const planOf = new Map(plans.map((plan) => [plan.id, plan]));
    const rows = cohort
      .flatMap((member) => {
        const plan = planOf.get(member.plan);
        return plan === undefined ? [] : [rowOf(member, plan, hits.value.get(keyOf(member, plan)) ?? nothing)];
      })
      .toSorted(compareRows);
    const parameters = { planName, planId, serviceId, state, days, metricName, zone, dates };
    return ok({ parameters, summary: summaryOf(rows), rows });
  }

  /** Hits of each day by `keyOf`; who has none is absent. */
  async function hitsOf(
    cohort: readonly CohortMember[],
    plans: readonly CohortPlan[],
    { organization, metricName, zone }: EngagementRequest,
    range: TimeRange,
    context: Parameters<EngagementReports['run']>[1],
  ): Promise<Result<ReadonlyMap<string, readonly number[]>>> {
    if (cohort.length === 0) return ok(new Map());
    const found = await series.read(
      {
        stream: 'usage',
        scope: { organizations: [organization], only: { application: cohort.map(({ application }) => application) } },
        range,
        bucket: { unit: 'day', count: 1, zone },
        dimensions: ['product', 'application'],
        filters: [
          { dimension: 'product', operator: 'in', values: [...new Set(plans.map(({ productName }) => productName))] },
          { dimension: 'metric', operator: 'in', values: [metricName] },
        ],
        measure: 'value',
      },
      context,
    );
    return found.ok ? ok(new Map(found.value.map(({ dimensions, values }) => [dimensions.join(' '), values]))) : found;
  }
}

/** An application counts what it did with the product it is on now, as its own usage does. */
function keyOf({ application }: CohortMember, { productName }: CohortPlan): string {
  return `${productName} ${application}`;
}

function rowOf(member: CohortMember, plan: CohortPlan, values: readonly number[]): EngagementRow {
  const { person } = member;
  return {
    ...activityOf(values),
    applicationId: member.application,
    applicationName: member.name,
    accountId: member.account,
    orgName: member.orgName,
    name: [person?.firstName, person?.lastName]
      .map((part) => part?.trim() ?? '')
      .filter((part) => part !== '')
      .join(' '),
    email: person?.email ?? '',
    planName: plan.name,
    serviceId: plan.product,
    state: member.state,
    createdAt: member.createdAt,
    values,
  };
}

/** Both given and each there, but not of one plan, is a cohort without members; a name or an id that none has is not. */
function unknownPlan({ planName, planId }: EngagementRequest): Result<never> {
  const field = planName === null ? 'plan_id' : 'plan_name';
  return invalid(field, `plan ${planName ?? planId} not found`);
}

function invalid(field: string, reason: string): Result<never> {
  return fail({ kind: 'invalid_field', field, reason });
}
