import type { OrganizationId } from '../../domain/scope.ts';
import type { TimeRange } from '../../domain/time/instant.ts';
import { fact, type Fact } from '../../ingest/fact.ts';
import { Random } from './random.ts';
import { instants, type Rhythm } from './rhythm.ts';

const PER_BUSY_HOUR = 0.25;

/** Projects, environments and domains that somebody creates on working days. */
export function* inventory(
  organization: OrganizationId,
  range: TimeRange,
  rhythm: Rhythm,
  seed: number,
): Generator<Fact> {
  const random = new Random(seed);
  let number = 0;
  for (const time of instants(range, { ...rhythm, weekend: 0 }, PER_BUSY_HOUR, random)) {
    number += 1;
    const kind = random.pick([
      ['project', 1],
      ['environment', 3],
      ['domain', 1],
    ]);
    yield fact('inventory', organization, time, { kind, uid: `${kind}-${number}` });
  }
}
