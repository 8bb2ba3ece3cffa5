import type { FastifyInstance } from 'fastify';
import type { SettingValues } from '../../config/setting.ts';
import type { Dialect, Services } from '../dialect.ts';
import { openGeo } from './geo/geo.ts';
import { analyticsEndpoints } from './analytics/endpoints.ts';
import { totalUsersMethod } from './analytics/total-users.ts';
import { liveMethods } from './live/methods.ts';
import { managementEndpoints } from './management/endpoints.ts';
import { readEndpoint, type ReadMethods } from './read/read-endpoint.ts';
import { retentionMethod } from './retention/method.ts';
import { sdkEndpoints } from './sdk/endpoints.ts';
import { settings } from './settings.ts';
import { invalidPaths } from './transport/invalid-paths.ts';
import { registerEndpoints } from './transport/routes.ts';
import { treeMethods } from './tree/methods.ts';
import { bulkEndpoint } from './write/bulk.ts';
import { writeEndpoint } from './write/write.ts';

/** The Countly dialect; see the README beside this file. */
export const countly: Dialect<typeof settings> = {
  name: 'countly',
  title: 'Countly',
  description: `Sessions, users and events of apps, written by Countly SDKs and read by Countly clients.

SDKs name the app by its write key (\`app_key\`); members read with their \`api_key\`. \`GET\` and \`POST\` are equal.`,
  securitySchemes: {
    apiKey: { type: 'apiKey', in: 'query', name: 'api_key', description: 'The key of a member of the app.' },
  },
  demoRequest: (url) =>
    `curl -s '${url}/o/analytics/dashboard?api_key=fedcba9876543210fedcba9876543210&app_id=5f0000000000000000000001'`,
  settings,
  register,
};

async function register(
  scope: FastifyInstance,
  services: Services,
  values: SettingValues<typeof settings>,
): Promise<void> {
  const reader = { geo: await openGeo(values.geoFile), maxSessionSeconds: values.maxSessionSeconds };
  const methods: ReadMethods = new Map([
    ...treeMethods(services),
    ...liveMethods(services),
    ['retention', retentionMethod(services)],
    ['total_users', totalUsersMethod(services)],
  ]);
  const stopWatching = services.presence.watch((error) =>
    services.log.warn({ err: error }, 'the number of users online cannot be looked at now'),
  );
  scope.addHook('onClose', stopWatching);
  registerEndpoints(scope, values, [
    writeEndpoint(services, reader),
    bulkEndpoint(services, reader),
    ...sdkEndpoints(services),
    readEndpoint(services, methods),
    ...analyticsEndpoints(services),
    ...managementEndpoints(services),
    ...invalidPaths,
  ]);
}
