import type { Generated } from 'kysely';
import type { EpochMs } from '../../../domain/time/instant.ts';

export interface MeteringTables {
  integration_errors: IntegrationErrorsTable;
}

/** Why reports were dropped, the last of each product. */
export interface IntegrationErrorsTable {
  id: Generated<number>;
  organization_id: number;
  product_id: number;
  code: string;
  message: string;
  at: EpochMs;
}
