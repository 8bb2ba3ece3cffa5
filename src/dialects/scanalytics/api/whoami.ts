import { ok } from '../../../domain/result.ts';
import type { ZoneId } from '../../../domain/time/instant.ts';
import { answerOf, WhoAmI } from '../schema.ts';
import type { Endpoint } from './endpoint.ts';

/** `GET /v{1,2}/whoami` (contract 6.1): the user behind the token, exactly four keys. */
export function whoami(instanceZone: ZoneId): Endpoint {
  return {
    path: '/whoami',
    read: {
      schema: { summary: 'Who the token stands for', tags: ['Account'], ...answerOf(WhoAmI) },
      run: async ({ holder: { user } }) =>
        ok({
          email: user.email,
          firstName: user.firstName ?? '',
          lastName: user.lastName ?? '',
          timezone: user.zone ?? instanceZone,
        }),
    },
  };
}
