import { sql } from 'kysely';
import pg from 'pg';
import { expect, test } from 'vitest';
import { openRecords } from '../../../src/store/records/open-records.ts';
import { sharedPostgres, startPostgres } from '../../support/postgres.ts';
import { opened } from './engines.ts';

test('a server that is killed and comes back keeps what it acknowledged, and the store finds it again', async () => {
  const server = await startPostgres({ durable: true });
  try {
    const records = await opened(await server.createDatabase());
    await records.migrate();
    await records.transaction((tx) => tx.insertInto('settings').values({ key: 'kept', value: '1' }).execute());
    const cut = records.transaction(async (tx) => {
      await tx.insertInto('settings').values({ key: 'lost', value: '1' }).execute();
      await server.kill();
      await tx.insertInto('settings').values({ key: 'never', value: '1' }).execute();
    });
    await expect(cut).rejects.toMatchObject({ name: 'RecordsError', kind: 'unavailable' });
    await expect(records.ping()).rejects.toMatchObject({ kind: 'unavailable' });
    await server.start();
    await records.ping();
    expect(await records.db.selectFrom('settings').select('key').execute()).toEqual([{ key: 'kept' }]);
  } finally {
    await server.stop();
  }
});

test('a connection that is cut in the middle of a transaction costs that transaction and nothing else', async () => {
  const records = await opened(await (await sharedPostgres()).createDatabase());
  await records.migrate();
  const cut = records.transaction(async (tx) => {
    await tx.insertInto('settings').values({ key: 'lost', value: '1' }).execute();
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
    await sql`select pg_terminate_backend(${rows[0]?.pid})`.execute(records.db);
    await tx.insertInto('settings').values({ key: 'never', value: '1' }).execute();
  });
  await expect(cut).rejects.toMatchObject({ kind: 'unavailable' });
  await records.transaction((tx) => tx.insertInto('settings').values({ key: 'next', value: '1' }).execute());
  expect(await records.db.selectFrom('settings').select('key').execute()).toEqual([{ key: 'next' }]);
});

test('connections cut at rest are replaced, without a word to the caller', async () => {
  const warnings: string[] = [];
  const url = await (await sharedPostgres()).createDatabase();
  const records = await openRecords(url, { log: { warn: (_, message) => void warnings.push(message) } });
  await records.migrate();
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`);
  await admin.end();
  await expect.poll(() => warnings).toEqual(['a connection to the records store was lost']);
  await records.ping();
  await records.close();
});

test('no server, a wrong password or no such database say where and why, never the password', async () => {
  const url = new URL(await (await sharedPostgres()).createDatabase());
  url.password = 'hush-hush';
  const nowhere = new URL(url);
  nowhere.port = '1';
  await expect(openRecords(nowhere.href)).rejects.toMatchObject({
    kind: 'unavailable',
    message: `cannot use the records store postgres://127.0.0.1:1${url.pathname}: connect ECONNREFUSED 127.0.0.1:1`,
  });
  url.pathname = '/absent';
  await expect(openRecords(url.href)).rejects.toMatchObject({
    kind: 'unavailable',
    message: `cannot use the records store postgres://${url.host}/absent: database "absent" does not exist`,
  });
});

test('a database that cannot hold every character is refused', async () => {
  const url = new URL(await (await sharedPostgres()).createDatabase());
  const admin = new pg.Client({ connectionString: url.href });
  await admin.connect();
  const name = `${url.pathname.slice(1)}_latin`;
  await admin.query(`create database ${name} encoding 'LATIN1' locale 'C' template template0 locale_provider libc`);
  await admin.end();
  url.pathname = `/${name}`;
  await expect(openRecords(url.href)).rejects.toThrow(/must have the encoding UTF8/);
});
