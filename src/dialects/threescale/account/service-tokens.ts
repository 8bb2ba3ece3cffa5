import type { ProviderDirectory } from '../../../directory/provider/provider-directory.ts';
import { fail, ok } from '../../../domain/result.ts';
import { describe, idOf } from '../describe.ts';
import type { Endpoint } from '../endpoint.ts';
import { NOT_FOUND } from '../format/refusal.ts';
import { ACCOUNT_API } from './scope.ts';

/**
 * The tokens that gateways report with; ours, so that the API reference can offer them. Whoever has one may write, so
 * no access token is enough, which may be read-only.
 */
export function serviceTokensEndpoint(providers: ProviderDirectory): Endpoint {
  const formats = ['json'] as const;
  return {
    path: '/admin/api/services/:service_id/service_tokens',
    formats,
    needs: ACCOUNT_API.needs,
    onlyProviderKey: true,
    schema: {
      ...describe({
        summary: 'Tokens of a service',
        description: 'What calls and reports are sent with. Only for provider keys.',
        tag: 'Account Management API',
        formats,
        path: { service_id: idOf('services', 'Id of the service.', 7) },
        examples: { json: { service_tokens: [{ service_token: { token: 'st_1' } }] } },
      }),
      security: ['provider_key', 'basic', 'bearer'].map((scheme) => ({ [scheme]: [] })),
    },
    run: async ({ tenant, parameters }) => {
      const id = parameters.id('service_id');
      const product = typeof id === 'number' ? await providers.product(tenant.id, id) : null;
      if (product === null) return fail(NOT_FOUND);
      const tokens = await providers.serviceTokens(tenant.id, product.id);
      return ok({ json: () => ({ service_tokens: tokens.map((token) => ({ service_token: { token } })) }) });
    },
  };
}
