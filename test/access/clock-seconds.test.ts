import { expect, test } from 'vitest';
import { clockSecondsInMemory } from '../../src/access/clock-seconds.ts';
import { epochMs } from '../../src/domain/time/instant.ts';

function limiterAt(ms: number) {
  const clock = { at: ms, now: () => epochMs(clock.at) };
  return { clock, limiter: clockSecondsInMemory({ name: 'test', points: 2 }, clock) };
}

test('the budget is full at the start of each second of the clock, not a second after the first request', async () => {
  const { clock, limiter } = limiterAt(10_999);
  expect(await limiter.take('a')).toEqual({ allowed: true, remaining: 1 });
  expect(await limiter.take('a')).toEqual({ allowed: true, remaining: 0 });
  expect(await limiter.take('a')).toEqual({ allowed: false, remaining: 0 });
  clock.at = 11_000;
  expect(await limiter.take('a')).toEqual({ allowed: true, remaining: 1 });
  expect(await limiter.take('a')).toEqual({ allowed: true, remaining: 0 });
  clock.at = 11_999;
  expect(await limiter.take('a')).toEqual({ allowed: false, remaining: 0 });
});

test('whoever else is counted has a budget of its own, and a clock that is set back opens a second anew', async () => {
  const { clock, limiter } = limiterAt(5_000);
  for (const key of ['a', 'b', 'a', 'b']) expect((await limiter.take(key)).allowed).toBe(true);
  expect((await limiter.take('a')).allowed).toBe(false);
  clock.at = 4_000;
  expect((await limiter.take('a')).allowed).toBe(true);
});
