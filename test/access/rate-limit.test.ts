import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createRateLimits, type RateLimits } from '../../src/access/rate-limit.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

const open: RateLimits[] = [];
let redis: TestRedis;

async function rateLimits(options: Parameters<typeof createRateLimits>[0]): Promise<RateLimits> {
  const limits = await createRateLimits(options);
  open.push(limits);
  return limits;
}

async function until(met: () => Promise<boolean> | boolean): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (await met()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('waited 5 s in vain');
}

beforeAll(async () => {
  redis = await startRedis();
});
afterEach(async () => {
  for (const limits of open.splice(0)) await limits.close();
});
afterAll(() => redis.stop());

describe.each(['memory', 'Redis'])('a limit of 3 in 1 s, counted in %s', (where) => {
  const options = () => (where === 'Redis' ? { redisUrl: redis.url } : {});

  test('lets three through, refuses the fourth with the time to wait, and forgets after the window', async () => {
    const limits = await rateLimits(options());
    const limiter = limits.limiter({ name: `plain-${where}`, points: 3, windowSeconds: 1 });
    expect(await limiter.consume('ann')).toEqual({ allowed: true, remaining: 2, resetMs: expect.any(Number) });
    expect(await limiter.consume('ann')).toMatchObject({ allowed: true, remaining: 1 });
    expect(await limiter.consume('ann')).toMatchObject({ allowed: true, remaining: 0 });
    const refused = await limiter.consume('ann');
    expect(refused.allowed).toBe(false);
    const wait = refused.allowed ? 0 : refused.retryAfterMs;
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(1000);
    await new Promise((resolve) => setTimeout(resolve, wait + 20));
    expect(await limiter.consume('ann')).toMatchObject({ allowed: true, remaining: 2 });
  });

  test('counts keys, and limits of other names, apart; several points at once', async () => {
    const limits = await rateLimits(options());
    const limiter = limits.limiter({ name: `a-${where}`, points: 3, windowSeconds: 60 });
    const other = limits.limiter({ name: `b-${where}`, points: 3, windowSeconds: 60 });
    expect(await limiter.consume('ann', 3)).toMatchObject({ allowed: true, remaining: 0 });
    expect(await limiter.consume('ann')).toMatchObject({ allowed: false });
    expect(await limiter.consume('bob')).toMatchObject({ allowed: true });
    expect(await other.consume('ann')).toMatchObject({ allowed: true });
  });

  test('of 20 at the same moment exactly 3 get through', async () => {
    const limits = await rateLimits(options());
    const limiter = limits.limiter({ name: `race-${where}`, points: 3, windowSeconds: 60 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => limiter.consume('ann')));
    expect(answers.filter((answer) => answer.allowed)).toHaveLength(3);
  });
});

describe('with Redis', () => {
  test('two nodes share one count', async () => {
    const [one, two] = [await rateLimits({ redisUrl: redis.url }), await rateLimits({ redisUrl: redis.url })];
    const limit = { name: 'shared', points: 3, windowSeconds: 60 };
    // Both have to be connected, or they count for themselves.
    await until(async () => {
      await one.limiter({ name: 'warm', points: 1000, windowSeconds: 60 }).consume('x');
      const answer = await two.limiter({ name: 'warm', points: 1000, windowSeconds: 60 }).consume('x');
      return answer.allowed && answer.remaining < 998;
    });
    await one.limiter(limit).consume('ann', 2);
    expect(await two.limiter(limit).consume('ann')).toMatchObject({ allowed: true, remaining: 0 });
    expect(await one.limiter(limit).consume('ann')).toMatchObject({ allowed: false });
  });

  test('nothing is refused or thrown while Redis is dead; it is used again when it is back', async () => {
    const troubles: (string | null)[] = [];
    const limits = await rateLimits({
      redisUrl: redis.url,
      onRedisTrouble: (error) => troubles.push(error === null ? null : 'lost'),
    });
    const limiter = limits.limiter({ name: 'outage', points: 2, windowSeconds: 60 });
    await redis.kill();
    await until(() => troubles.length > 0);
    expect(await limiter.consume('ann')).toMatchObject({ allowed: true });
    expect(await limiter.consume('ann')).toMatchObject({ allowed: true });
    expect(await limiter.consume('ann')).toMatchObject({ allowed: false });
    await redis.start();
    await until(() => troubles.length > 1);
    expect(await limiter.consume('ann')).toMatchObject({ allowed: true, remaining: 1 });
    expect(troubles).toEqual(['lost', null]);
  });

  test('a Redis that hangs costs a request 250 ms once, the next ones nothing', async () => {
    const limits = await rateLimits({ redisUrl: redis.url });
    const limiter = limits.limiter({ name: 'hang', points: 10, windowSeconds: 60 });
    await until(async () => {
      const answer = await limiter.consume('warm');
      return answer.allowed && answer.remaining < 9;
    });
    redis.freeze();
    try {
      const begun = performance.now();
      expect(await limiter.consume('ann')).toMatchObject({ allowed: true });
      const first = performance.now() - begun;
      expect(await limiter.consume('ann')).toMatchObject({ allowed: true });
      const second = performance.now() - begun - first;
      expect(first).toBeGreaterThan(200);
      expect(first).toBeLessThan(600);
      expect(second).toBeLessThan(100);
    } finally {
      redis.thaw();
    }
  });

  test('a wrong address does not keep the program from starting', async () => {
    const limits = await rateLimits({ redisUrl: 'redis://127.0.0.1:1' });
    expect(await limits.limiter({ name: 'none', points: 1, windowSeconds: 60 }).consume('ann')).toMatchObject({
      allowed: true,
    });
  });
});
