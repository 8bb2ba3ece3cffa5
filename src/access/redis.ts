/** Longest time a request waits for Redis before it goes on without. */
const PATIENCE_MS = 250;
/** After Redis was too slow it is left alone that long, so that not every request pays the wait. */
const PAUSE_MS = 2000;

export interface RedisConnection {
  /** A client of the `redis` package, for libraries that take one. */
  readonly client: object;
  /** Runs `work`; fails at once while Redis is away, and after 250 ms when it does not answer. */
  within<T>(work: () => Promise<T>): Promise<T>;
  /** Runs a script of Redis's own; to be called within `within`. */
  run(script: string, keys: readonly string[], values: readonly string[]): Promise<unknown>;
  close(): Promise<void>;
}

/**
 * Connects to Redis in the background and goes on trying for ever. The package is loaded only here, so that nobody
 * needs it who has no Redis. `onTrouble` hears of the loss once, and null when Redis is back.
 */
export async function connectRedis(
  url: string,
  onTrouble: ((error: Error | null) => void) | undefined,
): Promise<RedisConnection> {
  const { createClient } = await import('redis');
  let troubled = false;
  let pausing: NodeJS.Timeout | undefined;

  const lost = (error: Error): void => {
    if (!troubled) onTrouble?.(error);
    troubled = true;
  };
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: { connectTimeout: 2000, reconnectStrategy: (attempt) => Math.min(100 * 2 ** attempt, 5000) },
  });
  client.on('error', lost);
  const found = (): void => {
    if (troubled) onTrouble?.(null);
    troubled = false;
  };
  client.on('ready', found);
  const tryAgain = (): void => {
    pausing = undefined;
    client.ping().then(found, lost);
  };
  // Settles only once a connection stands; until then every request is counted without Redis.
  client.connect().catch(lost);

  return {
    client,
    async within(work) {
      if (pausing !== undefined) throw new Error('Redis was too slow a moment ago');
      let timer: NodeJS.Timeout | undefined;
      const tooSlow = new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          pausing ??= setTimeout(tryAgain, PAUSE_MS).unref();
          const error = new Error(`Redis did not answer within ${PATIENCE_MS} ms`);
          lost(error);
          reject(error);
        }, PATIENCE_MS);
      });
      try {
        return await Promise.race([work(), tooSlow]);
      } finally {
        clearTimeout(timer);
      }
    },
    run: (script, keys, values) => client.eval(script, { keys: [...keys], arguments: [...values] }),
    async close() {
      clearTimeout(pausing);
      client.destroy();
    },
  };
}
