import { describe, expect, test } from 'vitest';
import { engines, migrated } from '../store/records/engines.ts';
import { worldOn } from './support/world.ts';

/** A tenant with 20,000 developers, each with an application of one product. */
function largeFile(): string {
  const lines = [
    'organizations:',
    '  - key: NORTH',
    '    name: North',
    '    products: [{system_name: weather, plans: [{system_name: evaluation}]}]',
    '    accounts:',
  ];
  for (let i = 1; i <= 20_000; i++) {
    lines.push(
      `      - {id: ${i}, org_name: Lab ${i},`,
      `         users: [{id: ${i}, username: dev${i}, email: dev${i}@lab.example, first_name: Ann, last_name: Lee, role: admin}],`,
      `         applications: [{id: ${i}, product: weather, plan: evaluation, name: Widget, user_key: uk_${i}, app_keys: [], created_at: 2026-11-12T08:15:00Z}]}`,
    );
  }
  return lines.join('\n');
}

describe.each(engines)('a tenant with 20,000 applications on $name', ({ newStore }) => {
  test(
    'is applied within 30 s, again within 20 s, and changed at one place at once',
    { timeout: 180_000 },
    async () => {
      const world = worldOn(await migrated(newStore));
      const file = largeFile();
      // Processor time of this process, which a busy machine does not stretch.
      const timed = async (work: () => Promise<string[]>): Promise<[number, number]> => {
        const begun = process.cpuUsage();
        const { length } = await work();
        const { user, system } = process.cpuUsage(begun);
        return [length, (user + system) / 1000];
      };
      const [created, first] = await timed(() => world.apply(file));
      const [changed, second] = await timed(() => world.apply(file));
      const [one, alone] = await timed(() =>
        world.apply('organizations: [{key: NORTH, accounts: [{id: 777, applications: [{id: 777, name: Other}]}]}]'),
      );
      expect([created, changed, one]).toEqual([60_004, 0, 1]);
      expect(first).toBeLessThan(30_000);
      expect(second).toBeLessThan(20_000);
      expect(alone).toBeLessThan(1_000);
    },
  );
});
