import { randomHex } from '../secrets/tokens.ts';
import {
  choice,
  instant,
  numberedId,
  prose,
  reference,
  REQUIRED,
  sealedSecret,
  secret,
  text,
  textSchema,
  value,
} from './field.ts';
import { NAME } from './ids.ts';
import { TOKEN } from './keys.ts';
import { identity, kind, type EntryView, type FieldMistake } from './kind.ts';

/** What calls a product: a developer's program, on a plan. */
export const application = kind({
  name: 'application',
  list: 'applications',
  under: 'account',
  table: 'applications',
  primaryKey: ['organization_id', 'id'],
  ancestors: { organization_id: 'organization', account_id: 'account' },
  fields: {
    id: numberedId(),
    product: reference('product_id', {
      to: ['product'],
      by: ['system_name'],
      within: { organization_id: { ancestor: 'organization' } },
    }),
    plan: reference('plan_id', {
      to: ['plan'],
      by: ['system_name'],
      within: { organization_id: { ancestor: 'organization' }, product_id: { column: 'product_id' } },
    }),
    name: text('name', { initial: REQUIRED }),
    description: prose('description', 4096),
    state: choice('state', ['pending', 'live', 'suspended'], 'live'),
    user_key: secret('user_key_hash', {
      sealed: 'user_key_sealed',
      schema: TOKEN,
      initial: (entry) => (entry.referred('product', 'backend_version') === '1' ? randomHex(16) : null),
    }),
    app_id: text('app_id', {
      ...NAME,
      initial: (entry) => (entry.referred('product', 'backend_version') === '1' ? null : randomHex(4)),
    }),
    verification_key: sealedSecret('verification_key_sealed', { schema: null, initial: () => randomHex(16) }),
    redirect_url: prose('redirect_url', 2048),
    created_at: instant('created_at', { initial: (entry) => entry.now }),
    first_traffic_at: instant('first_traffic_at', { initial: null, nullable: true }),
  },
  unique: [
    identity('id', ['organization_id', 'id']),
    identity('user_key', ['organization_id', 'product_id', 'user_key_hash']),
    identity('app_id', ['organization_id', 'product_id', 'app_id']),
  ],
  alike: ['product', 'name'],
  title: (column) => column('id'),
  check: planOfProduct,
});

/** Plans belong to a product, and so does the plan of an application that changes over to another. */
function planOfProduct(entry: EntryView): readonly FieldMistake[] {
  const moves = !entry.isNew && entry.column('product_id') !== entry.stored('product_id');
  return moves && !entry.gives('plan') ? [{ field: 'plan', reason: 'is missing: give a plan of the new product' }] : [];
}

const OF_APPLICATION = { organization_id: 'organization', application_id: 'application' };

/** Secrets of applications that call with app_id; the first is the client secret of OAuth products. */
export const appKey = kind({
  name: 'application key',
  list: 'app_keys',
  form: 'texts',
  under: 'application',
  table: 'app_keys',
  key: 'key_hash',
  primaryKey: ['organization_id', 'application_id', 'key_hash'],
  ancestors: OF_APPLICATION,
  fields: { key: secret('key_hash', { sealed: 'key_sealed', schema: TOKEN, initial: REQUIRED }) },
  unique: [identity('key', ['organization_id', 'application_id', 'key_hash'])],
  title: () => null,
  timestamps: 'none',
  position: { column: 'position', per: ['organization_id', 'application_id'] },
  audited: 'key',
});

/** Where calls of an application may come from. */
export const referrerFilter = kind({
  name: 'referrer filter',
  list: 'referrer_filters',
  form: 'texts',
  under: 'application',
  table: 'referrer_filters',
  key: 'value',
  primaryKey: ['organization_id', 'application_id', 'value'],
  ancestors: OF_APPLICATION,
  fields: { filter: value('value', textSchema(), { initial: REQUIRED }) },
  unique: [identity('filter', ['organization_id', 'application_id', 'value'])],
  title: (column) => column('value'),
  timestamps: 'none',
  position: { column: 'position', per: ['organization_id', 'application_id'] },
});
