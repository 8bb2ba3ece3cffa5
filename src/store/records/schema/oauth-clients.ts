import type { EpochMs } from '../../../domain/time/instant.ts';
import type { SecretHash } from './column-types.ts';

export interface OauthClientsTables {
  oauth_clients: OauthClientsTable;
}

export interface OauthClientsTable {
  client_id: string;
  organization_id: number;
  /** Null for public clients. */
  client_secret_hash: SecretHash | null;
  name: string | null;
  type: 'public' | 'confidential';
  grant_type: 'password' | 'client-credentials';
  /** The user whose rights a client without a user has. */
  owner_id: number;
  created_at: EpochMs;
  updated_at: EpochMs;
}
