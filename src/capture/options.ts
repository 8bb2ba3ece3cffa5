/** A row of `requests` as it is sent; absent values are left out. */
export interface CapturedRow {
  /** Names the row for ever, so that a repeated request counts once. */
  readonly id: string;
  /** When the request arrived, RFC 3339 in UTC. */
  readonly time: string;
  service: string;
  /** Absolute, query included. */
  url?: string;
  method?: string;
  /** Left out when the caller went before there was one. */
  status?: number;
  /** Of the body, as it was sent. */
  bytes: number;
  /** `HIT`, `MISS`, or another word of the response header. */
  cache?: string;
  sdk?: string;
  device?: string;
  /** API key of a stack. */
  stack?: string;
  ip?: string;
  /** Whole milliseconds from arrival to the end of the answer. */
  duration_ms: number;
  project?: string;
  environment?: string;
  application?: number;
  thing?: string;
  user?: string;
  /** ISO 3166-1 alpha-2. */
  country?: string;
}

export interface CaptureOptions {
  /** Address of the Tallyhouse server. Default: the variable TALLYHOUSE_URL. */
  readonly url?: string | undefined;
  /** A native key with the scope `ingest`. Default: the variable TALLYHOUSE_KEY. */
  readonly key?: string | undefined;
  /** `service` of the rows. Default `web`. */
  readonly service?: string | undefined;
  /**
   * Changes a row before it is kept, or leaves the request out by returning null. `request` is the framework's own.
   * When it throws or gives no row (nothing, a promise), the request is left out and counted in `failed`.
   */
  row?(row: CapturedRow, request: object): CapturedRow | null;
  /** Told in words, once an outage, when rows cannot be delivered, are dropped or refused. Default: a process warning. */
  readonly onProblem?: ((problem: string) => void) | undefined;
  /** How long a row waits for others at most. Default 1,000. */
  readonly sendEveryMs?: number | undefined;
  /** Rows of one request at most. Default 1,000. */
  readonly batchRows?: number | undefined;
  /** Memory that rows may take while the server is away, in characters; further rows are dropped. Default 32 Mi. */
  readonly bufferBytes?: number | undefined;
  /** How long one try may take before it counts as failed. Default 10,000. */
  readonly timeoutMs?: number | undefined;
}

/** captured = accepted + duplicate + rejected + dropped + waiting. */
export interface CaptureStats {
  readonly captured: number;
  /** Stored by the server. */
  readonly accepted: number;
  /** Stored by an earlier try whose answer was lost. */
  readonly duplicate: number;
  /** Refused by the server for what they say. */
  readonly rejected: number;
  /** Not sent: there was no room left, or no time at the end. */
  readonly dropped: number;
  readonly waiting: number;
  /** Requests of which no row could be made. */
  readonly failed: number;
}
