import type { Generated } from 'kysely';
import type { EpochMs } from '../../../domain/time/instant.ts';
import type { Flag, JsonText, Sealed, SecretHash } from './column-types.ts';

/**
 * What an API provider sells. Ids are the tenant's own and visible: two tenants may both have a product 7, so every
 * key begins with the organization.
 */
export interface ProductsTables {
  providers: ProvidersTable;
  access_tokens: AccessTokensTable;
  products: ProductsTable;
  service_tokens: ServiceTokensTable;
  metrics: MetricsTable;
  plans: PlansTable;
  plan_limits: PlanLimitsTable;
}

export interface ProvidersTable {
  organization_id: number;
  provider_key_hash: SecretHash;
  created_at: EpochMs;
}

export interface AccessTokensTable {
  id: Generated<number>;
  organization_id: number;
  token_hash: SecretHash;
  name: string | null;
  /** JSON array. */
  scopes: JsonText;
  permission: 'ro' | 'rw';
  expires_at: EpochMs | null;
  created_at: EpochMs;
}

export interface ProductsTable {
  organization_id: number;
  id: number;
  system_name: string;
  name: string;
  description: string | null;
  state: string;
  /** `1` (user_key), `2` (app_id and keys), `oauth`, `oidc`. */
  backend_version: string;
  redirect_url: string | null;
  /** Meant when a call names no product; at most one of a tenant. */
  is_default: Generated<Flag>;
  created_at: EpochMs;
  updated_at: EpochMs;
}

export interface ServiceTokensTable {
  organization_id: number;
  product_id: number;
  token_hash: SecretHash;
  /** Shown to the tenant, who pastes it into gateways. */
  token_sealed: Sealed;
  created_at: EpochMs;
}

/** Metrics, and methods, which are metrics with a parent. */
export interface MetricsTable {
  organization_id: number;
  id: number;
  product_id: number;
  parent_id: number | null;
  system_name: string;
  friendly_name: string;
  /** Null for methods. */
  unit: string | null;
  description: string | null;
  created_at: EpochMs;
  updated_at: EpochMs;
}

export interface PlansTable {
  organization_id: number;
  id: number;
  product_id: number;
  system_name: string;
  name: string;
  state: string;
  is_default: Generated<Flag>;
  approval_required: Generated<Flag>;
  /** In the tenant's currency. */
  cost_per_month: Generated<number>;
  setup_fee: Generated<number>;
  trial_period_days: number | null;
  created_at: EpochMs;
  updated_at: EpochMs;
}

export interface PlanLimitsTable {
  organization_id: number;
  id: number;
  plan_id: number;
  metric_id: number;
  period: 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year' | 'eternity';
  value: number;
  created_at: EpochMs;
  updated_at: EpochMs;
}
