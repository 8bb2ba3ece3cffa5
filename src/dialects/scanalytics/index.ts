import type { FastifyInstance } from 'fastify';
import type { SettingValues } from '../../config/setting.ts';
import { MINUTE_MS } from '../../domain/time/durations.ts';
import type { Dialect, Services } from '../dialect.ts';
import { createAdmission } from './api/admission.ts';
import { aggregateVisits } from './api/aggregate-visits.ts';
import { places } from './api/places.ts';
import { registerApi } from './api/routes.ts';
import { whoami } from './api/whoami.ts';
import { registerApplicationPages } from './applications/routes.ts';
import { offeredValues, securitySchemes } from './schema.ts';
import { settings } from './settings.ts';
import { registerTokenEndpoints } from './token/routes.ts';

/** The Scanalytics dialect; see the README beside this file. */
export const scanalytics: Dialect<typeof settings> = {
  name: 'scanalytics',
  title: 'Scanalytics',
  description: `Visits that floor sensors count, asked through OAuth 2.0.

Get a token from \`POST /o/token/\` (grants \`password\`, \`client_credentials\`, \`refresh_token\`) and send it as
\`Authorization: Bearer <token>\`. Register an application at [/o/applications/](/o/applications/). \`/v1\` answers like
\`/v2\`; a slash at the end makes no difference.

A credential may send 180 requests a minute and 1200 an hour, an address without a valid token 20 a minute.`,
  securitySchemes,
  values: offeredValues,
  demoRequest,
  settings,
  register,
};

/** A token, and what it opens: yesterday's and today's visits at the entrance of the demo's museum. */
function demoRequest(url: string): string {
  const grant = 'grant_type=password&client_id=demo-museum&username=dana@museum.example&password=open-at-nine';
  const token = `$(curl -s ${url}/o/token/ -d '${grant}' | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`;
  return `curl -s ${url}/v2/aggregate/1AMDK/visits/1h -H "Authorization: Bearer ${token}"`;
}

function register(scope: FastifyInstance, services: Services, values: SettingValues<typeof settings>): void {
  const { access, directory, questions, clock, config } = services;
  const tokens = access.oauthTokens({ revokeFamilyOnReplay: values.revokeFamilyOnReplay });
  const clients = access.oauthClients;
  const logins = access.logins.guardedBy({
    name: 'oauth',
    failures: values.failedGrants,
    withinMs: MINUTE_MS,
    lockedMs: MINUTE_MS,
  });

  registerTokenEndpoints(scope, { clients, tokens, logins, directory });
  registerApplicationPages(scope, services);
  registerApi(scope, createAdmission({ tokens, limits: access.limits }, values), [
    whoami(config.zone),
    ...places(directory),
    aggregateVisits({ directory, questions, clock, instanceZone: config.zone }),
  ]);
}
