import type { Clock } from '../domain/time/clock.ts';
import { organizationId, type OrganizationId } from '../domain/scope.ts';
import { epochMs, type EpochMs } from '../domain/time/instant.ts';
import { randomHex, tokenDigest } from '../directory/secrets/tokens.ts';
import type { Records } from '../store/records/records.ts';

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
  readonly organization: OrganizationId | null;
}

/** Sessions of one kind: they end after `idleMs` without a request, by `end`, or with their user. */
export interface Sessions<P> {
  /** Returns the id: 40 hex digits, 160 random bits. Durable when it resolves. */
  open(session: NewSession<P>): Promise<string>;
  /** Finds a live session and starts its idle time anew; null for an unknown or ended one. */
  resume(id: string): Promise<Session<P> | null>;
  moveTo(digest: string, organization: OrganizationId): Promise<void>;
  end(digest: string): Promise<void>;
}

/** `lastSeenAt` is written at most this often; a session that is used all the time costs a write a second. */
const TOUCH_MS = 1_000;
const ID_BYTES = 20;
const MAX_ID_LENGTH = 256;

export function createSessions<P>(
  parts: { readonly records: Records; readonly clock: Clock },
  rules: { readonly kind: string; readonly idleMs: number },
): Sessions<P> {
  const { clock } = parts;
  const { db } = parts.records;

  return {
    async open({ principal, userId, organization }) {
      const id = randomHex(ID_BYTES);
      const now = clock.now();
      // Ended ones go when new ones come: the table does not grow without use.
      await db.deleteFrom('sessions').where('kind', '=', rules.kind).where('expires_at', '<=', now).execute();
      await db
        .insertInto('sessions')
        .values({
          id_hash: tokenDigest(id),
          kind: rules.kind,
          principal: JSON.stringify(principal),
          user_id: userId,
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
      const row = await db
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
        .where('kind', '=', rules.kind)
        .executeTakeFirst();
      if (row === undefined || (row.expires_at !== null && row.expires_at <= now)) return null;
      if (row.user_id !== null && row.enabled !== 1) return null;
      if (row.password_changed_at !== null && row.password_changed_at > row.created_at) return null;
      if (now - row.last_seen_at >= TOUCH_MS) {
        await db
          .updateTable('sessions')
          .set({ last_seen_at: now, expires_at: epochMs(now + rules.idleMs) })
          .where('id_hash', '=', digest)
          .execute();
      }
      return {
        digest,
        principal: JSON.parse(row.principal) as P,
        userId: row.user_id,
        organization: row.organization_id === null ? null : organizationId(row.organization_id),
        createdAt: row.created_at,
        lastSeenAt: row.last_seen_at,
      };
    },

    async moveTo(digest, organization) {
      await db.updateTable('sessions').set({ organization_id: organization }).where('id_hash', '=', digest).execute();
    },

    async end(digest) {
      await db.deleteFrom('sessions').where('id_hash', '=', digest).execute();
    },
  };
}
