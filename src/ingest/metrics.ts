import type { Logger } from 'pino';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Ingest, IngestStats } from './ingest.ts';
import type { IngestObserver } from './observer.ts';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** Every stage of the way in, as metrics and as log lines where an operator should act. */
export function ingestObserver(registry: Registry, log: Logger): IngestObserver {
  const registers = [registry];
  const commitSeconds = new Histogram({
    name: 'tallyhouse_commit_duration_seconds',
    help: 'Time of one group commit, disk included.',
    buckets: SECONDS,
    registers,
  });
  const commitBatches = new Counter({
    name: 'tallyhouse_committed_batches_total',
    help: 'Requests committed.',
    registers,
  });
  const commitRows = new Counter({
    name: 'tallyhouse_committed_rows_total',
    help: 'Fact rows committed to the outbox.',
    registers,
  });
  const commitFailures = new Counter({
    name: 'tallyhouse_commit_failures_total',
    help: 'Group commits refused by the records store.',
    registers,
  });
  const loadSeconds = new Histogram({
    name: 'tallyhouse_load_duration_seconds',
    help: 'Time of one durable insert into the facts store.',
    labelNames: ['stream'],
    buckets: SECONDS,
    registers,
  });
  const loadedRows = new Counter({
    name: 'tallyhouse_loaded_rows_total',
    help: 'Fact rows moved from the outbox into the facts store.',
    labelNames: ['stream'],
    registers,
  });
  const loadFailures = new Counter({
    name: 'tallyhouse_load_failures_total',
    help: 'Loader passes that ended with an error.',
    registers,
  });
  const quarantinedRows = new Counter({
    name: 'tallyhouse_quarantined_rows_total',
    help: 'Fact rows the facts store refuses; kept in the outbox.',
    labelNames: ['stream'],
    registers,
  });
  return {
    committed({ batches, rows, durationMs }) {
      commitSeconds.observe(durationMs / 1000);
      commitBatches.inc(batches);
      commitRows.inc(rows);
    },
    commitFailed(error) {
      commitFailures.inc();
      log.error({ err: error }, 'the records store refuses writes; callers are told to come back');
    },
    loaded({ stream, rows, durationMs }) {
      loadSeconds.observe({ stream }, durationMs / 1000);
      loadedRows.inc({ stream }, rows);
    },
    loadFailed(stream, error) {
      loadFailures.inc();
      log.warn({ err: error, stream }, 'rows cannot be loaded now; they wait in the outbox');
    },
    quarantined(stream, rows, error) {
      quarantinedRows.inc({ stream }, rows);
      log.error({ err: error, stream, rows }, 'the facts store refuses rows for good; kept in the outbox, see doctor');
    },
  };
}

/** Lag and limit of the way in, read when metrics are asked for. */
export function ingestGauges(registry: Registry, ingest: Pick<Ingest, 'stats' | 'lagMs'>): void {
  new Gauge({
    name: 'tallyhouse_outbox_oldest_seconds',
    help: 'For how long the oldest acknowledged row has not been in the facts store.',
    registers: [registry],
    async collect() {
      // While the records store is away nobody knows, and the other metrics are wanted most.
      this.set(
        await ingest.lagMs().then(
          (ms) => ms / 1000,
          () => Number.NaN,
        ),
      );
    },
  });
  const gauge = (name: string, help: string, value: (now: IngestStats) => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(value(ingest.stats()));
      },
    });
  };
  gauge('tallyhouse_commit_waiting', 'Requests waiting for a group commit.', (now) => now.waiting);
  gauge('tallyhouse_outbox_bytes', 'Acknowledged bytes not yet in the facts store.', (now) => now.outboxBytes);
  gauge('tallyhouse_outbox_limit_bytes', 'Disk budget of the outbox.', (now) => now.outboxLimitBytes);
  gauge('tallyhouse_load_failing', 'Loader passes that failed in a row.', (now) => now.loadFailures);
}
