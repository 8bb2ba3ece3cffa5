import { LRUCache } from 'lru-cache';
import { fail, ok, type Result } from '../domain/result.ts';
import type { Directory } from '../directory/directory.ts';
import { tokenDigest } from '../directory/secrets/tokens.ts';
import type { User } from '../directory/users.ts';
import type { Records } from '../store/records/records.ts';

/** Keys by which users read through the Countly API. */
export interface ApiKeys {
  /** Problem: `not_authenticated` (nobody's, or of a disabled user). A key that is changed stops working within half a second. */
  authenticate(key: string): Promise<Result<User>>;
}

const KEPT = 10_000;
const MAX_KEY_LENGTH = 256;

export function createApiKeys(records: Records, directory: Directory): ApiKeys {
  const known = new LRUCache<string, User>({ max: KEPT });
  let changes = 0;
  directory.onChange(() => {
    changes += 1;
    known.clear();
  });

  const find = async (digest: string): Promise<User | null> => {
    const row = await records.db
      .selectFrom('users')
      .select('id')
      .where('countly_api_key_hash', '=', digest)
      .where('enabled', '=', 1)
      .executeTakeFirst();
    return row === undefined ? null : directory.userById(row.id);
  };

  return {
    async authenticate(key) {
      if (key === '' || key.length > MAX_KEY_LENGTH) return fail({ kind: 'not_authenticated', reason: 'invalid' });
      const digest = tokenDigest(key);
      const kept = known.get(digest);
      if (kept !== undefined) return ok(kept);
      const before = changes;
      const user = await find(digest);
      if (user === null) return fail({ kind: 'not_authenticated', reason: 'invalid' });
      // What was read before a change and arrives after it would stay for ever.
      if (before === changes) known.set(digest, user);
      return ok(user);
    },
  };
}
