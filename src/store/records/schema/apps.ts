import type { Generated } from 'kysely';
import type { EpochMs } from '../../../domain/time/instant.ts';
import type { Flag, Sealed, SecretHash } from './column-types.ts';

export interface AppsTables {
  apps: AppsTable;
  app_members: AppMembersTable;
  app_peaks: AppPeaksTable;
}

/** Tracked applications. Their SDKs name nothing but the write key, so ids and keys are unique in the instance. */
export interface AppsTable {
  /** 24 lower-case hex digits. */
  id: string;
  organization_id: number;
  name: string;
  key_hash: SecretHash;
  key_sealed: Sealed;
  salt_sealed: Sealed | null;
  timezone: string;
  /** Two letters. */
  country: string | null;
  category: string | null;
  /** Accepts no data for now. */
  paused: Generated<Flag>;
  /** Facts received before this instant no longer belong to the app. */
  reset_at: EpochMs | null;
  created_at: EpochMs;
  updated_at: EpochMs;
}

export interface AppMembersTable {
  app_id: string;
  user_id: number;
  role: 'admin' | 'user';
}

/** The most users of an app that were online at a time, and the most that were in their first session. */
export interface AppPeaksTable {
  app_id: string;
  /** The life of the app they belong to: when it was made or last reset. Those of another do not count. */
  era: EpochMs;
  online: number;
  new_online: number;
  updated_at: EpochMs;
}
