import { ClickHouseFacts } from './clickhouse-facts.ts';
import type { Engine } from './engine.ts';
import type { FactsStore } from './facts-store.ts';
import { DEFAULT_DATABASE, parseFactsUrl } from './facts-url.ts';
import { openServed } from './served/served-engine.ts';

export interface FactsOptions {
  /** Queries that run at the same time; more wait. Default 2, right for two cores. */
  readonly concurrentReads?: number;
  /** Exports that run at the same time; more wait. Default 2. */
  readonly concurrentStreams?: number;
  /** Queries and exports that may wait; more are refused as `overloaded`. Default 256. */
  readonly maxWaiting?: number;
  readonly log?: FactsLog;
}

/** The part of a logger that the store uses. */
export interface FactsLog {
  warn(data: object, message: string): void;
}

const DEFAULT_READS = 2;
const DEFAULT_STREAMS = 2;
const DEFAULT_WAITING = 256;
/** Beside reads and streams: one insert, one command, one for pings and for stopping the others. */
const OTHER_LANES = 3;

/**
 * Opens the facts store at `chdb:DIRECTORY` (relative to the working directory) or
 * `http(s)://user:password@host:8123/database?cluster=NAME`. The tables are not touched: `migrate` makes them. A served
 * engine need not be up yet. Throws a `FactsError` that says what to repair.
 */
export async function openFacts(url: string, options: FactsOptions = {}): Promise<FactsStore> {
  const address = parseFactsUrl(url);
  const reads = options.concurrentReads ?? DEFAULT_READS;
  const streams = options.concurrentStreams ?? DEFAULT_STREAMS;
  const limits = { reads, streams, maxWaiting: options.maxWaiting ?? DEFAULT_WAITING };
  const log = options.log ?? { warn: () => {} };
  if (address.kind === 'served') {
    const engine = openServed(address, reads + streams + OTHER_LANES);
    return new ClickHouseFacts({ engine, topology: address, limits, log });
  }
  // Half a gigabyte of library: not touched by a server whose facts are elsewhere.
  const { openEmbedded } = await import('./embedded/embedded-engine.ts');
  const engine: Engine = await openEmbedded(address.path);
  return new ClickHouseFacts({ engine, topology: { cluster: null, database: DEFAULT_DATABASE }, limits, log });
}
