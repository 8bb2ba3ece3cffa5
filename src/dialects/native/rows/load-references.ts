import type { Directory } from '../../../directory/directory.ts';
import type { ApplicationIds } from '../../../directory/metered-applications.ts';
import type { MeteredProduct } from '../../../directory/meters.ts';
import type { StreamName } from '../../../domain/streams/index.ts';
import type { Clock } from '../../../domain/time/clock.ts';
import type { EpochMs } from '../../../domain/time/instant.ts';
import { consequencesOf } from '../../../metering/row-usage.ts';
import type { Caller } from '../caller.ts';
import type { ProductReferences, References } from './references.ts';

interface Parts {
  readonly directory: Directory;
  readonly clock: Clock;
}

/**
 * What rows of the stream may name, as the directory is now; read from memory while nothing has changed. No promise for
 * streams whose rows name nothing but organizations.
 */
export function loadReferences(parts: Parts, stream: StreamName, caller: Caller): References | Promise<References> {
  const base: References = {
    own: caller.organization,
    organization: (name) => caller.organizationNamed(name),
    app: () => null,
    device: () => null,
    array: () => null,
    product: () => null,
  };
  return stream === 'requests' || stream === 'inventory' ? base : withEntries(base, parts, stream);
}

async function withEntries(
  base: References,
  { directory, clock }: Parts,
  stream: 'sessions' | 'events' | 'visits' | 'usage',
): Promise<References> {
  switch (stream) {
    case 'sessions':
    case 'events': {
      const apps = await directory.apps();
      return {
        ...base,
        app: (organization, id) => {
          const app = apps.byId(id);
          return app?.organization === organization ? app : null;
        },
      };
    }
    case 'visits': {
      const places = await directory.places();
      return {
        ...base,
        device: (organization, key) => places.device(organization, key),
        array: (organization, key) => places.array(organization, key),
      };
    }
    case 'usage': {
      const [meters, applications] = [await directory.meters(), await directory.applicationIds()];
      const now = clock.now();
      return {
        ...base,
        product: (organization, systemName) => {
          const product = meters.product(organization, systemName);
          return product === null ? null : productReferences(product, applications, now);
        },
      };
    }
  }
}

function productReferences(product: MeteredProduct, applications: ApplicationIds, now: EpochMs): ProductReferences {
  return {
    hasApplication: (id) => applications.has(product.organization, product.id, id),
    usage: (name, applicationId, amount, at) => {
      const metric = product.metric(name);
      return metric === null ? null : consequencesOf({ product, applicationId, metric, amount, at }, now);
    },
  };
}
