import { LRUCache } from 'lru-cache';
import { fail, ok, type Result } from '../domain/result.ts';
import { organizationId, type OrganizationId } from '../domain/scope.ts';
import type { Clock } from '../domain/time/clock.ts';
import type { EpochMs } from '../domain/time/instant.ts';
import type { Directory } from '../directory/directory.ts';
import { tokenDigest } from '../directory/secrets/tokens.ts';
import type { Records } from '../store/records/records.ts';

export type ProviderScope = 'account_management' | 'stats' | 'finance' | 'cms' | 'policy_registry';

/** Who a credential of an API provider stands for: the tenant, and what of it may be read (threescale.md 2.2). */
export interface ProviderCaller {
  readonly kind: 'provider-key' | 'access-token';
  readonly organization: OrganizationId;
  /** `all` of a provider key, which has no scopes. */
  readonly scopes: 'all' | ReadonlySet<ProviderScope>;
}

export interface ProviderCredentials {
  /**
   * Problems: `not_authenticated` (unknown or expired), `not_permitted` (the tenant is suspended). What is changed or
   * removed in the directory counts within half a second.
   *
   * @param as what the caller says it is; `either` for places that do not say
   */
  authenticate(secret: string, as: 'access_token' | 'provider_key' | 'either'): Promise<Result<ProviderCaller>>;
}

interface Known {
  readonly caller: ProviderCaller;
  readonly expiresAt: EpochMs | null;
}

/** Credentials seen lately; guesses are not kept. */
const KEPT = 10_000;
const MAX_LENGTH = 512;

export function createProviderCredentials(parts: {
  readonly records: Records;
  readonly directory: Directory;
  readonly clock: Clock;
}): ProviderCredentials {
  const { records, directory, clock } = parts;
  const kept = new LRUCache<string, Known>({ max: KEPT });
  let changes = 0;
  directory.onChange(() => {
    changes += 1;
    kept.clear();
  });

  const find = async (kind: ProviderCaller['kind'], digest: string): Promise<Known | null> => {
    const name = `${kind} ${digest}`;
    const known = kept.get(name);
    if (known !== undefined) return known;
    const before = changes;
    const found = await (kind === 'provider-key' ? findProviderKey(records, digest) : findAccessToken(records, digest));
    // What was read before a change and arrives after it would stay for ever.
    if (found !== null && before === changes) kept.set(name, found);
    return found;
  };

  return {
    async authenticate(secret, as) {
      if (secret === '' || secret.length > MAX_LENGTH) return fail({ kind: 'not_authenticated', reason: 'invalid' });
      const digest = tokenDigest(secret);
      const found =
        (as === 'provider_key' ? null : await find('access-token', digest)) ??
        (as === 'access_token' ? null : await find('provider-key', digest));
      if (found === null) return fail({ kind: 'not_authenticated', reason: 'invalid' });
      if (found.expiresAt !== null && found.expiresAt <= clock.now()) {
        return fail({ kind: 'not_authenticated', reason: 'expired' });
      }
      const tenant = (await directory.organizations()).byId(found.caller.organization);
      if (tenant === undefined) return fail({ kind: 'not_authenticated', reason: 'invalid' });
      if (tenant.suspended) return fail({ kind: 'not_permitted', needs: 'a tenant that is not suspended' });
      return ok(found.caller);
    },
  };
}

async function findProviderKey(records: Records, digest: string): Promise<Known | null> {
  const row = await records.db
    .selectFrom('providers')
    .select('organization_id')
    .where('provider_key_hash', '=', digest)
    .executeTakeFirst();
  if (row === undefined) return null;
  const organization = organizationId(row.organization_id);
  return { caller: { kind: 'provider-key', organization, scopes: 'all' }, expiresAt: null };
}

async function findAccessToken(records: Records, digest: string): Promise<Known | null> {
  const row = await records.db
    .selectFrom('access_tokens')
    .select(['organization_id', 'scopes', 'expires_at'])
    .where('token_hash', '=', digest)
    .executeTakeFirst();
  if (row === undefined) return null;
  const scopes = new Set(JSON.parse(row.scopes) as ProviderScope[]);
  const organization = organizationId(row.organization_id);
  return { caller: { kind: 'access-token', organization, scopes }, expiresAt: row.expires_at };
}
