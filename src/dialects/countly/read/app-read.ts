import type { Access } from '../../../access/access.ts';
import type { App } from '../../../directory/apps.ts';
import type { Directory } from '../../../directory/directory.ts';
import type { User } from '../../../directory/users.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import { authenticate, mayView } from '../access/credentials.ts';
import { message, problemAnswer, type Answer } from '../transport/answer.ts';
import type { Call } from '../transport/call.ts';
import { text, type Parameters } from '../transport/parameters.ts';

/** A read of one app's data by somebody who may see it. */
export interface AppRead {
  readonly app: App;
  readonly user: User;
  readonly parameters: Parameters;
  readonly call: Call;
}

const APP_ID_LENGTH = 24;

/** What an `app_id` looks like is said before anything else (contract 3.1). */
export function appIdOf({ parameters }: Call): Result<string, Answer> {
  const id = text(parameters, 'app_id');
  if (id === '') return fail(problemAnswer({ kind: 'missing_field', field: 'app_id' }));
  if (id.length === APP_ID_LENGTH) return ok(id);
  return fail(problemAnswer({ kind: 'invalid_field', field: 'app_id', reason: 'is no id' }));
}

/** Credentials, then rights, then whether there is such an app: strangers do not learn which ids exist. */
export async function openApp(
  { access, directory }: { readonly access: Access; readonly directory: Directory },
  call: Call,
  appId: string,
): Promise<Result<AppRead, Answer>> {
  const user = await authenticate(access, call);
  if (!user.ok) return user;
  const app = (await directory.apps()).byId(appId);
  if (!mayView(user.value, app)) return fail(message('User does not have view right for this application', 401));
  if (app === null || !app.active) return fail(message('App does not exist', 401));
  return ok({ app, user: user.value, parameters: call.parameters, call });
}
