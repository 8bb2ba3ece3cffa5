import type { Generated } from 'kysely';
import type { EpochMs } from '../../../domain/time/instant.ts';
import type { Flag, Sealed, SecretHash } from './column-types.ts';

export interface UsersTables {
  users: UsersTable;
  memberships: MembershipsTable;
}

export interface UsersTable {
  id: Generated<number>;
  /** 24 lower-case hex digits; the id that leaves the house where a dialect wants one of that form. */
  public_id: string;
  uid: string;
  /** As written. */
  email: string;
  /** `emailKey(email)`; unique, and what logins compare. */
  email_key: string;
  username: string;
  /** argon2id in PHC form; null where the user cannot log in with a password. */
  password_hash: string | null;
  /** Tokens older than this are dead. */
  password_changed_at: EpochMs | null;
  sso_only: Generated<Flag>;
  first_name: string | null;
  last_name: string | null;
  /** IANA zone; null takes the instance's. */
  timezone: string | null;
  super_ops: Generated<Flag>;
  countly_api_key_hash: SecretHash | null;
  countly_api_key_sealed: Sealed | null;
  totp_secret_sealed: Sealed | null;
  /** The newest one-time code that was used (its 30-second step); it and older ones are refused. */
  totp_step: number | null;
  /** Until then a right password was given and the one-time code is awaited. */
  second_factor_until: EpochMs | null;
  enabled: Generated<Flag>;
  /** The organization whose administrators made the user and may change it; null: only those of the instance. */
  managed_by: number | null;
  created_at: EpochMs;
  updated_at: EpochMs;
}

export interface MembershipsTable {
  user_id: number;
  organization_id: number;
  role: 'owner' | 'admin' | 'member' | 'viewer';
  allowed_without_sso: Generated<Flag>;
  /** Order of a user's memberships; the lowest is the organization a login starts in. */
  position: number;
}

/**
 * The form in which e-mail addresses are compared and kept unique. Made here and not by the engines, whose idea of
 * lower case ends at ASCII in one of them.
 */
export function emailKey(email: string): string {
  return email.normalize('NFC').toLowerCase();
}
