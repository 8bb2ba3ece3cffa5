import { MINUTE_MS } from '../domain/time/durations.ts';
import { epochMs, type EpochMs } from '../domain/time/instant.ts';
import type { Records } from '../store/records/records.ts';

/** So many failures within so long lock for so long. */
export interface LockoutRules {
  /** Keeps the counts of one kind of log-in apart from those of another. */
  readonly name: string;
  readonly failures: number;
  readonly withinMs: number;
  readonly lockedMs: number;
}

/** tr50.md 3.1: 8 failures in a row within 30 minutes lock for 30 minutes. */
export const STRICT_LOCKOUT: LockoutRules = {
  name: '',
  failures: 8,
  withinMs: 30 * MINUTE_MS,
  lockedMs: 30 * MINUTE_MS,
};

/** No rules need a count after this long. */
const FORGOTTEN_MS = 60 * MINUTE_MS;

/**
 * Locks whoever fails to log in too often. Kept in the records store, so that it holds for all nodes and over a
 * restart. Names nobody has are counted as well: a lock must not tell who exists.
 */
export interface Lockout {
  /** Until when the subject is locked, null when it is not. */
  lockedUntil(subject: string, now: EpochMs): Promise<EpochMs | null>;
  /** Counts a failure; true when it was the one that locks. */
  failed(subject: string, now: EpochMs): Promise<boolean>;
  succeeded(subject: string): Promise<void>;
}

export function createLockout(records: Records, rules: LockoutRules): Lockout {
  const { failures: most, withinMs, lockedMs } = rules;
  const named = (subject: string): string => (rules.name === '' ? subject : `${rules.name} ${subject}`);
  return {
    async lockedUntil(whom, now) {
      const subject = named(whom);
      const row = await records.db
        .selectFrom('login_failures')
        .select('locked_until')
        .where('subject', '=', subject)
        .executeTakeFirst();
      const until = row?.locked_until ?? null;
      return until !== null && until > now ? until : null;
    },

    failed: (whom, now) =>
      records.transaction(async (tx) => {
        const subject = named(whom);
        // Guesses at names by the thousand must not pile up.
        await tx
          .deleteFrom('login_failures')
          .where('last_at', '<', epochMs(now - FORGOTTEN_MS))
          .execute();
        await tx
          .insertInto('login_failures')
          .values({ subject, failed_at: '[]', last_at: now, locked_until: null })
          .onConflict((conflict) => conflict.column('subject').doUpdateSet({ last_at: now }))
          .execute();
        // The upsert above holds the row: no other failure is between reading and writing.
        const row = await tx
          .selectFrom('login_failures')
          .select(['failed_at', 'locked_until'])
          .where('subject', '=', subject)
          .executeTakeFirstOrThrow();
        // A guess that was under way when the lock fell; it must not lift it again.
        if (row.locked_until !== null && row.locked_until > now) return false;
        const recent = (JSON.parse(row.failed_at) as number[]).filter((at) => at > now - withinMs && at <= now);
        const failures = [...recent, now];
        const locks = failures.length >= most;
        await tx
          .updateTable('login_failures')
          .set({
            failed_at: JSON.stringify(locks ? [] : failures),
            locked_until: locks ? epochMs(now + lockedMs) : null,
          })
          .where('subject', '=', subject)
          .execute();
        return locks;
      }),

    async succeeded(subject) {
      await records.db.deleteFrom('login_failures').where('subject', '=', named(subject)).execute();
    },
  };
}
