import { expect, test } from 'vitest';
import { clockStartingAt, systemClock } from '../../../src/domain/time/clock.ts';
import { at } from './literals.ts';

test('a clock started elsewhere runs on from there', async () => {
  const start = at('2024-03-01T09:30:00Z');
  const clock = clockStartingAt(start);
  const first = clock.now();
  expect(first - start).toBeGreaterThanOrEqual(0);
  expect(first - start).toBeLessThan(1000);
  await new Promise((resolve) => {
    setTimeout(resolve, 20);
  });
  expect(clock.now() - first).toBeGreaterThanOrEqual(19);
  expect(clock.now() - first).toBeLessThan(1000);
});

test('the system clock shows the time of the machine', () => {
  expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1000);
});
