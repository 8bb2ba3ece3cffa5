import { LRUCache } from 'lru-cache';
import { organizationId, type OrganizationId } from '../domain/scope.ts';
import type { Directory } from '../directory/directory.ts';
import { tokenDigest } from '../directory/secrets/tokens.ts';
import type { Records } from '../store/records/records.ts';

/** The product that a service token lets one report to. */
export interface TokenProduct {
  readonly organization: OrganizationId;
  readonly productId: number;
}

export interface ServiceTokens {
  /** Null for an unknown token. What is changed or removed in the directory counts within half a second. */
  productOf(token: string): Promise<TokenProduct | null>;
}

/** Tokens seen lately; guesses are not kept. */
const KEPT = 10_000;
const MAX_LENGTH = 512;

export function createServiceTokens({ db }: Records, directory: Directory): ServiceTokens {
  const kept = new LRUCache<string, TokenProduct>({ max: KEPT });
  let changes = 0;
  directory.onChange(() => {
    changes += 1;
    kept.clear();
  });
  return {
    async productOf(token) {
      if (token === '' || token.length > MAX_LENGTH) return null;
      const digest = tokenDigest(token);
      const known = kept.get(digest);
      if (known !== undefined) return known;
      const before = changes;
      const row = await db
        .selectFrom('service_tokens')
        .select(['organization_id', 'product_id'])
        .where('token_hash', '=', digest)
        .executeTakeFirst();
      if (row === undefined) return null;
      const found = { organization: organizationId(row.organization_id), productId: row.product_id };
      // What was read before a change and arrives after it would stay for ever.
      if (before === changes) kept.set(digest, found);
      return found;
    },
  };
}
