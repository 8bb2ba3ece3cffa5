import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { streamNames } from '../../src/domain/streams/index.ts';
import { readManifest } from '../../src/backup/read-backup.ts';
import { systemClock } from '../../src/domain/time/clock.ts';
import { LoadBatches } from '../../src/ingest/load-batches.ts';
import { isPauseWanted } from '../../src/ingest/loading-pause.ts';
import type { FactsStore } from '../../src/store/facts/facts-store.ts';
import { countRows } from '../../src/store/facts/frozen-tables.ts';
import { emptyFacts } from '../../src/backup/restore-facts.ts';
import { openOneShard } from '../store/facts/one-shard.ts';
import { engines, migrated } from '../store/records/engines.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { backedUp, NOON, restored } from './support/small-world.ts';

const [sqlite] = engines;

test('on a cluster loading is paused until the facts are copied, and a restore fills the shards', async () => {
  if (sqlite === undefined) throw new Error('no engine to test on');
  const shard = await openOneShard();
  onTestFinished(() => shard.close());
  const facts = shard.store;
  await facts.migrate();
  const lines = Array.from({ length: 700 }, (_, number) =>
    JSON.stringify({ organization: 1, time: NOON + number * 60_000, array: 'a', count: 3 }),
  );
  await facts.insert('visits', `${lines.join('\n')}\n`, { token: 'first', rows: 700 });
  const records = await migrated(sqlite.newStore);
  await records.db
    .insertInto('outbox')
    .values({ stream: 'visits', rows: 1, bytes: 1, payload: `${lines[0]}\n`, batch: null, committed_at: NOON })
    .execute();

  // While the facts are read, nobody may load.
  const seen: unknown[] = [];
  const watching = new Proxy(facts, {
    get: (store: FactsStore, name) => {
      const value = Reflect.get(store, name) as unknown;
      if (name === 'stream') {
        return async (...parameters: Parameters<FactsStore['stream']>) => {
          const claimed = await new LoadBatches(records).claim('visits', systemClock.now());
          seen.push([await isPauseWanted(records), claimed]);
          return store.stream(...parameters);
        };
      }
      return typeof value === 'function' ? (value.bind(store) as unknown) : value;
    },
  });
  const backup = await backedUp({ records, facts: watching }, join(temporaryDirectory(), 'backup'));
  expect(seen).toEqual(Array.from({ length: streamNames.length }, () => [true, null]));
  expect(await isPauseWanted(records)).toBe(false);
  expect(await readManifest(backup)).toMatchObject({ waiting: { visits: 1 } });

  await emptyFacts(facts);
  expect(await countRows(facts, 'visits')).toBe(0);
  const target = await migrated(sqlite.newStore);
  await restored(backup, { records: target, facts });
  for (const table of ['visits', 'visits_local']) expect(await countRows(facts, table)).toBe(700);
});
