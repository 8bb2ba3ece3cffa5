import type { Directory } from '../../../directory/directory.ts';
import type { StreamName } from '../../../domain/streams/index.ts';
import type { Caller } from '../caller.ts';
import type { References } from './references.ts';

/**
 * What rows of the stream may name, as the directory is now; read from memory while nothing has changed. No promise for
 * streams whose rows name nothing but organizations.
 */
export function loadReferences(
  directory: Directory,
  stream: StreamName,
  caller: Caller,
): References | Promise<References> {
  const base: References = {
    own: caller.organization,
    organization: (name) => caller.organizationNamed(name),
    hasApp: () => false,
    device: () => null,
    array: () => null,
    product: () => null,
  };
  return stream === 'requests' || stream === 'inventory' ? base : withEntries(base, directory, stream);
}

async function withEntries(
  base: References,
  directory: Directory,
  stream: 'events' | 'visits' | 'usage',
): Promise<References> {
  switch (stream) {
    case 'events': {
      const apps = await directory.appIds();
      return { ...base, hasApp: (organization, id) => apps.has(organization, id) };
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
      const meters = await directory.meters();
      return { ...base, product: (organization, systemName) => meters.product(organization, systemName) };
    }
  }
}
