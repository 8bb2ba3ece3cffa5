import type { OfferedValues } from '../../http/dialect-scope.ts';
import type { ValuesFrom } from './describe.ts';

const APPLICATIONS = { path: '/admin/api/applications.json?per_page=100', items: 'applications.application' };
const ACCOUNTS = { path: '/admin/api/accounts.json?per_page=100', items: 'accounts.account' };
const SERVICES = { path: '/admin/api/services.json?per_page=100', items: 'services.service', value: 'id' };
const METRICS = { path: '/admin/api/services/{}/metrics.json', items: 'metrics.metric', label: 'friendly_name' };

/** The tenant's own objects that the API reference offers (contract 7.4), found with the dialect's own lists. */
export const offeredValues: OfferedValues & Readonly<Record<ValuesFrom, OfferedValues[string]>> = {
  applications: { steps: [{ ...APPLICATIONS, value: 'id', label: 'name' }] },
  app_ids: {
    steps: [{ ...APPLICATIONS, value: 'application_id', label: 'name' }],
    note: 'Applications of services with user keys have none.',
  },
  user_keys: {
    steps: [{ ...APPLICATIONS, value: 'user_key', label: 'name' }],
    note: 'Only applications of services with user keys have one.',
  },
  accounts: { steps: [{ ...ACCOUNTS, value: 'id', label: 'org_name' }] },
  users: {
    steps: [
      { ...ACCOUNTS, value: 'id' },
      { path: '/admin/api/accounts/{}/users.json', items: 'users.user', value: 'id', label: 'username' },
    ],
    note: 'Of the five newest accounts.',
  },
  services: { steps: [{ ...SERVICES, label: 'name' }] },
  plans: {
    steps: [{ path: '/admin/api/application_plans.json', items: 'plans.application_plan', value: 'id', label: 'name' }],
  },
  plan_names: {
    steps: [
      {
        path: '/admin/api/application_plans.json',
        items: 'plans.application_plan',
        value: 'name',
        label: 'system_name',
      },
    ],
  },
  metrics: { steps: [SERVICES, { ...METRICS, value: 'system_name' }] },
  metric_ids: { steps: [SERVICES, { ...METRICS, value: 'id' }] },
  method_ids: { steps: [SERVICES, { ...METRICS, value: 'id' }], note: 'Methods are listed with the metrics.' },
  service_tokens: {
    steps: [
      SERVICES,
      { path: '/admin/api/services/{}/service_tokens.json', items: 'service_tokens.service_token', value: 'token' },
    ],
    note: 'Only a provider key may list them.',
  },
};
