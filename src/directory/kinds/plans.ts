import { amount, choice, flag, numberedId, reference, REQUIRED, text, value, whole } from './field.ts';
import { NAME } from './ids.ts';
import { identity, kind } from './kind.ts';

export const plan = kind({
  name: 'plan',
  list: 'plans',
  under: 'product',
  table: 'plans',
  primaryKey: ['organization_id', 'id'],
  ancestors: { organization_id: 'organization', product_id: 'product' },
  fields: {
    id: numberedId(),
    system_name: text('system_name', { ...NAME, initial: REQUIRED }),
    name: text('name', { initial: (entry) => entry.column('system_name') }),
    state: choice('state', ['hidden', 'published'], 'published'),
    default: flag('is_default', false),
    approval_required: flag('approval_required', false),
    cost_per_month: amount('cost_per_month'),
    setup_fee: amount('setup_fee'),
    trial_period_days: whole('trial_period_days', { min: 0, max: 36_500, initial: null, nullable: true }),
  },
  unique: [
    identity('id', ['organization_id', 'id']),
    identity('system_name', ['organization_id', 'product_id', 'system_name']),
  ],
  title: (column) => column('system_name'),
});

/** How much of a metric an application on the plan may use in each UTC calendar period. */
export const planLimit = kind({
  name: 'limit',
  list: 'limits',
  under: 'plan',
  table: 'plan_limits',
  primaryKey: ['organization_id', 'id'],
  ancestors: { organization_id: 'organization', plan_id: 'plan' },
  fields: {
    id: value('id', null, { initial: (entry) => entry.nextNumber() }),
    metric: reference('metric_id', {
      to: ['metric', 'method'],
      by: ['system_name'],
      within: { organization_id: { ancestor: 'organization' }, product_id: { ancestor: 'product' } },
    }),
    period: choice('period', ['minute', 'hour', 'day', 'week', 'month', 'year', 'eternity'], REQUIRED),
    value: whole('value', { min: 0, initial: REQUIRED }),
  },
  unique: [identity('period', ['organization_id', 'plan_id', 'metric_id', 'period'])],
  title: (column) => column('period'),
});
