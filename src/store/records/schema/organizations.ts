import type { Generated } from 'kysely';
import type { EpochMs } from '../../../domain/time/instant.ts';
import type { Flag, JsonText, SecretHash } from './column-types.ts';

export interface OrganizationsTables {
  organizations: OrganizationsTable;
  native_keys: NativeKeysTable;
  app_tokens: AppTokensTable;
  thing_bindings: ThingBindingsTable;
  stacks: StacksTable;
}

/** Tenants. The tree is in `parent_id`; whoever writes it keeps it free of circles. */
export interface OrganizationsTable {
  /** The tenant column of the facts (`OrganizationId`). Never given twice, or a new tenant would own old facts. */
  id: Generated<number>;
  /** 24 lower-case hex digits. */
  public_id: string;
  uid: string;
  key: string;
  name: string;
  parent_id: number | null;
  /** IANA zone; null takes the instance's. */
  timezone: string | null;
  sso: Generated<Flag>;
  analytics_enabled: Generated<Flag>;
  suspended: Generated<Flag>;
  created_at: EpochMs;
  updated_at: EpochMs;
}

/** Keys of the native API. */
export interface NativeKeysTable {
  id: Generated<number>;
  organization_id: number;
  key_hash: SecretHash;
  /** First characters of the key, to tell keys apart in a list. */
  prefix: string;
  label: string | null;
  /** JSON array out of `ingest`, `read`, `admin`. */
  scopes: JsonText;
  created_at: EpochMs;
  revoked_at: EpochMs | null;
}

/** Tokens with which applications (not people) log in. */
export interface AppTokensTable {
  id: Generated<number>;
  organization_id: number;
  token_hash: SecretHash;
  name: string | null;
  created_at: EpochMs;
}

/** The application that first logged in for a thing; others are turned away. */
export interface ThingBindingsTable {
  organization_id: number;
  thing_key: string;
  app_id: string;
  created_at: EpochMs;
}

export interface StacksTable {
  organization_id: number;
  api_key: string;
  uid: string;
  name: string;
  created_at: EpochMs;
  updated_at: EpochMs;
}
