import { describe, expect, test } from 'vitest';
import { createDirectory } from '../../src/directory/directory.ts';
import type { MeteredProduct } from '../../src/directory/meters.ts';
import { UTC } from '../../src/domain/time/zones.ts';
import { IntegrationErrors } from '../../src/metering/integration-errors.ts';
import { worldOn } from '../directory/support/world.ts';
import { engines, migrated } from '../store/records/engines.ts';

const FILE = `
organizations:
  - {key: NORTH, name: North, products: [{id: 7, system_name: weather, metrics: [{id: 11, system_name: hits}]},
     {id: 8, system_name: maps, metrics: [{id: 12, system_name: hits}]}]}
`;

describe.each(engines)('integration errors on $name', ({ newStore }) => {
  test('the last 1000 of a product are kept, newest first, whatever their words', async () => {
    const records = await migrated(newStore);
    const world = worldOn(records);
    await world.apply(FILE);
    const directory = await createDirectory({ ...world, instanceZone: UTC });
    const north = (await directory.organizations()).byKey('NORTH');
    if (north === undefined) throw new Error('no organization');
    const meters = await directory.meters();
    const [weather, maps] = [meters.productById(north.id, 7), meters.productById(north.id, 8)] as MeteredProduct[];
    if (weather === undefined || maps === undefined) throw new Error('no product');
    await directory.close();

    const errors = new IntegrationErrors(records, world.clock);
    await errors.keep(maps, { code: 'metric_invalid', message: 'a\0b \ud83d "<&> 𝟙' });
    const kept = await Promise.all(
      Array.from({ length: 2500 }, (_, index) => errors.keep(weather, { code: 'x', message: `m${index}` })),
    );
    expect(kept.every(({ ok }) => ok)).toBe(true);
    await errors.keep(weather, { code: 'last', message: 'y'.repeat(5000) });

    const ofWeather = await errors.list(north.id, 7);
    expect(ofWeather).toHaveLength(1000);
    expect(ofWeather[0]).toEqual({ code: 'last', message: 'y'.repeat(1000), at: world.clock.at });
    expect(ofWeather.slice(1, 3).map(({ message }) => message)).toEqual(['m2499', 'm2498']);
    expect(ofWeather.at(-1)?.message).toBe('m1501');
    const rows = await records.db.selectFrom('integration_errors').select('product_id').execute();
    expect(rows.filter((row) => row.product_id === 7)).toHaveLength(1000);
    expect(await errors.list(north.id, 8)).toEqual([
      { code: 'metric_invalid', message: 'a\ufffdb \ufffd "<&> 𝟙', at: world.clock.at },
    ]);
  });
});
