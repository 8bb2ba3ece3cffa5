import type { Access } from '../../../access/access.ts';
import type { App } from '../../../directory/apps.ts';
import type { User } from '../../../directory/users.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import { message, problemAnswer, type Answer } from '../transport/answer.ts';
import type { Call } from '../transport/call.ts';
import { text } from '../transport/parameters.ts';

/**
 * Who asks (contract 3.1): the user whose `api_key` it is. Tokens are not offered, so one that is sent is nobody's.
 * Refused with 400 for no credentials and 401 for unknown ones.
 */
export async function authenticate(access: Access, { parameters, headers }: Call): Promise<Result<User, Answer>> {
  const key = text(parameters, 'api_key');
  if (key === '') {
    const token = text(parameters, 'auth_token') !== '' || headers['countly-token'] !== undefined;
    return fail(problemAnswer({ kind: 'not_authenticated', reason: token ? 'invalid' : 'missing' }));
  }
  const user = await access.apiKeys.authenticate(key);
  return user.ok ? user : fail(problemAnswer(user.problem));
}

/** Whether the user may see what the app counts. */
export function mayView(user: User, app: App | null): boolean {
  return user.superOps || (app !== null && app.members.has(user.id));
}

/** Whether the user may change the app. */
export function mayAdminister(user: User, app: App | null): boolean {
  return user.superOps || app?.members.get(user.id) === 'admin';
}

/** The checks of `/i/users`, `/o/apps/all` and their like (contract 5). */
export function globalAdminOnly(user: User): Result<User, Answer> {
  return user.superOps ? ok(user) : fail(message('User is not a global administrator', 401));
}
