import { message } from '../transport/answer.ts';
import type { Endpoint } from '../transport/call.ts';
import { apiKeyEndpoint } from './api-key.ts';
import { appEndpoints } from './apps.ts';
import type { ManagementServices } from './management.ts';
import { schemas } from './schema.ts';
import { userEndpoints } from './users.ts';

/** What is said about a path that stands where another is meant (contract 5). */
const SUB_PATHS: Readonly<Record<string, string>> = {
  '/o/users': 'Invalid path, must be one of /all or /me',
  '/i/users': 'Invalid path, must be one of /create, /update, /deleteOwnAccount or /delete',
  '/o/apps': 'Invalid path, must be one of /all , /mine or /details',
  '/i/apps': 'Invalid path, must be one of /create, /update, /delete or /reset',
};

/** Members, apps and their keys (contract 5). */
export function managementEndpoints(services: ManagementServices): readonly Endpoint[] {
  return [
    ...userEndpoints(services),
    ...appEndpoints(services),
    apiKeyEndpoint(services),
    { path: '/o/ping', schema: schemas.ping, run: async () => message('Success') },
    ...Object.entries(SUB_PATHS).flatMap(([path, result]) =>
      [path, `${path}/*`].map((each) => ({ path: each, run: async () => message(result, 400) })),
    ),
  ];
}
