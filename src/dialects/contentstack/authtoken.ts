import type { FastifyRequest } from 'fastify';
import type { Access } from '../../access/access.ts';
import type { UserTokens } from '../../access/user-tokens.ts';
import type { User } from '../../directory/users.ts';
import { fail, ok, type Result } from '../../domain/result.ts';

/** Contract 2: `blt` and 16 hex digits, 20 for a user, ended by nothing but a log-out or a 21st log-in. */
const RULES = { kind: 'contentstack', prefix: 'blt', randomBytes: 8, mostOfUser: 20 };

export function createAuthtokens(access: Access): UserTokens {
  return access.userTokens(RULES);
}

export interface Caller {
  readonly user: User;
  readonly authtoken: string;
}

/** Who sent the request; `not_authenticated` for a missing, unknown or ended token. */
export async function callerOf(tokens: UserTokens, request: FastifyRequest): Promise<Result<Caller>> {
  const authtoken = sentAuthtoken(request);
  if (authtoken === null) return fail({ kind: 'not_authenticated', reason: 'missing' });
  const user = await tokens.authenticate(authtoken);
  return user === null ? fail({ kind: 'not_authenticated', reason: 'invalid' }) : ok({ user, authtoken });
}

/** Clients that have no token yet send nothing, an empty header or the word `None` (contract 9). */
function sentAuthtoken({ headers }: FastifyRequest): string | null {
  const header = headers['authtoken'];
  return typeof header !== 'string' || header === '' || header === 'None' ? null : header;
}
