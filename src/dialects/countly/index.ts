import type { FastifyInstance } from 'fastify';
import type { SettingValues } from '../../config/setting.ts';
import type { Dialect, Services } from '../dialect.ts';
import { managementEndpoints } from './management/endpoints.ts';
import { readEndpoint, type ReadMethods } from './read/read-endpoint.ts';
import { sdkEndpoints } from './sdk/endpoints.ts';
import { settings } from './settings.ts';
import { invalidPaths } from './transport/invalid-paths.ts';
import { registerEndpoints } from './transport/routes.ts';

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

function register(scope: FastifyInstance, services: Services, values: SettingValues<typeof settings>): void {
  const methods: ReadMethods = new Map();
  registerEndpoints(scope, values, [
    ...sdkEndpoints(services),
    readEndpoint(services, methods),
    ...managementEndpoints(services),
    ...invalidPaths,
  ]);
}
