import { describe, expect, test } from 'vitest';
import { epochMs } from '../../../src/domain/time/instant.ts';
import { openRecords } from '../../../src/store/records/open-records.ts';
import { postgresError } from '../../../src/store/records/postgres/postgres-errors.ts';
import { sqliteError } from '../../../src/store/records/sqlite/sqlite-errors.ts';
import { engines, migrated, untyped } from './engines.ts';

const organization = {
  public_id: 'p1',
  uid: 'u1',
  key: 'ONE',
  name: 'One',
  parent_id: null,
  timezone: null,
  created_at: epochMs(1),
  updated_at: epochMs(1),
};

describe.each(engines)('what rows refuse on $name', ({ newStore }) => {
  test('a second row under a unique key is `unique`', async () => {
    const records = await migrated(newStore);
    await records.db.insertInto('organizations').values(organization).execute();
    const error = await records.db
      .insertInto('organizations')
      .values({ ...organization, public_id: 'p2', uid: 'u2' })
      .execute()
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'RecordsError', kind: 'unique' });
    expect(records.errorKind(error)).toBe('unique');
    expect(records.isUniqueViolation(error)).toBe(true);
  });

  test('so it is when the statement would have returned the row', async () => {
    const records = await migrated(newStore);
    await records.db.insertInto('organizations').values(organization).execute();
    const insert = records.db.insertInto('organizations').values(organization).returning('id').execute();
    await expect(insert).rejects.toMatchObject({ kind: 'unique' });
  });

  test('a row that refers to none is `foreign_key`, on insert and on delete', async () => {
    const records = await migrated(newStore);
    const child = { ...organization, public_id: 'p2', uid: 'u2', key: 'TWO', parent_id: 77 };
    await expect(records.db.insertInto('organizations').values(child).execute()).rejects.toMatchObject({
      kind: 'foreign_key',
    });
    const { id } = await records.db
      .insertInto('organizations')
      .values(organization)
      .returning('id')
      .executeTakeFirstOrThrow();
    await records.db
      .insertInto('organizations')
      .values({ ...child, parent_id: id })
      .execute();
    const remove = records.db.deleteFrom('organizations').where('id', '=', id).execute();
    await expect(remove).rejects.toMatchObject({ kind: 'foreign_key' });
  });

  test('a value outside its list, and an absent one, are `constraint`', async () => {
    const records = await migrated(newStore);
    const loose = untyped(records);
    await expect(loose.insertInto('claims').values({ key: 'a', state: 'odd', at: 1 }).execute()).rejects.toMatchObject({
      kind: 'constraint',
    });
    await expect(
      loose.insertInto('claims').values({ key: 'a', state: 'done', at: null }).execute(),
    ).rejects.toMatchObject({ kind: 'constraint' });
  });

  test('a mistake in the SQL is `other`', async () => {
    const records = await migrated(newStore);
    const loose = untyped(records);
    await expect(loose.selectFrom('nowhere').selectAll().execute()).rejects.toMatchObject({ kind: 'other' });
  });

  test('removing an organization removes what belongs to it, and nothing of its neighbour', async () => {
    const records = await migrated(newStore);
    const rows = { ...organization, public_id: 'p2', uid: 'u2', key: 'TWO' };
    const ids = await records.db.insertInto('organizations').values([organization, rows]).returning('id').execute();
    const [first = 0, second = 0] = ids.map(({ id }) => id);
    const times = { created_at: epochMs(1), updated_at: epochMs(1) };
    for (const organization_id of [first, second]) {
      // Both tenants have a product 7, a plan 3, an account 17 and an application 41.
      const own = { organization_id, ...times };
      await records.db
        .insertInto('products')
        .values({
          ...own,
          id: 7,
          system_name: 'weather',
          name: 'Weather',
          description: null,
          state: 'published',
          backend_version: '1',
          redirect_url: null,
        })
        .execute();
      await records.db
        .insertInto('plans')
        .values({
          ...own,
          id: 3,
          product_id: 7,
          system_name: 'evaluation',
          name: 'evaluation',
          state: 'published',
          trial_period_days: null,
        })
        .execute();
      await records.db
        .insertInto('accounts')
        .values({ ...own, id: 17, org_name: "Ann's lab", state: 'approved' })
        .execute();
      await records.db
        .insertInto('applications')
        .values({
          ...own,
          id: 41,
          account_id: 17,
          product_id: 7,
          plan_id: 3,
          name: 'Widget',
          description: null,
          state: 'live',
          app_id: null,
          user_key_hash: 'same in both',
          user_key_sealed: null,
          verification_key_sealed: null,
          redirect_url: null,
          first_traffic_at: null,
          first_daily_traffic_at: null,
        })
        .execute();
    }
    const removePlan = records.db.deleteFrom('plans').where('organization_id', '=', first).execute();
    await expect(removePlan).rejects.toMatchObject({ kind: 'foreign_key' });
    await records.db.deleteFrom('organizations').where('id', '=', first).execute();
    const left = await records.db.selectFrom('applications').select(['organization_id', 'id']).execute();
    expect(left).toEqual([{ organization_id: second, id: 41 }]);
    expect(await records.db.selectFrom('products').select('organization_id').execute()).toEqual([
      { organization_id: second },
    ]);
  });
});

test.each([
  ['mysql://host/db', 'sqlite:FILE or postgres://'],
  ['sqlite:', 'sqlite:FILE or postgres://'],
  ['sqlite::memory:', 'sqlite:FILE or postgres://'],
  ['./records.db', 'sqlite:FILE or postgres://'],
])('the address %s is refused with the accepted forms', async (url, said) => {
  await expect(openRecords(url)).rejects.toThrow(said);
});

// Conditions of the machine that a test cannot bring about, as the drivers report them.
test.each([
  ['53100', 'full'],
  ['53300', 'unavailable'],
  ['57P01', 'unavailable'],
  ['57014', 'busy'],
  ['55P03', 'busy'],
  ['40001', 'conflict'],
  ['XX001', 'corrupt'],
  ['25006', 'unavailable'],
  ['42601', 'other'],
])('SQLSTATE %s of PostgreSQL is %s', (code, kind) => {
  expect(postgresError(Object.assign(new Error('x'), { code, severity: 'ERROR' })).kind).toBe(kind);
});

test.each([
  ['Connection terminated unexpectedly', undefined, 'unavailable'],
  ['connect ECONNREFUSED 127.0.0.1:1', 'ECONNREFUSED', 'unavailable'],
  ['read ECONNRESET', 'ECONNRESET', 'unavailable'],
  ['timeout exceeded when trying to connect', undefined, 'unavailable'],
  ['write EPIPE', 'EPIPE', 'unavailable'],
])('a way to PostgreSQL that fails with "%s" is unavailable', (message, code, kind) => {
  expect(postgresError(Object.assign(new Error(message), { code })).kind).toBe(kind);
});

test.each([
  [778, 'unavailable'],
  [13, 'full'],
  [261, 'busy'],
  [517, 'busy'],
  [267, 'corrupt'],
  [1032, 'unavailable'],
  [1, 'other'],
])('result code %s of SQLite is %s', (errcode, kind) => {
  expect(sqliteError(Object.assign(new Error('x'), { code: 'ERR_SQLITE_ERROR', errcode })).kind).toBe(kind);
});
