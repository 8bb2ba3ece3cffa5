import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRateLimits, type RateLimits } from '../../src/access/rate-limit.ts';
import { epochMs } from '../../src/domain/time/instant.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

/** scanalytics.md 5. */
const OF_CREDENTIALS = [
  { points: 180, ms: 60_000 },
  { points: 1200, ms: 3_600_000 },
];

function clockAt(start: number): { now: () => ReturnType<typeof epochMs>; at: number } {
  const clock = { at: start, now: () => epochMs(clock.at) };
  return clock;
}

describe('counted in memory', () => {
  async function limiterAt(start: number) {
    const clock = clockAt(start);
    const limits = await createRateLimits({ clock });
    return { clock, limiter: limits.sliding({ name: 'test', windows: OF_CREDENTIALS }) };
  }

  test('request 181 of a minute waits until the first one has left the window', async () => {
    const { clock, limiter } = await limiterAt(1_000_000);
    for (let request = 0; request < 180; request += 1) {
      clock.at = 1_000_000 + request;
      expect(await limiter.take('dana')).toBe(0);
    }
    clock.at = 1_010_000;
    expect(await limiter.take('dana')).toBe(50_000);
    clock.at = 1_059_999;
    expect(await limiter.take('dana')).toBe(1);
    clock.at = 1_060_000;
    expect(await limiter.take('dana')).toBe(0);
    expect(await limiter.take('dana')).toBe(1);
  });

  test('request 1201 of an hour waits for the later of both windows', async () => {
    const { clock, limiter } = await limiterAt(0);
    for (let request = 0; request < 1200; request += 1) {
      clock.at = request * 1000;
      expect(await limiter.take('dana')).toBe(0);
    }
    expect(await limiter.take('dana')).toBe(3_600_000 - 1_199_000);
    clock.at = 3_599_999;
    expect(await limiter.take('dana')).toBe(1);
    clock.at = 3_600_000;
    expect(await limiter.take('dana')).toBe(0);
    expect(await limiter.take('dana')).toBe(1000);
  });

  test('refused requests do not count', async () => {
    const { clock, limiter } = await limiterAt(0);
    for (let request = 0; request < 180; request += 1) await limiter.take('dana');
    for (let refused = 0; refused < 5000; refused += 1) expect(await limiter.take('dana')).toBe(60_000);
    clock.at = 60_000;
    expect(await limiter.take('dana')).toBe(0);
  });

  test('others are counted for themselves', async () => {
    const { limiter } = await limiterAt(0);
    for (let request = 0; request < 180; request += 1) await limiter.take('dana');
    expect(await limiter.take('vera')).toBe(0);
  });

  test('a clock that is set back opens nothing and shuts nothing for longer', async () => {
    const { clock, limiter } = await limiterAt(10_000_000);
    for (let request = 0; request < 180; request += 1) await limiter.take('dana');
    clock.at = 0;
    expect(await limiter.take('dana')).toBe(60_000);
    clock.at = 10_060_000;
    expect(await limiter.take('dana')).toBe(0);
  });
});

describe('counted in Redis', () => {
  let redis: TestRedis;
  const open: RateLimits[] = [];
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(async () => {
    for (const limits of open) await limits.close();
    await redis.stop();
  });

  async function node() {
    const limits = await createRateLimits({ redisUrl: redis.url });
    open.push(limits);
    const limiter = (points: number, ms: number) =>
      limits.sliding({
        name: 'test',
        windows: [
          { points, ms },
          { points: points * 10, ms: ms * 10 },
        ],
      });
    return limiter;
  }

  test('of 60 at once from two nodes exactly 20 pass, and one more when the window has moved on', async () => {
    const [one, two] = [await node(), await node()];
    const limiters = [one(20, 1500), two(20, 1500)];
    // Connections are made in the background; until then each node counts for itself.
    await new Promise((resolve) => setTimeout(resolve, 300));
    const waits = await Promise.all(
      Array.from({ length: 30 }, () => limiters.map((limiter) => limiter.take('dana'))).flat(),
    );
    expect(waits.filter((wait) => wait === 0)).toHaveLength(20);
    const longest = Math.max(...waits.map(Number));
    expect(longest).toBeGreaterThan(0);
    expect(longest).toBeLessThanOrEqual(1500);
    await new Promise((resolve) => setTimeout(resolve, longest + 20));
    expect(await limiters[0]?.take('dana')).toBe(0);
  });

  test('without Redis each node counts for itself', async () => {
    const limiter = (await node())(2, 60_000);
    await redis.kill();
    expect([await limiter.take('vera'), await limiter.take('vera')]).toEqual([0, 0]);
    expect(await limiter.take('vera')).toBeGreaterThan(0);
    await redis.start();
  });
});
