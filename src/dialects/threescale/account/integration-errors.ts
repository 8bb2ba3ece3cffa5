import type { ProviderDirectory } from '../../../directory/provider/provider-directory.ts';
import { fail, ok } from '../../../domain/result.ts';
import type { Metering } from '../../../metering/metering.ts';
import { describe, idOf } from '../describe.ts';
import type { Endpoint } from '../endpoint.ts';
import { NOT_FOUND } from '../format/refusal.ts';
import { timestamp } from '../time/texts.ts';
import { ACCOUNT_API } from './scope.ts';

/** Why reports of a service were dropped (contract 5.5). */
export function integrationErrorsEndpoint(providers: ProviderDirectory, metering: Metering): Endpoint {
  const formats = ['json'] as const;
  return {
    path: '/admin/api/services/:service_id/errors',
    formats,
    needs: ACCOUNT_API.needs,
    schema: describe({
      summary: 'Integration errors of a service',
      description: 'What was wrong with reports that were dropped; the last 1000, newest first.',
      tag: 'Account Management API',
      formats,
      path: { service_id: idOf('services', 'Id of the service.', 7) },
      examples: {
        json: {
          errors: [
            {
              code: 'metric_invalid',
              message: 'metric "clicks" is invalid',
              timestamp: '2024-03-09T10:15:05Z',
            },
          ],
          count: 1,
        },
      },
    }),
    run: async ({ tenant, parameters }) => {
      const id = parameters.id('service_id');
      const product = typeof id === 'number' ? await providers.product(tenant.id, id) : null;
      if (product === null) return fail(NOT_FOUND);
      const errors = (await metering.integrationErrors(tenant.id, product.id)).map(({ code, message, at }) => ({
        code,
        message,
        timestamp: timestamp(at, tenant.zone),
      }));
      return ok({ json: () => ({ errors, count: errors.length }) });
    },
  };
}
