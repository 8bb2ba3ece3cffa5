import { LRUCache } from 'lru-cache';
import type { Directory } from '../../directory/directory.ts';
import { randomHex, randomText, tokenDigest } from '../../directory/secrets/tokens.ts';
import type { User } from '../../directory/users.ts';
import { organizationId } from '../../domain/scope.ts';
import type { Clock } from '../../domain/time/clock.ts';
import { DAY_MS } from '../../domain/time/durations.ts';
import { epochMs, type EpochMs } from '../../domain/time/instant.ts';
import type { Records, RecordsTransaction } from '../../store/records/records.ts';
import type { Audit } from '../audit.ts';
import type { OauthClient } from './clients.ts';
import { findPair, isAlive, type PairRow } from './pair-row.ts';

export type OauthScope = 'read' | 'write';

/** Life of an access token (scanalytics.md 3.4). Refresh tokens live until they are used. */
export const ACCESS_TOKEN_MS = DAY_MS;

/** A new access token and the refresh token that goes with it; known to their holder only, the store keeps digests. */
export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly scope: readonly OauthScope[];
}

/** Who an access token stands for. */
export interface TokenHolder {
  readonly clientId: string;
  readonly scope: ReadonlySet<OauthScope>;
  /** The user, or the owner of a client that logged in as itself. */
  readonly user: User;
  /** Whom limits count: all tokens of a user together, or of a client that logged in as itself. */
  readonly credential: string;
}

/** A refresh token that may be used now. */
export interface Refreshable {
  readonly clientId: string;
  readonly user: User;
  readonly scope: readonly OauthScope[];
}

export type RefreshState =
  | { readonly kind: 'usable'; readonly token: Refreshable }
  /** It was used before. */
  | { readonly kind: 'replayed' }
  | { readonly kind: 'unknown' };

/** Access tokens and refresh tokens (scanalytics.md 3). */
export interface OauthTokens {
  /** `user` is null when the client logs in as itself. Durable when it resolves. */
  issue(grant: {
    readonly client: OauthClient;
    readonly user: User | null;
    readonly scope: readonly OauthScope[];
  }): Promise<TokenPair>;

  /** Null for a token that is unknown, expired, ended, or whose user may no longer log in. */
  authenticate(accessToken: string): Promise<TokenHolder | null>;

  /** Looks at a refresh token without using it. A replay by whoever it is goes on record here. */
  inspect(refreshToken: string, by: { readonly clientId: string; readonly address: string }): Promise<RefreshState>;

  /**
   * Uses a refresh token up: its access token ends and a new pair takes its place, in one step. Null when somebody else
   * was faster; then nothing has changed.
   */
  refresh(
    refreshToken: string,
    scope: readonly OauthScope[],
    by: { readonly clientId: string; readonly address: string },
  ): Promise<TokenPair | null>;

  /** Ends a token of the client; of a refresh token also its access token. Nothing happens for any other token. */
  revoke(token: string, client: OauthClient): Promise<void>;
}

export interface OauthTokensParts {
  readonly records: Records;
  readonly directory: Directory;
  readonly clock: Clock;
  readonly audit: Audit;
}

const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** Characters of a token; about 178 random bits. */
const LENGTH = 30;
const FAMILY_BYTES = 16;
const KEPT_USERS = 10_000;

