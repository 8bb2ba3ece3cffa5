import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Session } from 'chdb';
import { ClickHouseFacts } from '../../../src/store/facts/clickhouse-facts.ts';
import { openEmbedded } from '../../../src/store/facts/embedded/embedded-engine.ts';
import type { Engine, Lane } from '../../../src/store/facts/engine.ts';
import type { FactsStore } from '../../../src/store/facts/facts-store.ts';

/** The engine takes the address as its own when the port is the one it believes to listen on. */
const CONFIGURATION = `<clickhouse>
  <tcp_port>9000</tcp_port>
  <remote_servers><north><shard><replica><host>127.0.0.1</host><port>9000</port></replica></shard></north></remote_servers>
</clickhouse>`;

/**
 * A cluster of one shard inside this process. What needs ClickHouse Keeper, which the embedded engine has not, is left
 * out of the statements on their way (`ON CLUSTER`, the replication of the local tables); everything else of the
 * cluster's tables is as it is.
 */
export async function openOneShard(): Promise<{ readonly store: FactsStore; close(): Promise<void> }> {
  const directory = mkdtempSync(join(tmpdir(), 'tallyhouse-shard-'));
  const file = join(directory, 'config.xml');
  writeFileSync(file, CONFIGURATION);
  const data = join(directory, 'data');
  const first = new Session(data, { connectionArgs: [`--config-file=${file}`] });
  const engine = await openEmbedded(data);
  const store = new ClickHouseFacts({
    engine: { ...engine, openLane: () => withoutKeeper(engine) },
    topology: { cluster: 'north', database: 'tallyhouse' },
    limits: { reads: 2, streams: 2, maxWaiting: 10 },
    log: { warn: () => {} },
  });
  return {
    store,
    async close() {
      await store.close();
      first.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function withoutKeeper(engine: Engine): Lane {
  const lane = engine.openLane();
  return {
    answer: (statement) => lane.answer({ ...statement, text: single(statement.text) }),
    stream: (statement, format, settings) => lane.stream(statement, format, settings),
    insert: (insert) => lane.insert(insert),
    load: (table, path, settings) => lane.load(table, path, settings),
    close: () => lane.close(),
  };
}

function single(text: string): string {
  return text
    .replaceAll(' ON CLUSTER `north`', '')
    .replace(/Replicated((?:Summing|Aggregating|Replacing)?MergeTree)\('[^']*', '[^']*'(?:, )?/, '$1(')
    .replace('replicated_deduplication_window =', 'non_replicated_deduplication_window =')
    .replace(/replicated_deduplication_window_seconds = \d+, /, '');
}
