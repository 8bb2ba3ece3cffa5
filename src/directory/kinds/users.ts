import { emailKey } from '../../store/records/schema/users.ts';
import { passwordHashMistake } from '../secrets/passwords.ts';
import { randomHex, randomPassword } from '../secrets/tokens.ts';
import {
  flag,
  givenText,
  password,
  prose,
  REQUIRED,
  sealedSecret,
  secret,
  text,
  textSchema,
  value,
  zone,
} from './field.ts';
import { identity, kind, unique, type EntryView, type FieldMistake } from './kind.ts';
import { hexId, uid } from './ids.ts';

/** People who log in. They belong to the instance, not to an organization. */
export const user = kind({
  name: 'user',
  list: 'users',
  under: null,
  table: 'users',
  primaryKey: ['id'],
  ancestors: {},
  fields: {
    email: value(
      'email',
      textSchema({ format: 'email', max: 254 }),
      { initial: REQUIRED },
      {
        companion: { column: 'email_key', toColumn: (given) => emailKey(givenText(given)) },
      },
    ),
    password_hash: value('password_hash', textSchema({ format: 'password_hash', max: 1024 }), { initial: null }),
    sso_only: flag('sso_only', false),
    password: password('password_hash', textSchema({ max: 1024 }), (entry) =>
      entry.column('sso_only') === 1 || entry.column('password_hash') !== null ? null : randomPassword(),
    ),
    password_changed_at: value('password_changed_at', null, { initial: null }),
    username: text('username', {
      initial: (entry) => entry.untaken('username', String(entry.column('email')).split('@')[0] ?? 'user'),
    }),
    uid: uid('uid'),
    public_id: hexId('public_id'),
    first_name: prose('first_name'),
    last_name: prose('last_name'),
    timezone: zone('timezone', { initial: null, nullable: true }),
    super_ops: flag('super_ops', false),
    enabled: flag('enabled', true),
    managed_by: value('managed_by', null, { initial: null }),
    countly_api_key: secret('countly_api_key_hash', {
      sealed: 'countly_api_key_sealed',
      schema: textSchema({ pattern: /^[0-9a-f]{32}$/, accepts: '32 hex digits in lower case' }),
      initial: () => randomHex(16),
    }),
    totp_secret: sealedSecret('totp_secret_sealed', {
      schema: textSchema({ pattern: /^[A-Za-z2-7][A-Za-z2-7 =-]{15,255}$/, accepts: 'base32, at least 16 characters' }),
      initial: null,
      nullable: true,
    }),
  },
  unique: [
    identity('email', ['email_key']),
    identity('uid', ['uid']),
    unique('username', ['username']),
    unique('countly_api_key', ['countly_api_key_hash']),
  ],
  title: (column) => column('email'),
  check: oneWayToLogIn,
  audited: 'user',
});

function oneWayToLogIn(entry: EntryView): readonly FieldMistake[] {
  const hash = entry.gives('password_hash') ? passwordHashMistake(String(entry.column('password_hash'))) : null;
  if (hash !== null) return [{ field: 'password_hash', reason: hash }];
  if (entry.gives('password') && entry.gives('password_hash')) {
    return [{ field: 'password_hash', reason: 'cannot stand beside password: give one of them' }];
  }
  const sso = entry.gives('sso_only') && entry.column('sso_only') === 1;
  if (sso && (entry.gives('password') || entry.gives('password_hash'))) {
    return [{ field: 'sso_only', reason: 'cannot be true beside a password' }];
  }
  return [];
}
