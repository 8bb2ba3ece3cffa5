import { onTestFinished } from 'vitest';
import { createAccess } from '../../../src/access/access.ts';
import { createDirectory } from '../../../src/directory/directory.ts';
import { epochMs } from '../../../src/domain/time/instant.ts';
import { UTC } from '../../../src/domain/time/zones.ts';
import { migrated } from '../../store/records/engines.ts';
import { worldOn } from '../../directory/support/world.ts';

/** A directory in a new store, and access to it, until the running test ends. */
export async function accessWorld(newStore: () => Promise<string>, file: string) {
  const world = worldOn(await migrated(newStore));
  await world.apply(file);
  const { records, clock, passwords, sealing } = world;
  /** A node of its own on the same store: nothing is remembered from the others. */
  const node = async () => {
    const directory = await createDirectory({ records, clock, sealing, instanceZone: UTC });
    const access = await createAccess({
      records,
      directory,
      clock,
      passwords,
      sealing,
      redisUrl: undefined,
      onRedisTrouble: () => undefined,
      signOn: null,
    });
    onTestFinished(async () => {
      await access.close();
      await directory.close();
    });
    return { directory, access };
  };
  return {
    ...world,
    ...(await node()),
    node,
    /** Lets time pass. */
    wait(seconds: number) {
      clock.at = epochMs(clock.at + seconds * 1000);
    },
  };
}
