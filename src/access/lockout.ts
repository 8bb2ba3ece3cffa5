import { MINUTE_MS } from '../domain/time/durations.ts';
import { epochMs, type EpochMs } from '../domain/time/instant.ts';
import type { Records } from '../store/records/records.ts';

/** tr50.md 3.1: 8 failures in a row within 30 minutes lock for 30 minutes. */
const FAILURES = 8;
const WITHIN_MS = 30 * MINUTE_MS;
const LOCKED_MS = 30 * MINUTE_MS;

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

export function createLockout(records: Records): Lockout {
  return {
    async lockedUntil(subject, now) {
      const row = await records.db
        .selectFrom('login_failures')
        .select('locked_until')
        .where('subject', '=', subject)
        .executeTakeFirst();
      const until = row?.locked_until ?? null;
      return until !== null && until > now ? until : null;
    },

    failed: (subject, now) =>
      records.transaction(async (tx) => {
        // Guesses at names by the thousand must not pile up.
        await tx
          .deleteFrom('login_failures')
          .where('last_at', '<', epochMs(now - WITHIN_MS - LOCKED_MS))
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
        const recent = (JSON.parse(row.failed_at) as number[]).filter((at) => at > now - WITHIN_MS && at <= now);
        const failures = [...recent, now];
        const locks = failures.length >= FAILURES;
        await tx
          .updateTable('login_failures')
          .set({
            failed_at: JSON.stringify(locks ? [] : failures),
            locked_until: locks ? epochMs(now + LOCKED_MS) : null,
          })
          .where('subject', '=', subject)
          .execute();
        return locks;
      }),

    async succeeded(subject) {
      await records.db.deleteFrom('login_failures').where('subject', '=', subject).execute();
    },
  };
}
