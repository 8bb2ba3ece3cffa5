import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { FactsStore } from '../../src/store/facts/facts-store.ts';
import { openFacts, type FactsOptions } from '../../src/store/facts/open-facts.ts';
import { startClickHouseBridge, type ClickHouseBridge } from './clickhouse-http-bridge.ts';

/** A facts store in a directory of its own inside this process. Only one may be open in a process at a time. */
async function openEmbeddedFacts(options: FactsOptions = {}): Promise<TestFacts> {
  const directory = mkdtempSync(join(tmpdir(), 'tallyhouse-facts-'));
  const url = `chdb:${directory}`;
  const store = await openFacts(url, options);
  return {
    store,
    url,
    async close() {
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export interface TestFacts {
  readonly store: FactsStore;
  readonly url: string;
  close(): Promise<void>;
}

/** The engines that every test of the store runs on. */
export const factsEngines = [
  { name: 'chDB, embedded', open: openEmbeddedFacts },
  { name: 'chDB behind HTTP', open: openServedFacts },
] as const;

async function openServedFacts(options: FactsOptions = {}): Promise<TestFacts> {
  const bridge = await startClickHouseBridge();
  const url = bridge.url();
  const store = await openFacts(url, options);
  return {
    store,
    url,
    async close() {
      await store.close();
      await bridge.stop();
    },
  };
}

/**
 * A migrated store for the tests of one `describe`, with a fresh set of tables:
 *
 *     const facts = factsOf(engine);
 *     test('…', async () => { await facts().insert(…) });
 */
export function factsOf(engine: (typeof factsEngines)[number], options: FactsOptions = {}): () => FactsStore {
  let opened: TestFacts | undefined;
  beforeAll(async () => {
    opened = await engine.open(options);
    await opened.store.migrate();
  });
  afterAll(async () => {
    await opened?.close();
  });
  return () => {
    if (opened === undefined) throw new Error('the store is open in tests and hooks only');
    return opened.store;
  };
}

/** A bridge for the tests of one `describe`. */
export function bridgeOf(): () => ClickHouseBridge {
  let bridge: ClickHouseBridge | undefined;
  beforeAll(async () => {
    bridge = await startClickHouseBridge();
  });
  afterAll(async () => {
    await bridge?.stop();
  });
  return () => {
    if (bridge === undefined) throw new Error('the bridge runs in tests and hooks only');
    return bridge;
  };
}
