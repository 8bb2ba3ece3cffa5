import { streamNames } from '../domain/streams/index.ts';
import type { Clock } from '../domain/time/clock.ts';
import { LoadBatches } from '../ingest/load-batches.ts';
import { Loader } from '../ingest/loader.ts';
import { OutboxBudget } from '../ingest/outbox-budget.ts';
import type { FactsStore } from '../store/facts/facts-store.ts';
import { freezeTables, type FrozenTables } from '../store/facts/frozen-tables.ts';
import { migrationState } from '../store/facts/migrate.ts';
import type { Records } from '../store/records/records.ts';

/** What a backup asks of the facts: of the store itself, or of the server that has it open. */
export interface FactsAccess {
  migrations(): Promise<{ readonly applied: readonly string[]; readonly missing: readonly string[] }>;
  /** All streams as they are at this moment. Call it while loading is paused. */
  freeze(): Promise<FrozenTables>;
  /** Finishes inserts that a process began that is gone; one that runs finishes its own. */
  finishBegun(): Promise<void>;
  close(): Promise<void>;
}

/** On a store that this process has opened. */
export function directFacts(facts: FactsStore, records: Records, clock: Clock): FactsAccess {
  // Nobody else can have an embedded store open; beside a served one there may be a server.
  const batches = new LoadBatches(records, { alone: facts.capabilities.embedded });
  const budget = new OutboxBudget(0);
  const loader = new Loader({ batches, facts, clock, budget, observer: SILENT });
  return {
    migrations: () => migrationState(facts),
    freeze: () => freezeTables(facts, streamNames),
    finishBegun: () => loader.finishBegun(),
    close: () => facts.close(),
  };
}

const SILENT = { committed() {}, commitFailed() {}, loaded() {}, loadFailed() {}, quarantined() {} };
