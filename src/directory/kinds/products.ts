import { choice, numberedId, prose, REQUIRED, secret, text, value } from './field.ts';
import { NAME } from './ids.ts';
import { TOKEN } from './keys.ts';
import { identity, kind } from './kind.ts';

const OF_PRODUCT = { organization_id: 'organization', product_id: 'product' };

/** What a provider sells; 3scale calls it a service. The first one in the file is meant when a call names none. */
export const product = kind({
  name: 'product',
  list: 'products',
  table: 'products',
  primaryKey: ['organization_id', 'id'],
  fields: {
    id: numberedId(),
    system_name: text('system_name', { ...NAME, initial: REQUIRED }),
    name: text('name', { initial: (entry) => entry.column('system_name') }),
    description: prose('description', 4096),
    state: choice('state', ['incomplete', 'hidden', 'published', 'offline', 'active', 'suspended'], 'incomplete'),
    backend_version: choice('backend_version', ['1', '2', 'oauth', 'oidc'], '1'),
    redirect_url: prose('redirect_url', 2048),
    default: value('is_default', null, { initial: 0 }),
  },
  unique: [identity('id', ['organization_id', 'id']), identity('system_name', ['organization_id', 'system_name'])],
  title: (column) => column('system_name'),
});

export const serviceToken = kind({
  name: 'service token',
  list: 'service_tokens',
  form: 'texts',
  under: 'product',
  table: 'service_tokens',
  key: 'token_hash',
  primaryKey: ['token_hash'],
  ancestors: OF_PRODUCT,
  fields: { token: secret('token_hash', { schema: TOKEN, sealed: 'token_sealed', initial: REQUIRED }) },
  unique: [identity('token', ['token_hash'])],
  title: () => null,
  timestamps: 'created',
  audited: 'key',
});

/** Every product is born with this metric, and it never goes. */
export const HITS = 'hits';

const METRIC_IDENTITY = [
  identity('id', ['organization_id', 'id']),
  identity('system_name', ['organization_id', 'product_id', 'system_name']),
];

/** `hits` gives `Hits`. */
function friendly(systemName: string): string {
  return systemName.charAt(0).toUpperCase() + systemName.slice(1);
}

export const metric = kind({
  name: 'metric',
  list: 'metrics',
  under: 'product',
  table: 'metrics',
  primaryKey: ['organization_id', 'id'],
  ancestors: OF_PRODUCT,
  fixed: { parent_id: null },
  fields: {
    id: numberedId(),
    system_name: text('system_name', { ...NAME, initial: REQUIRED }),
    friendly_name: text('friendly_name', { initial: (entry) => friendly(String(entry.column('system_name'))) }),
    unit: text('unit', { initial: 'hit' }),
    description: prose('description', 4096),
  },
  unique: METRIC_IDENTITY,
  title: (column) => column('system_name'),
  keeps: (row) => row['system_name'] === HITS,
});

/** A metric whose usage is added to the one it is listed in; it has no unit of its own. */
export const method = kind({
  name: 'method',
  list: 'methods',
  under: 'metric',
  table: 'metrics',
  primaryKey: ['organization_id', 'id'],
  ancestors: { ...OF_PRODUCT, parent_id: 'metric' },
  fixed: { unit: null },
  fields: {
    id: numberedId(),
    system_name: text('system_name', { ...NAME, initial: REQUIRED }),
    friendly_name: text('friendly_name', { initial: (entry) => friendly(String(entry.column('system_name'))) }),
    description: prose('description', 4096),
  },
  unique: METRIC_IDENTITY,
  title: (column) => column('system_name'),
});
