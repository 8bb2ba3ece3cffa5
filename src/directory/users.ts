import { organizationId, type OrganizationId } from '../domain/scope.ts';
import type { EpochMs, ZoneId } from '../domain/time/instant.ts';
import { parseZone } from '../domain/time/zones.ts';
import type { RecordsDatabase } from '../store/records/records.ts';
import { emailKey } from '../store/records/schema/users.ts';

export type Role = 'owner' | 'admin' | 'member' | 'viewer';

/** A person who logs in. Secrets stay in the store. */
export interface User {
  readonly id: number;
  /** 24 lower-case hex digits. */
  readonly publicId: string;
  readonly uid: string;
  readonly email: string;
  readonly username: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly zone: ZoneId | null;
  readonly superOps: boolean;
  readonly enabled: boolean;
  readonly createdAt: EpochMs;
  readonly updatedAt: EpochMs;
  /** In the order of the directory file; the first is where a log-in starts. */
  readonly memberships: readonly Membership[];
}

export interface Membership {
  readonly organization: OrganizationId;
  readonly role: Role;
  readonly allowedWithoutSso: boolean;
}

/** By e-mail address, in any case. */
export async function findUserByEmail(db: RecordsDatabase, email: string): Promise<User | null> {
  const row = await userRows(db).where('email_key', '=', emailKey(email)).executeTakeFirst();
  return row === undefined ? null : withMemberships(db, row);
}

export async function findUserById(db: RecordsDatabase, id: number): Promise<User | null> {
  const row = await userRows(db).where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : withMemberships(db, row);
}

function userRows(db: RecordsDatabase) {
  return db
    .selectFrom('users')
    .select([
      'id',
      'public_id',
      'uid',
      'email',
      'username',
      'first_name',
      'last_name',
      'timezone',
      'super_ops',
      'enabled',
      'created_at',
      'updated_at',
    ]);
}

type UserRow = Awaited<ReturnType<ReturnType<typeof userRows>['executeTakeFirstOrThrow']>>;

async function withMemberships(db: RecordsDatabase, row: UserRow): Promise<User> {
  const memberships = await db
    .selectFrom('memberships')
    .select(['organization_id', 'role', 'allowed_without_sso'])
    .where('user_id', '=', row.id)
    .orderBy('position')
    .execute();
  return {
    id: row.id,
    publicId: row.public_id,
    uid: row.uid,
    email: row.email,
    username: row.username,
    firstName: row.first_name,
    lastName: row.last_name,
    zone: row.timezone === null ? null : parseZone(row.timezone),
    superOps: row.super_ops === 1,
    enabled: row.enabled === 1,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    memberships: memberships.map((each) => ({
      organization: organizationId(each.organization_id),
      role: each.role,
      allowedWithoutSso: each.allowed_without_sso === 1,
    })),
  };
}
