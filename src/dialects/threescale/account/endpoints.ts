import type { Services } from '../../dialect.ts';
import type { Endpoint } from '../endpoint.ts';
import { accountEndpoints } from './accounts.ts';
import { applicationEndpoints } from './applications.ts';
import { integrationErrorsEndpoint } from './integration-errors.ts';
import { serviceTokensEndpoint } from './service-tokens.ts';
import { serviceEndpoints } from './services.ts';

/** The Account Management API (contract 3), in the order of the API reference. */
export function accountManagement({ providers, traffic, metering }: Services): readonly Endpoint[] {
  return [
    ...applicationEndpoints({ providers, traffic }),
    ...accountEndpoints(providers),
    ...serviceEndpoints(providers),
    serviceTokensEndpoint(providers),
    integrationErrorsEndpoint(providers, metering),
  ];
}
