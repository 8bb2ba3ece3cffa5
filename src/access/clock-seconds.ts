import { LRUCache } from 'lru-cache';
import { tokenDigest } from '../directory/secrets/tokens.ts';
import type { Clock } from '../domain/time/clock.ts';
import { SECOND_MS } from '../domain/time/durations.ts';
import type { RedisConnection } from './redis.ts';

/** At most `points` in each whole second of the clock: the budget is full again when the next second begins. */
export interface ClockSecondLimit {
  /** Keeps the counts of one limit apart from those of another. */
  readonly name: string;
  readonly points: number;
}

export interface ClockSecondLimiter {
  /** Counts a request of `key`; refused ones count, too, which makes no difference. Never throws. */
  take(key: string): Promise<ClockSecondDecision>;
}

export interface ClockSecondDecision {
  readonly allowed: boolean;
  /** What is left of this second's budget. */
  readonly remaining: number;
}

/** Whoever is counted: the least recently seen are forgotten beyond. */
const KEPT_KEYS = 50_000;

export function clockSecondsInMemory({ points }: ClockSecondLimit, clock: Clock): ClockSecondLimiter {
  const kept = new LRUCache<string, { second: number; count: number }>({ max: KEPT_KEYS });
  return {
    async take(key) {
      const digest = tokenDigest(key);
      const second = Math.floor(clock.now() / SECOND_MS);
      const known = kept.get(digest);
      const count = known?.second === second ? known.count + 1 : 1;
      kept.set(digest, { second, count });
      return decision(count, points);
    },
  };
}

/** The same by the clock of Redis, so that all nodes begin their seconds together. */
const SCRIPT = `
local second = redis.call('TIME')[1]
if redis.call('HGET', KEYS[1], 'second') ~= second then
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'second', second)
end
redis.call('PEXPIRE', KEYS[1], 2000)
return redis.call('HINCRBY', KEYS[1], 'count', 1)`;

/** Counts in Redis, shared by all nodes; each for itself while Redis is away. */
export function clockSecondsInRedis(limit: ClockSecondLimit, redis: RedisConnection, clock: Clock): ClockSecondLimiter {
  const alone = clockSecondsInMemory(limit, clock);
  return {
    async take(key) {
      try {
        const name = `tallyhouse:limit:${limit.name}:${tokenDigest(key).slice(0, 32)}`;
        const count = Number(await redis.within(() => redis.run(SCRIPT, [name], [])));
        return decision(count, limit.points);
      } catch {
        return alone.take(key);
      }
    },
  };
}

function decision(count: number, points: number): ClockSecondDecision {
  return { allowed: count <= points, remaining: Math.max(0, points - count) };
}
