import type { App, Apps } from '../../../directory/apps.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import { message, type Answer } from '../transport/answer.ts';
import type { Call } from '../transport/call.ts';
import { checksumProblem } from '../transport/checksum.ts';
import { text } from '../transport/parameters.ts';

/** What some systems give out when they know no id; it would make one device of all who send it. */
export const NO_DEVICE = '00000000-0000-0000-0000-000000000000';

/** A request of an SDK that may go on. */
export interface SentByApp {
  readonly app: App;
  readonly deviceId: string;
}

/** The checks that every request of an SDK passes first, in the order of contract 2.7. */
export function sentByApp(apps: Apps, { parameters, signed }: Call): Result<SentByApp, Answer> {
  const key = text(parameters, 'app_key');
  const deviceId = text(parameters, 'device_id');
  if (key === '' || deviceId === '') return fail(message('Missing parameter "app_key" or "device_id"', 400));
  const app = apps.byKey(key);
  if (app === null || !app.active) return fail(message('App does not exist', 400));
  if (app.paused) return fail(message('App is currently not accepting data', 400));
  if (deviceId === NO_DEVICE) return fail(message('Ignoring device_id'));
  const problem = checksumProblem(parameters, signed, app.salt());
  return problem === null ? ok({ app, deviceId }) : fail(message(problem));
}
