import type { Services } from '../../dialect.ts';
import type { Endpoint } from '../endpoint.ts';
import { accountEndpoints } from './accounts.ts';
import { applicationEndpoints } from './applications.ts';
import { serviceEndpoints } from './services.ts';

/** The Account Management API (contract 3), in the order of the API reference. */
export function accountManagement({ providers, traffic }: Services): readonly Endpoint[] {
  return [
    ...applicationEndpoints({ providers, traffic }),
    ...accountEndpoints(providers),
    ...serviceEndpoints(providers),
  ];
}
