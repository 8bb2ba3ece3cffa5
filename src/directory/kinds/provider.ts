import { randomHex } from '../secrets/tokens.ts';
import { choice, choices, instant, REQUIRED, secret, text } from './field.ts';
import { TOKEN } from './keys.ts';
import { identity, kind } from './kind.ts';

/** What makes an organization a 3scale tenant. */
export const provider = kind({
  name: 'provider',
  list: 'provider',
  form: 'single',
  table: 'providers',
  key: 'organization_id',
  primaryKey: ['organization_id'],
  fields: { provider_key: secret('provider_key_hash', { schema: TOKEN, initial: () => randomHex(16) }) },
  unique: [
    identity('provider_key', ['organization_id']),
    { field: 'provider_key', columns: ['provider_key_hash'], identifies: false },
  ],
  title: () => null,
  timestamps: 'created',
  audited: 'key',
});

/** 3scale's access tokens (threescale.md 2.2). */
export const accessToken = kind({
  name: 'access token',
  list: 'access_tokens',
  under: 'provider',
  table: 'access_tokens',
  primaryKey: ['id'],
  fields: {
    token: secret('token_hash', { schema: TOKEN, initial: () => randomHex(32) }),
    scopes: choices('scopes', ['account_management', 'stats', 'finance', 'cms', 'policy_registry'], REQUIRED),
    permission: choice('permission', ['ro', 'rw'], 'ro'),
    expires_at: instant('expires_at', { initial: null, nullable: true }),
    name: text('name', { initial: null, nullable: true }),
  },
  unique: [identity('token', ['token_hash'])],
  alike: ['scopes', 'permission'],
  title: (column) => column('name'),
  timestamps: 'created',
  audited: 'key',
});
