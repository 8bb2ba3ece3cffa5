import type { Generated } from 'kysely';
import type { EpochMs } from '../../../domain/time/instant.ts';
import type { JsonText } from './column-types.ts';

export interface InstanceTables {
  settings: SettingsTable;
  audit: AuditTable;
}

/** Values of the instance as a whole. */
export interface SettingsTable {
  key: string;
  value: string;
}

/** Who did what with credentials and rights. Rows stay when their organization goes. */
export interface AuditTable {
  id: Generated<number>;
  at: EpochMs;
  /** E.g. `login.failed`, `key.created`, `oauth.refresh_replay`. */
  event: string;
  actor: string | null;
  organization: number | null;
  subject: string | null;
  /** Network address of the caller. */
  address: string | null;
  detail: JsonText;
}
