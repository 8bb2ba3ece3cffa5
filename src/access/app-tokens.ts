import { organizationId, type OrganizationId } from '../domain/scope.ts';
import type { Clock } from '../domain/time/clock.ts';
import { tokenDigest } from '../directory/secrets/tokens.ts';
import type { Records } from '../store/records/records.ts';

/** An application (not a person) that may log in for an organization. */
export interface AppToken {
  readonly id: number;
  readonly organization: OrganizationId;
  readonly name: string | null;
}

export interface AppTokens {
  /** Null for an unknown token. */
  authenticate(token: string): Promise<AppToken | null>;
  /**
   * Binds a thing to the application that first logs in for it; false when it is bound to another one
   * (tr50.md 3.1).
   */
  bindThing(organization: OrganizationId, thingKey: string, appId: string): Promise<boolean>;
}

export function createAppTokens(records: Records, clock: Clock): AppTokens {
  return {
    async authenticate(token) {
      const row = await records.db
        .selectFrom('app_tokens')
        .select(['id', 'organization_id', 'name'])
        .where('token_hash', '=', tokenDigest(token))
        .executeTakeFirst();
      if (row === undefined) return null;
      return { id: row.id, organization: organizationId(row.organization_id), name: row.name };
    },

    async bindThing(organization, thingKey, appId) {
      await records.db
        .insertInto('thing_bindings')
        .values({ organization_id: organization, thing_key: thingKey, app_id: appId, created_at: clock.now() })
        .onConflict((conflict) => conflict.columns(['organization_id', 'thing_key']).doNothing())
        .execute();
      const bound = await records.db
        .selectFrom('thing_bindings')
        .select('app_id')
        .where('organization_id', '=', organization)
        .where('thing_key', '=', thingKey)
        .executeTakeFirst();
      return bound?.app_id === appId;
    },
  };
}
