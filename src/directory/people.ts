import type { RecordsDatabase } from '../store/records/records.ts';
import type { Sealing } from './secrets/sealing.ts';

/** A user as those see it who look after users: with the key that is shown again. Disabled ones are left out. */
export interface Person {
  readonly id: number;
  /** 24 lower-case hex digits. */
  readonly publicId: string;
  readonly email: string;
  readonly username: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly superOps: boolean;
  /** Key of the Countly API, deciphered at each call; null when there is none. */
  apiKey(): string | null;
}

export interface People {
  /** In order of number. */
  all(): Promise<readonly Person[]>;
  byId(id: number): Promise<Person | null>;
  byPublicId(publicId: string): Promise<Person | null>;
}

export function createPeople(db: RecordsDatabase, sealing: Sealing): People {
  const rows = () =>
    db
      .selectFrom('users')
      .select([
        'id',
        'public_id',
        'email',
        'username',
        'first_name',
        'last_name',
        'super_ops',
        'countly_api_key_sealed as sealedKey',
      ])
      .where('enabled', '=', 1)
      .orderBy('id');
  type PersonRow = Awaited<ReturnType<ReturnType<typeof rows>['executeTakeFirstOrThrow']>>;
  const personOf = (row: PersonRow): Person => ({
    id: row.id,
    publicId: row.public_id,
    email: row.email,
    username: row.username,
    firstName: row.first_name,
    lastName: row.last_name,
    superOps: row.super_ops === 1,
    apiKey: () => (row.sealedKey === null ? null : sealing.open(row.sealedKey, 'users.countly_api_key_sealed')),
  });
  return {
    all: async () => (await rows().execute()).map(personOf),
    async byId(id) {
      const row = await rows().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : personOf(row);
    },
    async byPublicId(publicId) {
      if (!/^[0-9a-f]{24}$/.test(publicId)) return null;
      const row = await rows().where('public_id', '=', publicId).executeTakeFirst();
      return row === undefined ? null : personOf(row);
    },
  };
}
