/** Told of every stage; the composition root turns it into metrics and log lines. Must not throw. */
export interface IngestObserver {
  committed(group: { readonly batches: number; readonly rows: number; readonly durationMs: number }): void;
  commitFailed(error: unknown): void;
  loaded(batch: { readonly stream: string; readonly rows: number; readonly durationMs: number }): void;
  loadFailed(stream: string, error: unknown): void;
  /** Rows the engine refuses for good; they stay in the outbox, marked, for an operator to look at. */
  quarantined(stream: string, rows: number, error: unknown): void;
}
