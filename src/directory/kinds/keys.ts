import { randomHex } from '../secrets/tokens.ts';
import { choices, REQUIRED, secret, text, textSchema } from './field.ts';
import { identity, kind } from './kind.ts';

/** What a native key may do. */
export const NATIVE_SCOPES = ['ingest', 'read', 'admin'];

/** Printable and without blanks: tokens travel in headers and URLs. */
export const TOKEN = textSchema({ pattern: /^[\x21-\x7e]+$/, accepts: 'printable ASCII without blanks' });

export const nativeKey = kind({
  name: 'native key',
  list: 'native_keys',
  table: 'native_keys',
  primaryKey: ['id'],
  fields: {
    key: secret('key_hash', { schema: TOKEN, prefix: 'prefix', initial: () => `th_${randomHex(20)}` }),
    scopes: choices('scopes', NATIVE_SCOPES, REQUIRED),
    label: text('label', { initial: null, nullable: true }),
  },
  unique: [identity('key', ['key_hash'])],
  alike: ['scopes'],
  title: (column) => `${column('prefix')}…`,
  timestamps: 'created',
  revokedColumn: 'revoked_at',
  audited: 'key',
});

/** Logs a TR50 application in. */
export const appToken = kind({
  name: 'application token',
  list: 'app_tokens',
  form: 'texts',
  table: 'app_tokens',
  primaryKey: ['id'],
  fields: { token: secret('token_hash', { schema: TOKEN, initial: REQUIRED }) },
  unique: [identity('token', ['token_hash'])],
  title: () => null,
  timestamps: 'created',
  audited: 'key',
});
