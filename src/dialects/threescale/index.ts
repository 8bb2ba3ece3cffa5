import type { FastifyInstance } from 'fastify';
import type { SettingValues } from '../../config/setting.ts';
import type { Dialect, Services } from '../dialect.ts';
import { accountManagement } from './account/endpoints.ts';
import { readSecuritySchemes } from './describe.ts';
import { engagementEndpoint } from './engagement/engagement.ts';
import { offeredValues } from './offered-values.ts';
import { registerEndpoints, registerMissing } from './routes.ts';
import { registerService } from './service/register-service.ts';
import { settings } from './settings.ts';
import { analytics } from './stats/endpoints.ts';

/** The 3scale dialect; see the README beside this file. */
export const threescale: Dialect<typeof settings> = {
  name: 'threescale',
  title: '3scale',
  description: `Developers, their applications and what these use of a provider's APIs, asked and reported as in 3scale.

**Account Management API** and **Analytics API**: send an access token with the scopes \`account_management\` and \`stats\`
as \`access_token\`, or the provider key as \`provider_key\`; either may be a Bearer token or stand in HTTP Basic
instead. There is no 401: a credential that is missing or does not count is answered with 403. The suffix of the path
is the form of the answer, whatever \`Accept\` says.

**Service Management API**: \`service_token\` and \`service_id\`, or \`provider_key\`.

Walk it: list the applications, ask one's usage, read its account.`,
  securitySchemes: readSecuritySchemes,
  values: offeredValues,
  demoRequest: (url) =>
    `curl -s '${url}/stats/applications/41/usage.json?access_token=at_demo_north&metric_name=hits&period=week'`,
  settings,
  register,
};

/**
 * The APIs in the order of the API reference. Those that read share their forms of credentials and refusals; reports of
 * calls have their own.
 */
function register(scope: FastifyInstance, services: Services, values: SettingValues<typeof settings>): void {
  // Refusals have forms and an order of their own, so the schemas only describe.
  scope.setValidatorCompiler(() => () => true);
  const reads = { services, values };
  void scope.register(async (api) => {
    registerEndpoints(api, reads, [...accountManagement(services), ...analytics(services)]);
    registerMissing(api);
  });
  void scope.register(async (api) => registerService(api, services));
  void scope.register(async (api) => registerEndpoints(api, reads, [engagementEndpoint(services.engagement)]));
}
