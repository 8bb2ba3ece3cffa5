import type { OfferedValues } from '../../http/dialect-scope.ts';

const ORGANIZATIONS = { path: '/api/v1/organizations?limit=1000', items: 'entries', value: 'key' };

function below(list: string, value: string, label: string): OfferedValues[string] {
  const path = `/api/v1/organizations/{}/${list}?limit=1000`;
  return { steps: [ORGANIZATIONS, { path, items: 'entries', value, label }], note: 'Needs the scope admin.' };
}

/** What the API reference offers, by the name of the parameter that takes it. */
export const offeredValues: OfferedValues = {
  organization: { steps: [{ ...ORGANIZATIONS, label: 'name' }], note: 'Needs the scope admin.' },
  user: { steps: [{ path: '/api/v1/users?limit=1000', items: 'entries', value: 'email', label: 'first_name' }] },
  stack: below('stacks', 'api_key', 'name'),
  product: below('products', 'id', 'name'),
  account: below('accounts', 'id', 'org_name'),
  app: below('apps', 'id', 'name'),
  deployment: below('deployments', 'key', 'name'),
  oauth_client: below('oauth_clients', 'client_id', 'name'),
};
