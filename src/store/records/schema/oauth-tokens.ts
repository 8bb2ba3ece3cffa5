import type { EpochMs } from '../../../domain/time/instant.ts';
import type { SecretHash } from './column-types.ts';

export interface OauthTokensTables {
  oauth_tokens: OauthTokensTable;
}

/**
 * An access token and the refresh token that came with it. Rows stay when both are dead: a refresh token that is shown
 * a second time has to be recognized.
 */
export interface OauthTokensTable {
  access_hash: SecretHash;
  refresh_hash: SecretHash;
  client_id: string;
  /** Null for a token of the client itself, which has the rights of the client's owner. */
  user_id: number | null;
  /** The same in all pairs that descend from one log-in by refreshing. */
  family: string;
  /** `read`, `write` or `read write`. */
  scope: string;
  issued_at: EpochMs;
  access_expires_at: EpochMs;
  /** When the access token was ended before its time. */
  access_ended_at: EpochMs | null;
  refresh_used_at: EpochMs | null;
  /** When the refresh token was revoked without having been used. */
  refresh_ended_at: EpochMs | null;
}
