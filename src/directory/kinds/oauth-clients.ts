import { randomText } from '../secrets/tokens.ts';
import { choice, REQUIRED, secret, text, userReference } from './field.ts';
import { NAME } from './ids.ts';
import { TOKEN } from './keys.ts';
import { identity, kind, type EntryView, type FieldMistake } from './kind.ts';

const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** An application of the Scanalytics dialect (scanalytics.md 2). */
export const oauthClient = kind({
  name: 'OAuth client',
  list: 'oauth_clients',
  table: 'oauth_clients',
  key: 'client_id',
  primaryKey: ['client_id'],
  fields: {
    client_id: text('client_id', { ...NAME, initial: () => randomText(40, LETTERS_AND_DIGITS) }),
    type: choice('type', ['public', 'confidential'], REQUIRED),
    grant: choice('grant_type', ['password', 'client-credentials'], REQUIRED),
    client_secret: secret('client_secret_hash', {
      schema: TOKEN,
      initial: (entry) => (entry.column('type') === 'confidential' ? randomText(64, LETTERS_AND_DIGITS) : null),
    }),
    owner: userReference('owner_id'),
    name: text('name', { initial: null, nullable: true }),
  },
  unique: [identity('client_id', ['client_id'])],
  alike: ['type', 'grant', 'owner'],
  title: (column) => column('client_id'),
  check: secretForItself,
  audited: 'client',
});

/** RFC 6749 4.4: a client that logs in as itself needs a secret. */
function secretForItself(entry: EntryView): readonly FieldMistake[] {
  return entry.column('grant_type') === 'client-credentials' && entry.column('type') === 'public'
    ? [{ field: 'type', reason: 'must be confidential for the grant client-credentials' }]
    : [];
}
