import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { systemClock, type Clock } from '../domain/time/clock.ts';
import {
  clockSecondsInMemory,
  clockSecondsInRedis,
  type ClockSecondLimit,
  type ClockSecondLimiter,
} from './clock-seconds.ts';
import { connectRedis, type RedisConnection } from './redis.ts';
import { slidingInMemory, slidingInRedis, type SlidingLimit, type SlidingLimiter } from './sliding-window.ts';
import { tokenDigest } from '../directory/secrets/tokens.ts';

/** At most `points` in each window of `windowSeconds`; a window begins with the first point after the last one ended. */
export interface RateLimit {
  /** Keeps the counts of one limit apart from those of another, e.g. `tr50.packets`. */
  readonly name: string;
  readonly points: number;
  readonly windowSeconds: number;
}

export type RateDecision =
  | { readonly allowed: true; readonly remaining: number; readonly resetMs: number }
  | { readonly allowed: false; readonly retryAfterMs: number };

export interface RateLimiter {
  /**
   * Takes points of `key` (whoever is limited: an organization, a user, an address). Never throws. The key is only
   * kept as a digest, so that neither memory nor Redis holds an address or a token.
   */
  consume(key: string, points?: number): Promise<RateDecision>;
}

export interface RateLimits {
  limiter(limit: RateLimit): RateLimiter;
  sliding(limit: SlidingLimit): SlidingLimiter;
  clockSeconds(limit: ClockSecondLimit): ClockSecondLimiter;
  close(): Promise<void>;
}

export interface RateLimitOptions {
  readonly clock?: Clock | undefined;
  /** Shares the counts between nodes. Without it each process counts for itself. */
  readonly redisUrl?: string | undefined;
  /** Told when Redis is lost, once for each outage, and with null when it is back. */
  readonly onRedisTrouble?: ((error: Error | null) => void) | undefined;
}

/**
 * Rate limits, counted in memory, or in Redis when a URL is given. While Redis is away or slow (more than 250 ms) each
 * process counts for itself: a limit is then looser by the number of nodes, and nobody is refused because of it.
 * Does not wait for Redis to be there.
 */
export async function createRateLimits(options: RateLimitOptions = {}): Promise<RateLimits> {
  const { clock = systemClock } = options;
  if (options.redisUrl === undefined) {
    return {
      limiter: (limit) => limiterOver(inMemory(limit)),
      sliding: (limit) => slidingInMemory(limit, clock),
      clockSeconds: (limit) => clockSecondsInMemory(limit, clock),
      close: async () => {},
    };
  }
  const redis = await connectRedis(options.redisUrl, options.onRedisTrouble);
  return {
    limiter: (limit) => limiterOver(inRedis(limit, redis)),
    sliding: (limit) => slidingInRedis(limit, redis, clock),
    clockSeconds: (limit) => clockSecondsInRedis(limit, redis, clock),
    close: () => redis.close(),
  };
}

function settings({ name, points, windowSeconds }: RateLimit): { keyPrefix: string; points: number; duration: number } {
  return { keyPrefix: `tallyhouse:limit:${name}`, points, duration: windowSeconds };
}

interface Counter {
  consume(key: string, points: number): Promise<RateLimiterRes>;
}

function inMemory(limit: RateLimit): Counter {
  return new RateLimiterMemory(settings(limit));
}

function inRedis(limit: RateLimit, redis: RedisConnection): Counter {
  const alone = new RateLimiterMemory(settings(limit));
  const shared = new RateLimiterRedis({
    ...settings(limit),
    storeClient: redis.client,
    useRedisPackage: true,
    rejectIfRedisNotReady: true,
  });
  return {
    async consume(key, points) {
      try {
        return await redis.within(() => shared.consume(key, points));
      } catch (answer) {
        // A refusal is thrown too; anything else means that Redis did not answer.
        if (answer instanceof RateLimiterRes) throw answer;
        return alone.consume(key, points);
      }
    },
  };
}

function limiterOver(counter: Counter): RateLimiter {
  return {
    async consume(key, points = 1) {
      try {
        const { remainingPoints, msBeforeNext } = await counter.consume(tokenDigest(key).slice(0, 32), points);
        return { allowed: true, remaining: remainingPoints, resetMs: Math.max(0, msBeforeNext) };
      } catch (answer) {
        if (!(answer instanceof RateLimiterRes)) throw answer;
        return { allowed: false, retryAfterMs: Math.max(1, answer.msBeforeNext) };
      }
    },
  };
}
