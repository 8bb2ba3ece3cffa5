import { expect, it } from 'vitest';
import { systemClock } from '../../src/domain/time/clock.ts';
import { epochMs } from '../../src/domain/time/instant.ts';
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

it('writes a state only when a step has given back another one, and hands back why one refused', async () => {
  const records = await migrated(async () => (await sharedPostgres()).createDatabase());
  const at = systemClock.now();
  const stepOf = (key: string, advance: Step['advance']): Step => ({ kind: KEEP.kind, key, advance });
  const add = stepOf('D1', (state) => ({ ok: true, state: { n: ((state as { n: number } | null)?.n ?? 0) + 1 } }));
  const refuse = stepOf('D2', () => ({
    ok: false,
    problem: { kind: 'conflict', what: 'test', reason: 'full' },
    result: { n: 7 },
  }));
  const run = async (when: number, steps: readonly Step[]) =>
    records.transaction(async (tx) => {
      const states = new StateTable(tx, epochMs(when));
      await states.load(steps);
      const advanced = steps.map((step) => states.advance([step]));
      await states.save();
      return advanced;
    });
  const rows = () => records.db.selectFrom('states').select(['key', 'value', 'updated_at']).execute();

  await run(at, [add]);
  const refused = { ok: false, problem: { kind: 'conflict', what: 'test', reason: 'full' }, result: { n: 7 } };
  expect(await run(at + 1, [KEEP, refuse])).toEqual([{ ok: true, facts: [], results: [undefined] }, refused]);
  expect(await rows()).toEqual([{ key: 'D1', value: '{"n":1}', updated_at: at }]);
  await run(at + 2, [add, KEEP]);
  expect(await rows()).toEqual([{ key: 'D1', value: '{"n":2}', updated_at: at + 2 }]);
});
