import type { EpochMs } from '../../../domain/time/instant.ts';
import type { JsonText, SecretHash } from './column-types.ts';

export interface SessionsTables {
  sessions: SessionsTable;
  login_failures: LoginFailuresTable;
}

/** Sessions and tokens that a login gave out, of every dialect and of the dashboard. */
export interface SessionsTable {
  id_hash: SecretHash;
  /** Whose rules apply: life, renewal, how many a user may hold. */
  kind: string;
  principal: JsonText;
  /** The user behind it, so that a disabled user's sessions can be found; null for applications. */
  user_id: number | null;
  /** The application token that logged in; its sessions go with it. */
  app_token_id: number | null;
  /** The organization the session works in at the moment. */
  organization_id: number | null;
  data: JsonText;
  created_at: EpochMs;
  last_seen_at: EpochMs;
  /** Null: ends by act only. */
  expires_at: EpochMs | null;
}

/** Failed logins in a row. A good login deletes the row. */
export interface LoginFailuresTable {
  /** Who was tried, in the form the login compares. */
  subject: string;
  /** JSON array: when the last of them were, oldest first; those that no longer count are dropped. */
  failed_at: JsonText;
  last_at: EpochMs;
  locked_until: EpochMs | null;
}