/** @param rules `revokeFamilyOnReplay` ends all that came from one log-in when a used refresh token is shown again */
export function createOauthTokens(
  parts: OauthTokensParts,
  rules: { readonly revokeFamilyOnReplay: boolean },
): OauthTokens {
  const { records, clock, audit } = parts;
  const users = keptUsers(parts.directory);

  const store = async (
    tx: RecordsTransaction,
    pair: Pick<PairRow, 'client_id' | 'user_id' | 'family'>,
    scope: readonly OauthScope[],
    now: EpochMs,
  ): Promise<TokenPair> => {
    const accessToken = randomText(LENGTH, LETTERS_AND_DIGITS);
    const refreshToken = randomText(LENGTH, LETTERS_AND_DIGITS);
    await tx
      .insertInto('oauth_tokens')
      .values({
        access_hash: tokenDigest(accessToken),
        refresh_hash: tokenDigest(refreshToken),
        client_id: pair.client_id,
        user_id: pair.user_id,
        family: pair.family,
        scope: scope.join(' '),
        issued_at: now,
        access_expires_at: epochMs(now + ACCESS_TOKEN_MS),
        access_ended_at: null,
        refresh_used_at: null,
        refresh_ended_at: null,
      })
      .execute();
    return { accessToken, refreshToken, scope };
  };

  const replayed = async (row: PairRow, by: { clientId: string; address: string }, now: EpochMs): Promise<void> => {
    const user = await users(row.user_id ?? row.owner_id);
    await audit.record({
      event: 'oauth.refresh_replay',
      actor: user?.email,
      organization: organizationId(row.organization_id),
      subject: row.client_id,
      address: by.address,
      detail: { presented_by: by.clientId, family_revoked: rules.revokeFamilyOnReplay },
    });
    if (!rules.revokeFamilyOnReplay) return;
    await records.db
      .updateTable('oauth_tokens')
      .set((row_) => ({
        access_ended_at: row_.fn.coalesce('access_ended_at', row_.val(now)),
        refresh_ended_at: row_.fn.coalesce('refresh_ended_at', row_.val(now)),
      }))
      .where('family', '=', row.family)
      .execute();
  };

  return {
    issue: ({ client, user, scope }) =>
      store(
        records.db,
        { client_id: client.id, user_id: user?.id ?? null, family: randomHex(FAMILY_BYTES) },
        scope,
        clock.now(),
      ),

    async authenticate(accessToken) {
      const row = await findPair(records.db, 'access_hash', accessToken);
      if (row === undefined || row.access_ended_at !== null || row.access_expires_at <= clock.now()) return null;
      if (!isAlive(row)) return null;
      const user = await users(row.user_id ?? row.owner_id);
      if (user === null) return null;
      return {
        clientId: row.client_id,
        scope: new Set(scopeOf(row.scope)),
        user,
        credential: row.user_id === null ? `client ${row.client_id}` : `user ${row.user_id}`,
      };
    },

    async inspect(refreshToken, by) {
      const row = await findPair(records.db, 'refresh_hash', refreshToken);
      if (row === undefined) return { kind: 'unknown' };
      if (row.refresh_used_at !== null) {
        await replayed(row, by, clock.now());
        return { kind: 'replayed' };
      }
      if (row.refresh_ended_at !== null || !isAlive(row)) return { kind: 'unknown' };
      const user = await users(row.user_id ?? row.owner_id);
      if (user === null) return { kind: 'unknown' };
      return { kind: 'usable', token: { clientId: row.client_id, user, scope: scopeOf(row.scope) } };
    },

    async refresh(refreshToken, scope, by) {
      const now = clock.now();
      const pair = await records.transaction(async (tx) => {
        const used = await tx
          .updateTable('oauth_tokens')
          .set((row) => ({ refresh_used_at: now, access_ended_at: row.fn.coalesce('access_ended_at', row.val(now)) }))
          .where('refresh_hash', '=', tokenDigest(refreshToken))
          .where('client_id', '=', by.clientId)
          .where('refresh_used_at', 'is', null)
          .where('refresh_ended_at', 'is', null)
          .returning(['client_id', 'user_id', 'family'])
          .executeTakeFirst();
        return used === undefined ? null : store(tx, used, scope, now);
      });
      if (pair === null) {
        const row = await findPair(records.db, 'refresh_hash', refreshToken);
        if (row !== undefined && row.refresh_used_at !== null) await replayed(row, by, now);
      }
      return pair;
    },

    async revoke(token, client) {
      const digest = tokenDigest(token);
      const now = clock.now();
      await records.db
        .updateTable('oauth_tokens')
        .set((row) => ({
          access_ended_at: row.fn.coalesce('access_ended_at', row.val(now)),
          refresh_ended_at: row
            .case()
            .when('refresh_hash', '=', digest)
            .then(row.fn.coalesce('refresh_ended_at', row.val(now)))
            .else(row.ref('refresh_ended_at'))
            .end(),
        }))
        .where('client_id', '=', client.id)
        .where((where) => where.or([where('access_hash', '=', digest), where('refresh_hash', '=', digest)]))
        .execute();
    },
  };
}

function scopeOf(text: string): OauthScope[] {
  return text.split(' ').filter((name): name is OauthScope => name === 'read' || name === 'write');
}

/** Users as the directory has them, read once for each change of the directory: every request needs its own. */
function keptUsers(directory: Directory): (id: number) => Promise<User | null> {
  const known = new LRUCache<number, User>({ max: KEPT_USERS });
  let changes = 0;
  directory.onChange(() => {
    changes += 1;
    known.clear();
  });
  return async (id) => {
    const kept = known.get(id);
    if (kept !== undefined) return kept;
    const before = changes;
    const found = await directory.userById(id);
    // What was read before a change and arrives after it would stay for ever.
    if (found !== null && before === changes) known.set(id, found);
    return found;
  };
}
