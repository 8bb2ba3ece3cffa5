import { LRUCache } from 'lru-cache';
import { randomHex, tokenDigest } from '../directory/secrets/tokens.ts';
import type { Clock } from '../domain/time/clock.ts';
import type { RedisConnection } from './redis.ts';

/**
 * Limits over windows that slide: a request passes while each window that ends now holds fewer than its points of
 * requests that passed. Refused ones do not count. Exact, at the price of a number for every request in the longest
 * window; `RateLimit` is cheaper where a window may jump.
 */
export interface SlidingLimit {
  /** Keeps the counts of one limit apart from those of another. */
  readonly name: string;
  readonly windows: readonly { readonly points: number; readonly ms: number }[];
}

export interface SlidingLimiter {
  /** 0 when the request of `key` passes, else milliseconds until the next one would. Never throws. */
  take(key: string): Promise<number>;
}

/** Whoever is counted: the least recently seen are forgotten beyond. */
const KEPT_KEYS = 50_000;

export function slidingInMemory({ windows }: SlidingLimit, clock: Clock): SlidingLimiter {
  const longestMs = Math.max(...windows.map(({ ms }) => ms));
  const kept = new LRUCache<string, number[]>({ max: KEPT_KEYS });
  return {
    async take(key) {
      const digest = tokenDigest(key);
      const passed = kept.get(digest) ?? [];
      // A clock that was set back must neither open a window nor keep one shut for longer than it is.
      const now = Math.max(clock.now(), passed.at(-1) ?? 0);
      const gone = passed.findIndex((at) => at > now - longestMs);
      if (gone !== 0) passed.splice(0, gone === -1 ? passed.length : gone);
      const waitMs = Math.max(
        ...windows.map(({ points, ms }) => {
          // The one that has to leave the window before another fits in.
          const blocking = passed[passed.length - points];
          return blocking === undefined ? 0 : blocking + ms - now;
        }),
      );
      if (waitMs > 0) return waitMs;
      passed.push(now);
      kept.set(digest, passed);
      return 0;
    },
  };
}

/** The same on a sorted set, by the clock of Redis, in one step. ARGV: a name for the request, then points and ms. */
const SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local longest, wait = 0, 0
for i = 2, #ARGV, 2 do longest = math.max(longest, tonumber(ARGV[i + 1])) end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - longest)
for i = 2, #ARGV, 2 do
  local place = -tonumber(ARGV[i])
  local blocking = redis.call('ZRANGE', KEYS[1], place, place, 'WITHSCORES')[2]
  if blocking then wait = math.max(wait, tonumber(blocking) + tonumber(ARGV[i + 1]) - now) end
end
if wait > 0 then return wait end
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('PEXPIRE', KEYS[1], longest)
return 0`;

/** Counts in Redis, shared by all nodes; each for itself while Redis is away. */
export function slidingInRedis(limit: SlidingLimit, redis: RedisConnection, clock: Clock): SlidingLimiter {
  const alone = slidingInMemory(limit, clock);
  const windows = limit.windows.flatMap(({ points, ms }) => [String(points), String(ms)]);
  return {
    async take(key) {
      try {
        const name = `tallyhouse:limit:${limit.name}:${tokenDigest(key).slice(0, 32)}`;
        return Number(await redis.within(() => redis.run(SCRIPT, [name], [randomHex(8), ...windows])));
      } catch {
        return alone.take(key);
      }
    },
  };
}
