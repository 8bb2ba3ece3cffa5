import { randomHex } from '../secrets/tokens.ts';
import { choice, flag, REQUIRED, sealedSecret, secret, text, textSchema, userReference, zone } from './field.ts';
import { TOKEN } from './keys.ts';
import { identity, kind } from './kind.ts';

/** An application tracked by a Countly SDK. Ids and keys are unique in the instance: an SDK names nothing else. */
export const app = kind({
  name: 'app',
  list: 'apps',
  table: 'apps',
  primaryKey: ['id'],
  fields: {
    id: text('id', {
      pattern: /^[0-9a-f]{24}$/,
      accepts: '24 hex digits in lower case',
      initial: () => randomHex(12),
    }),
    key: secret('key_hash', { sealed: 'key_sealed', schema: TOKEN, initial: () => randomHex(20) }),
    name: text('name', { initial: REQUIRED }),
    timezone: zone('timezone', { initial: (entry) => entry.ancestor('organization', 'timezone') ?? 'UTC' }),
    country: text('country', {
      pattern: /^[A-Z]{2}$/,
      accepts: 'two capital letters (ISO 3166)',
      initial: null,
      nullable: true,
    }),
    category: text('category', { initial: null, nullable: true }),
    salt: sealedSecret('salt_sealed', { schema: textSchema(), initial: null, nullable: true }),
    paused: flag('paused', false),
  },
  unique: [identity('id', ['id']), identity('key', ['key_hash'])],
  alike: ['name'],
  title: (column) => column('name'),
});

export const appMember = kind({
  name: 'app member',
  list: 'members',
  under: 'app',
  table: 'app_members',
  key: 'user_id',
  primaryKey: ['app_id', 'user_id'],
  ancestors: { app_id: 'app' },
  fields: { user: userReference('user_id'), role: choice('role', ['admin', 'user'], 'user') },
  unique: [identity('user', ['app_id', 'user_id'])],
  title: (column) => column('user_id'),
  timestamps: 'none',
});
