import type { Directory } from '../directory/directory.ts';
import { randomHex, tokenDigest } from '../directory/secrets/tokens.ts';
import type { User } from '../directory/users.ts';
import type { Clock } from '../domain/time/clock.ts';
import type { Records, RecordsTransaction } from '../store/records/records.ts';

/** How tokens of one kind look and how many of them a user may hold. */
export interface UserTokenRules {
  readonly kind: string;
  /** Stands before the random hex digits. */
  readonly prefix: string;
  readonly randomBytes: number;
  readonly mostOfUser: number;
}

/**
 * Tokens that a user logs in for and that time does not end: one that is issued beyond the most a user may hold takes
 * the place of the earliest issued one. All of them end with a new password and while the user is disabled.
 */
export interface UserTokens {
  /** Returns the token, of which the store keeps a digest only. Durable when it resolves. */
  issue(user: User): Promise<string>;
  /** The holder of a live token, null for every other text. */
  authenticate(token: string): Promise<User | null>;
  end(token: string): Promise<void>;
}

export interface UserTokenParts {
  readonly records: Records;
  readonly directory: Directory;
  readonly clock: Clock;
}

export function createUserTokens({ records, directory, clock }: UserTokenParts, rules: UserTokenRules): UserTokens {
  const { kind, prefix, randomBytes, mostOfUser } = rules;
  const form = new RegExp(`^${prefix}[0-9a-f]{${randomBytes * 2}}$`);
  return {
    async issue({ id }) {
      const token = `${prefix}${randomHex(randomBytes)}`;
      const now = clock.now();
      await records.transaction(async (tx) => {
        await lockUser(tx, id);
        const held = await heldBy(tx, kind, id);
        const ending = held.slice(0, Math.max(0, held.length - mostOfUser + 1)).map(({ digest }) => digest);
        if (ending.length > 0) await tx.deleteFrom('sessions').where('id_hash', 'in', ending).execute();
        await tx
          .insertInto('sessions')
          .values({
            id_hash: tokenDigest(token),
            kind,
            principal: '{}',
            user_id: id,
            app_token_id: null,
            organization_id: null,
            data: JSON.stringify({ number: (held.at(-1)?.number ?? 0) + 1 }),
            created_at: now,
            last_seen_at: now,
            expires_at: null,
          })
          .execute();
      });
      return token;
    },

    async authenticate(token) {
      if (!form.test(token)) return null;
      const row = await records.db
        .selectFrom('sessions')
        .innerJoin('users', 'users.id', 'sessions.user_id')
        .select(['users.id', 'users.enabled', 'users.password_changed_at', 'sessions.created_at'])
        .where('id_hash', '=', tokenDigest(token))
        .where('kind', '=', kind)
        .executeTakeFirst();
      if (row === undefined || row.enabled !== 1) return null;
      if (row.password_changed_at !== null && row.password_changed_at > row.created_at) return null;
      return directory.userById(row.id);
    },

    async end(token) {
      await records.db
        .deleteFrom('sessions')
        .where('id_hash', '=', tokenDigest(token))
        .where('kind', '=', kind)
        .execute();
    },
  };
}

/** Two log-ins of a user at once must not both find room for one more. */
async function lockUser(tx: RecordsTransaction, id: number): Promise<void> {
  if (!tx.capabilities.rowLocks) return;
  await tx.selectFrom('users').select('id').where('id', '=', id).forUpdate().execute();
}

interface Held {
  readonly digest: string;
  /** Counts up with each token of the user, so that the order does not hang on a clock that may be set back. */
  readonly number: number;
}

/** A user's tokens, the earliest issued first. */
async function heldBy(tx: RecordsTransaction, kind: string, user: number): Promise<readonly Held[]> {
  const rows = await tx
    .selectFrom('sessions')
    .select(['id_hash', 'data'])
    .where('user_id', '=', user)
    .where('kind', '=', kind)
    .execute();
  return rows
    .map(({ id_hash, data }) => ({ digest: id_hash, number: (JSON.parse(data) as { number: number }).number }))
    .toSorted((a, b) => a.number - b.number);
}
