import Type from 'typebox';
import { choice, instant, numberedId, prose, REQUIRED, text, textSchema, value } from './field.ts';
import { identity, kind } from './kind.ts';

/** A bought account plan: its name, or its name and terms. */
const ACCOUNT_PLAN = Type.Union([
  textSchema(),
  Type.Object(
    {
      id: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
      name: textSchema(),
      system_name: Type.Optional(textSchema()),
      state: Type.Optional(textSchema()),
      default: Type.Optional(Type.Boolean()),
      cost_per_month: Type.Optional(Type.Number({ minimum: 0 })),
      setup_fee: Type.Optional(Type.Number({ minimum: 0 })),
      trial_period_days: Type.Optional(Type.Integer({ minimum: 0 })),
      approval_required: Type.Optional(Type.Boolean()),
    },
    { additionalProperties: false },
  ),
]);

/** A developer's organisation at a 3scale tenant. */
export const account = kind({
  name: 'account',
  list: 'accounts',
  table: 'accounts',
  primaryKey: ['organization_id', 'id'],
  fields: {
    id: numberedId(),
    org_name: text('org_name', { initial: REQUIRED }),
    state: choice('state', ['created', 'pending', 'approved', 'rejected', 'suspended'], 'approved'),
    plans: value(
      'plans',
      Type.Array(ACCOUNT_PLAN, { maxItems: 100 }),
      { initial: '[]' },
      {
        toColumn: (plans) =>
          JSON.stringify(
            (plans as readonly unknown[]).map((plan) => (typeof plan === 'string' ? { name: plan } : plan)),
          ),
        fromColumn: (stored) => JSON.parse(String(stored)) as unknown,
      },
    ),
    created_at: instant('created_at', { initial: (entry) => entry.now }),
  },
  unique: [identity('id', ['organization_id', 'id'])],
  alike: ['org_name'],
  title: (column) => column('id'),
});

/** A developer. Their address and name leave the house in the account reads of 3scale. */
export const accountUser = kind({
  name: 'account user',
  list: 'users',
  under: 'account',
  table: 'account_users',
  primaryKey: ['organization_id', 'id'],
  ancestors: { organization_id: 'organization', account_id: 'account' },
  fields: {
    id: numberedId(),
    username: text('username', { initial: REQUIRED }),
    email: value('email', textSchema({ format: 'email', max: 254 }), { initial: REQUIRED }),
    first_name: prose('first_name'),
    last_name: prose('last_name'),
    role: choice('role', ['admin', 'member'], 'member'),
    state: value('state', null, { initial: 'active' }),
    created_at: instant('created_at', { initial: (entry) => entry.now }),
  },
  unique: [identity('id', ['organization_id', 'id']), identity('username', ['organization_id', 'username'])],
  title: (column) => column('username'),
});
