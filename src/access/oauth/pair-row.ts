import { tokenDigest } from '../../directory/secrets/tokens.ts';
import type { RecordsDatabase } from '../../store/records/records.ts';

/** No token that was given out is longer. */
const MAX_TOKEN_LENGTH = 256;

/** A pair of tokens with what decides whether it still counts: its client and the user behind it, in one look. */
export function findPair(db: RecordsDatabase, by: 'access_hash' | 'refresh_hash', token: string) {
  const digest = token.length > MAX_TOKEN_LENGTH ? '' : tokenDigest(token);
  return db
    .selectFrom('oauth_tokens as token')
    .innerJoin('oauth_clients as client', 'client.client_id', 'token.client_id')
    .innerJoin('users as user', (join) =>
      join.on((on) => on('user.id', '=', on.fn.coalesce('token.user_id', 'client.owner_id'))),
    )
    .select([
      'token.client_id',
      'token.user_id',
      'token.family',
      'token.scope',
      'token.issued_at',
      'token.access_expires_at',
      'token.access_ended_at',
      'token.refresh_used_at',
      'token.refresh_ended_at',
      'client.owner_id',
      'client.organization_id',
      'user.enabled',
      'user.password_changed_at',
    ])
    .where(`token.${by}`, '=', digest)
    .executeTakeFirst();
}

export type PairRow = NonNullable<Awaited<ReturnType<typeof findPair>>>;

/** A new password and a disabled user end all that was given out before (scanalytics.md 3.4). */
export function isAlive({ enabled, password_changed_at, issued_at }: PairRow): boolean {
  return enabled === 1 && (password_changed_at === null || password_changed_at <= issued_at);
}
