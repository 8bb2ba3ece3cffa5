import type { AccountPlan } from '../../../directory/provider/accounts.ts';
import type { Plan, PlanLimit } from '../../../directory/provider/plans.ts';
import type { Call } from '../endpoint.ts';
import { element, type XmlElement } from '../format/xml.ts';
import { timestamp } from '../time/texts.ts';
import { linksOf, type Written } from './answers.ts';

/** `0.0`, `12.5`: an amount always has a fraction. */
function amount(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** The `<plan>` of an application and of plan lists (contract 3.2). */
export function planElement(plan: Plan): XmlElement {
  return element('plan', [...terms({ ...plan, type: 'application_plan' }), element('service_id', plan.product)], {
    custom: false,
    default: plan.isDefault,
  });
}

/** The `<plan>` of an account: no `custom`, no service. */
export function accountPlanElement(plan: AccountPlan): XmlElement {
  const shown = {
    id: plan.id ?? null,
    name: plan.name,
    type: 'account_plan',
    state: plan.state ?? 'published',
    approvalRequired: plan.approval_required ?? false,
    setupFee: plan.setup_fee ?? 0,
    costPerMonth: plan.cost_per_month ?? 0,
    trialPeriodDays: plan.trial_period_days ?? null,
  };
  return element('plan', terms(shown), { default: plan.default ?? false });
}

interface Terms extends Pick<
  Plan,
  'name' | 'state' | 'approvalRequired' | 'setupFee' | 'costPerMonth' | 'trialPeriodDays'
> {
  readonly id: number | null;
  readonly type: string;
}

function terms(plan: Terms): readonly XmlElement[] {
  return [
    element('id', plan.id),
    element('name', plan.name),
    element('type', plan.type),
    element('state', plan.state),
    element('approval_required', plan.approvalRequired),
    element('setup_fee', amount(plan.setupFee)),
    element('cost_per_month', amount(plan.costPerMonth)),
    element('trial_period_days', plan.trialPeriodDays),
    element('cancellation_period', 0),
  ];
}

export function writePlan(call: Call): Written<Plan> {
  const { zone } = call.tenant;
  return {
    xml: planElement,
    json: (plan) => ({
      application_plan: {
        id: plan.id,
        name: plan.name,
        state: plan.state,
        setup_fee: plan.setupFee,
        cost_per_month: plan.costPerMonth,
        trial_period_days: plan.trialPeriodDays ?? 0,
        cancellation_period: 0,
        approval_required: plan.approvalRequired,
        default: plan.isDefault,
        created_at: timestamp(plan.createdAt, zone),
        updated_at: timestamp(plan.updatedAt, zone),
        custom: false,
        system_name: plan.systemName,
        links: linksOf(call, {
          service: `/admin/api/services/${plan.product}`,
          self: `/admin/api/services/${plan.product}/application_plans/${plan.id}`,
        }),
      },
    }),
  };
}

/** @param product of the plan, for the links */
export function writeLimit(call: Call, product: number): Written<PlanLimit> {
  const { zone } = call.tenant;
  return {
    xml: (limit) =>
      element('limit', [
        element('id', limit.id),
        element('metric_id', limit.metric),
        element('plan_id', limit.plan),
        element('period', limit.period),
        element('value', limit.value),
      ]),
    json: (limit) => ({
      limit: {
        id: limit.id,
        metric_id: limit.metric,
        plan_id: limit.plan,
        period: limit.period,
        value: limit.value,
        created_at: timestamp(limit.createdAt, zone),
        updated_at: timestamp(limit.updatedAt, zone),
        links: linksOf(call, {
          metric: `/admin/api/services/${product}/metrics/${limit.metric}`,
          plan: `/admin/api/services/${product}/application_plans/${limit.plan}`,
        }),
      },
    }),
  };
}
