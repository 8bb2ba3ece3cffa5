import type { Directory } from '../../../directory/directory.ts';
import type { StreamName } from '../../../domain/streams/index.ts';
import type { Caller } from '../caller.ts';
import type { References } from './references.ts';

/** What rows of the stream may name, as the directory is now; read from memory while nothing has changed. */
export async function loadReferences(directory: Directory, stream: StreamName, caller: Caller): Promise<References> {
  const base: References = {
    own: caller.organization,
    organization: (name) => caller.organizationNamed(name),
    app: () => null,
    device: () => null,
    array: () => null,
    product: () => null,
  };
  switch (stream) {
    case 'requests':
    case 'inventory':
      return base;
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
      const meters = await directory.meters();
      return { ...base, product: (organization, systemName) => meters.product(organization, systemName) };
    }
  }
}
