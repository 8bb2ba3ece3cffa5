import type { Generated } from 'kysely';
import type { EpochMs } from '../../../domain/time/instant.ts';
import type { JsonText, Sealed, SecretHash } from './column-types.ts';

/** The developers who use a provider's products. Ids are the tenant's own, as in `products.ts`. */
export interface ApplicationsTables {
  accounts: AccountsTable;
  account_users: AccountUsersTable;
  applications: ApplicationsTable;
  app_keys: AppKeysTable;
  referrer_filters: ReferrerFiltersTable;
}

export interface AccountsTable {
  organization_id: number;
  id: number;
  org_name: string;
  state: string;
  /** JSON array of the account plans bought. */
  plans: Generated<JsonText>;
  created_at: EpochMs;
  updated_at: EpochMs;
}

export interface AccountUsersTable {
  organization_id: number;
  id: number;
  account_id: number;
  username: string;
  email: string;
  first_name: string | null;
  last_name: string | null;
  role: 'admin' | 'member';
  state: string;
  created_at: EpochMs;
  updated_at: EpochMs;
}

export interface ApplicationsTable {
  organization_id: number;
  id: number;
  account_id: number;
  product_id: number;
  plan_id: number;
  name: string;
  description: string | null;
  state: string;
  /** The text id of calls (`application_id`), not the integer `id`. */
  app_id: string | null;
  user_key_hash: SecretHash | null;
  user_key_sealed: Sealed | null;
  verification_key_sealed: Sealed | null;
  redirect_url: string | null;
  first_traffic_at: EpochMs | null;
  first_daily_traffic_at: EpochMs | null;
  created_at: EpochMs;
  updated_at: EpochMs;
}

export interface AppKeysTable {
  organization_id: number;
  application_id: number;
  key_hash: SecretHash;
  key_sealed: Sealed;
  /** Order of an application's keys; the first is the client secret of OAuth products. */
  position: number;
}

export interface ReferrerFiltersTable {
  organization_id: number;
  application_id: number;
  value: string;
  position: number;
}
