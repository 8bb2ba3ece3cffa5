import type { Clock } from '../domain/time/clock.ts';
import { organizationId, type OrganizationId } from '../domain/scope.ts';
import { epochMs, type EpochMs } from '../domain/time/instant.ts';
import { randomHex, tokenDigest } from '../directory/secrets/tokens.ts';
import { MINUTE_MS } from '../domain/time/durations.ts';
import type { Records } from '../store/records/records.ts';
import { Touches } from './touches.ts';

/** A log-in that goes on. The id itself is known to its holder only; the store keeps a digest. */
export interface Session<P> {
  /** Names the session in `update` and `end`; useless as a credential. */
  readonly digest: string;
  readonly principal: P;
  readonly userId: number | null;
  /** Where the session works at the moment. */
  readonly organization: OrganizationId | null;
  readonly createdAt: EpochMs;
  /** Of the request before this one. */
  readonly lastSeenAt: EpochMs;
}

export interface NewSession<P> {
  readonly principal: P;
  /** The user behind it; its sessions end with it. */
  readonly userId: number | null;
  /** The application token behind it; its sessions end with it. */
  readonly appTokenId?: number | undefined;
  readonly organization: OrganizationId | null;
}

/** Sessions of one kind: they end after `idleMs` without a request, by `end`, or with what logged in. */
export interface Sessions<P> {
  /** Returns the id: 40 hex digits, 160 random bits. Durable when it resolves. */
  open(session: NewSession<P>): Promise<string>;
  /** Finds a live session and starts its idle time anew; null for an unknown or ended one. */
  resume(id: string): Promise<Session<P> | null>;
  moveTo(digest: string, organization: OrganizationId): Promise<void>;
  end(digest: string): Promise<void>;
  /** Writes when the sessions were last used. */
  close(): Promise<void>;
}

const ID_BYTES = 20;
const MAX_ID_LENGTH = 256;

export function createSessions<P>(
  parts: { readonly records: Records; readonly clock: Clock },
  rules: { readonly kind: string; readonly idleMs: number },
): Sessions<P> {
  const { clock, records } = parts;
  const { db } = records;
  const touches = new Touches(records, rules.idleMs);

  return {
    async open({ principal, userId, appTokenId, organization }) {
      const id = randomHex(ID_BYTES);
      const now = clock.now();
      // Ended ones go when new ones come, a few at a time: the table does not grow without use.
      await removeEnded(db, rules.kind, now);
      await db
        .insertInto('sessions')
        .values({
          id_hash: tokenDigest(id),
          kind: rules.kind,
          principal: JSON.stringify(principal),
          user_id: userId,
          app_token_id: appTokenId ?? null,
          organization_id: organization,
          data: '{}',
          created_at: now,
          last_seen_at: now,
          expires_at: epochMs(now + rules.idleMs),
        })
        .execute();
      return id;
    },

    async resume(id) {
      if (id === '' || id.length > MAX_ID_LENGTH) return null;
      const digest = tokenDigest(id);
      const now = clock.now();
      const row = await findSession(db, rules.kind, digest);
      if (row === undefined) return null;
      // Other nodes write their uses too: the latest counts.
      const lastSeenAt = epochMs(Math.max(row.last_seen_at, touches.of(digest) ?? row.last_seen_at));
      if (row.expires_at !== null && Math.max(row.expires_at, lastSeenAt + rules.idleMs) <= now) return null;
      if (row.user_id !== null && row.enabled !== 1) return null;
      if (row.password_changed_at !== null && row.password_changed_at > row.created_at) return null;
      if (now > lastSeenAt) touches.add(digest, now);
      return {
        digest,
        principal: JSON.parse(row.principal) as P,
        userId: row.user_id,
        organization: row.organization_id === null ? null : organizationId(row.organization_id),
        createdAt: row.created_at,
        lastSeenAt,
      };
    },

    async moveTo(digest, organization) {
      await db.updateTable('sessions').set({ organization_id: organization }).where('id_hash', '=', digest).execute();
    },

    async end(digest) {
      touches.forget(digest);
      await db.deleteFrom('sessions').where('id_hash', '=', digest).execute();
    },

    close: () => touches.flush(),
  };
}

function findSession(db: Records['db'], kind: string, digest: string) {
  return db
    .selectFrom('sessions')
    .leftJoin('users', 'users.id', 'sessions.user_id')
    .select([
      'sessions.principal',
      'sessions.user_id',
      'sessions.organization_id',
      'sessions.created_at',
      'sessions.last_seen_at',
      'sessions.expires_at',
      'users.enabled',
      'users.password_changed_at',
    ])
    .where('id_hash', '=', digest)
    .where('kind', '=', kind)
    .executeTakeFirst();
}

/** So many ended sessions go with each new one. */
const REMOVED_AT_ONCE = 100;
/** Uses that wait to be written may still prolong a session. */
const GRACE_MS = MINUTE_MS;

async function removeEnded(db: Records['db'], kind: string, now: EpochMs): Promise<void> {
  const ended = await db
    .selectFrom('sessions')
    .select('id_hash')
    .where('expires_at', '<=', epochMs(now - GRACE_MS))
    .where('kind', '=', kind)
    .limit(REMOVED_AT_ONCE)
    .execute();
  if (ended.length === 0) return;
  const digests = ended.map((row) => row.id_hash);
  await db
    .deleteFrom('sessions')
    .where('id_hash', 'in', digests)
    .where('expires_at', '<=', epochMs(now - GRACE_MS))
    .execute();
}
