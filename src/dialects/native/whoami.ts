import type { FastifyInstance } from 'fastify';
import type { Organization } from '../../directory/organizations.ts';
import type { User } from '../../directory/users.ts';
import { callerOf } from './caller.ts';
import { answers } from './route-schema.ts';
import { KEY_SCOPES, WhoAmI, type WhoAmI as Answer } from './wire.ts';

const MAX_LISTED = 1_000;

/** `GET /api/v1/whoami`: what the key or session that was sent is, may do and covers. */
export function registerWhoAmI(api: FastifyInstance): void {
  api.get('/whoami', {
    config: { needs: 'any' },
    schema: {
      operationId: 'whoAmI',
      tags: ['Directory'],
      summary: 'What the key or session that was sent is',
      response: answers(WhoAmI, 'The key.', [401, 403, 429]),
    },
    handler: async (request): Promise<Answer> => {
      const caller = callerOf(request);
      const { credential } = caller;
      const [own, ...below] = caller.organizations();
      if (own === undefined) throw new Error('a key covers not even its own organization');
      return {
        ...(credential.kind === 'native-key'
          ? { key: { prefix: credential.prefix, label: credential.label } }
          : { user: userOf(credential.user) }),
        scopes: KEY_SCOPES.filter((scope) => credential.scopes.has(scope)),
        organization: nameOf(own),
        covers: [own, ...below].slice(0, MAX_LISTED).map(nameOf),
      };
    },
  });
}

export function nameOf({ uid, key, name, zone }: Organization): Answer['organization'] {
  return { uid, key, name, timezone: zone };
}

export function userOf({ email, username, firstName, lastName, zone }: User): NonNullable<Answer['user']> {
  return { email, username, first_name: firstName, last_name: lastName, timezone: zone };
}
