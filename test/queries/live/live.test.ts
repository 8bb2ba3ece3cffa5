import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { OrganizationId } from '../../../src/domain/scope.ts';
import { epochMs } from '../../../src/domain/time/instant.ts';
import { createLive } from '../../../src/queries/live/live.ts';
import { instant, worldOf } from '../world.ts';
import { factsEngines } from '../../support/facts.ts';

describe.each(factsEngines)('$name', (engine) => {
  const world = worldOf(engine);
  let north: OrganizationId;
  beforeAll(async () => {
    north = world.newOrganization();
    await world.insert('requests', north, [
      { time: '2025-06-02T11:57:59.999Z', service: 's', count: 1000 },
      { time: '2025-06-02T11:58:00.000Z', service: 's', count: 2 },
      { time: '2025-06-02T11:58:59.999Z', service: 's', count: 3 },
      { time: '2025-06-02T12:00:10.000Z', service: 's', count: Number.MAX_SAFE_INTEGER },
      { time: '2025-06-02T12:00:10.500Z', service: 's', count: Number.MAX_SAFE_INTEGER },
      { time: '2025-06-02T12:01:00.000Z', service: 's', count: 1000 },
    ]);
    await world.insert('usage', north, [
      { time: '2025-06-02T12:00:00Z', product: 'p', application: 1, metric: 'hits', value: 7 },
    ]);
    await world.insert('events', north, [{ time: '2025-06-02T11:59:00Z', app: 'a', device: 'd', key: 'k' }]);
  });

  const clockAt = (text: string): { now: () => ReturnType<typeof instant> } => ({ now: () => instant(text) });

  describe('live counts', () => {
    test('whole minutes of UTC, the running one last', async () => {
      const live = createLive({ facts: world.facts, clock: clockAt('2025-06-02T12:00:30.500Z') });
      const found = await live.counts({ scope: { organizations: [north] }, step: 'minute', steps: 3 }, { tag: 'test' });
      expect(found).toEqual({
        ok: true,
        value: {
          range: { from: instant('2025-06-02T11:58:00Z'), to: instant('2025-06-02T12:01:00Z') },
          stepMs: 60_000,
          streams: {
            requests: [5, 0, 18_014_398_509_481_982n],
            usage: [0, 0, 7],
            sessions: [0, 0, 0],
            events: [0, 1, 0],
            visits: [0, 0, 0],
            inventory: [0, 0, 0],
          },
        },
      });
    });

    test('seconds', async () => {
      const live = createLive({ facts: world.facts, clock: clockAt('2025-06-02T11:59:00.000Z') });
      const found = await live.counts({ scope: { organizations: [north] }, step: 'second', steps: 2 }, { tag: 'test' });
      expect(found).toMatchObject({ value: { streams: { requests: [3, 0], events: [0, 1] } } });
    });

    test('a narrowed scope leaves out the streams it cannot narrow', async () => {
      const live = createLive({ facts: world.facts, clock: clockAt('2025-06-02T12:00:30Z') });
      const scope = { organizations: [north], only: { app: ['a'] } };
      expect(await live.counts({ scope, step: 'minute', steps: 2 }, { tag: 'test' })).toMatchObject({
        value: { streams: { events: [1, 0] } },
      });
      expect(
        await live.counts({ scope: { organizations: [] }, step: 'minute', steps: 1 }, { tag: 'test' }),
      ).toMatchObject({
        value: { streams: { requests: [0] } },
      });
    });

    test('equal questions of the same second share an answer', async () => {
      const query = vi.spyOn(world.facts, 'query');
      let now = instant('2025-06-02T12:00:30.100Z');
      const live = createLive({ facts: world.facts, clock: { now: () => now } });
      const ask = (organization: OrganizationId): Promise<unknown> =>
        live.counts({ scope: { organizations: [organization] }, step: 'minute', steps: 2 }, { tag: 'test' });
      await Promise.all([ask(north), ask(north)]);
      now = epochMs(now + 800);
      await ask(north);
      expect(query).toHaveBeenCalledTimes(1);
      await ask(world.newOrganization());
      expect(query).toHaveBeenCalledTimes(2);
      now = epochMs(now + 200);
      await ask(north);
      expect(query).toHaveBeenCalledTimes(3);
    });

    test('a number of steps that makes no sense is refused by name', async () => {
      const live = createLive({ facts: world.facts, clock: clockAt('2025-06-02T12:00:30Z') });
      for (const steps of [0, 301, 1.5, NaN]) {
        const found = await live.counts({ scope: { organizations: [north] }, step: 'minute', steps }, { tag: 'test' });
        expect(found).toMatchObject({ ok: false, problem: { kind: 'invalid_field', field: 'steps' } });
      }
    });
  });
});
