import { expect, it } from 'vitest';
import { systemClock } from '../../src/domain/time/clock.ts';
import type { Step } from '../../src/ingest/batch.ts';
import { StateTable } from '../../src/ingest/state-table.ts';
import { sharedPostgres } from '../support/postgres.ts';
import { migrated } from '../store/records/engines.ts';

const KEEP: Step = { kind: 'test.session', key: 'D1', advance: (state) => ({ ok: true, state }) };

it('holds a state that another node removes in the moment it is read, so that no third one advances it as well', async () => {
  const records = await migrated(async () => (await sharedPostgres()).createDatabase());
  const at = systemClock.now();
  const row = { kind: KEEP.kind, key: KEEP.key, value: '{"began":1}', updated_at: at };
  await records.db.insertInto('states').values(row).execute();

  let reading = Promise.resolve<{ value: string }[]>([]);
  await records.transaction(async (other) => {
    await other.selectFrom('states').select('key').where('key', '=', KEEP.key).forUpdate().execute();
    reading = records.transaction(async (tx) => {
      await new StateTable(tx, at).load([KEEP]);
      return tx.selectFrom('states').select('value').where('key', '=', KEEP.key).execute();
    });
    // By now the reader waits for the lock that this transaction holds.
    await new Promise((resolve) => setTimeout(resolve, 500));
    await other.deleteFrom('states').where('key', '=', KEEP.key).execute();
  });
  expect(await reading).toEqual([{ value: 'null' }]);
});
