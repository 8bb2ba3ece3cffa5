import { LRUCache } from 'lru-cache';
import { fail, ok, type Result } from '../domain/result.ts';
import { organizationId, type OrganizationId } from '../domain/scope.ts';
import type { Directory } from '../directory/directory.ts';
import { tokenDigest } from '../directory/secrets/tokens.ts';
import type { Records } from '../store/records/records.ts';

export type KeyScope = 'ingest' | 'read' | 'admin';

/** Who a key of the native API stands for. It covers its organization and all that are below it at the moment. */
export interface NativeKey {
  readonly kind: 'native-key';
  readonly id: number;
  readonly organization: OrganizationId;
  readonly scopes: ReadonlySet<KeyScope>;
  /** First characters, to name the key where the key itself must not stand. */
  readonly prefix: string;
  readonly label: string | null;
  /** The organization itself first. */
  readonly organizations: readonly OrganizationId[];
}

export interface NativeKeys {
  /**
   * Problems: `not_authenticated` (unknown or revoked), `not_permitted` (its organization is suspended). A key that is
   * revoked stops working within half a second.
   */
  authenticate(key: string): Promise<Result<NativeKey>>;
}

/** Keys seen lately; an attacker's guesses are not kept. */
const KEPT = 10_000;
const MAX_KEY_LENGTH = 256;

export function createNativeKeys(records: Records, directory: Directory): NativeKeys {
  const known = new LRUCache<string, NativeKey>({ max: KEPT });
  let changes = 0;
  directory.onChange(() => {
    changes += 1;
    known.clear();
  });
  return {
    async authenticate(key) {
      if (key === '' || key.length > MAX_KEY_LENGTH) return fail({ kind: 'not_authenticated', reason: 'invalid' });
      const digest = tokenDigest(key);
      const kept = known.get(digest);
      if (kept !== undefined) return ok(kept);
      const before = changes;
      const found = await find(records, directory, digest);
      // What was read before a change and arrives after it would stay for ever.
      if (found.ok && before === changes) known.set(digest, found.value);
      return found;
    },
  };
}

async function find(records: Records, directory: Directory, digest: string): Promise<Result<NativeKey>> {
  const row = await records.db
    .selectFrom('native_keys')
    .select(['id', 'organization_id', 'scopes', 'prefix', 'label'])
    .where('key_hash', '=', digest)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) return fail({ kind: 'not_authenticated', reason: 'invalid' });
  const organization = organizationId(row.organization_id);
  const tree = await directory.organizations();
  if (tree.byId(organization)?.suspended === true) {
    return fail({ kind: 'not_permitted', needs: 'an organization that is not suspended' });
  }
  const covered = tree.subtree(organization).filter((each) => !each.suspended);
  return ok({
    kind: 'native-key',
    id: row.id,
    organization,
    scopes: new Set(JSON.parse(row.scopes) as KeyScope[]),
    prefix: row.prefix,
    label: row.label,
    organizations: covered.map((each) => each.id),
  });
}
