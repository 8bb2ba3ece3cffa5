import type { App } from '../../../directory/apps.ts';
import type { User } from '../../../directory/users.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import { APP_DEFAULTS } from '../app-defaults.ts';
import { globalAdminOnly, mayAdminister } from '../access/credentials.ts';
import { message, type Answer } from '../transport/answer.ts';
import type { Call, Endpoint } from '../transport/call.ts';
import { appFieldsOf, lenient, type AppFields } from './app-fields.ts';
import { appRecord, appRecords } from './app-record.ts';
import { argsOf, requireFields, type Args } from './args.ts';
import { keyed, reachOf, refusalAnswer, resourceNamed, type ManagementServices } from './management.ts';
import { schemas } from './schema.ts';

const SUCCESS = message('Success');
const TAKEN = message('App key already in use', 400);
const NO_RIGHTS = message('User does not have admin rights for this app', 401);
const NO_APP = message('App does not exist', 400);

/** `/o/apps/…` and `/i/apps/…` (contract 5). */
export function appEndpoints(services: ManagementServices): readonly Endpoint[] {
  return [
    keyed(services, '/o/apps/all', schemas.appsAll, (user) => showAll(services, user)),
    keyed(services, '/o/apps/mine', schemas.appsMine, (user) => showMine(services, user)),
    keyed(services, '/i/apps/create', schemas.appsCreate, (user, call) => create(services, user, call)),
    keyed(services, '/i/apps/update', schemas.appsUpdate, (user, call) => update(services, user, call)),
    keyed(services, '/i/apps/reset', schemas.appsReset, (user, call) => reset(services, user, call)),
    keyed(services, '/i/apps/delete', schemas.appsDelete, (user, call) => remove(services, user, call)),
  ];
}

async function showAll({ directory }: ManagementServices, user: User): Promise<Answer> {
  const allowed = globalAdminOnly(user);
  if (!allowed.ok) return allowed.problem;
  const records = appRecords((await directory.apps()).all);
  return { body: { admin_of: records, user_of: records } };
}

async function showMine({ directory }: ManagementServices, user: User): Promise<Answer> {
  const { all } = await directory.apps();
  const inRole = (role: string) => appRecords(all.filter((app) => app.members.get(user.id) === role));
  return { body: { admin_of: inRole('admin'), user_of: inRole('user') } };
}

async function create(services: ManagementServices, user: User, call: Call): Promise<Answer> {
  const { directory, resources } = services;
  const allowed = globalAdminOnly(user);
  if (!allowed.ok) return allowed.problem;
  const args = argsOf(call);
  if (!args.ok) return args.problem;
  const missing = requireFields(args.value, ['name']);
  if (missing !== null) return missing;
  const fields = appFieldsOf(lenient(args.value));
  if (!fields.ok) return fields.problem;
  const organization = await homeOf(services, user, args.value['organization']);
  if (organization === null) return message('Error: Missing organization argument', 400);
  const written = await resources.create(resourceNamed(services, 'organizations.apps'), reachOf(user), [organization], {
    ...APP_DEFAULTS,
    ...fields.value,
  });
  if (!written.ok) return refusalAnswer(written.problem, {}, TAKEN);
  const app = (await directory.apps()).byId(written.value.item.address);
  if (app === null) throw new Error('an app was lost on its way');
  return { body: appRecord(app) };
}

/** Key of the organization an app is made in: the one that is named, the user's first, or the first there is. */
async function homeOf({ directory }: ManagementServices, user: User, named: unknown): Promise<string | null> {
  const tree = await directory.organizations();
  if (typeof named === 'string' && named !== '') return (tree.byKey(named) ?? tree.byUid(named))?.key ?? null;
  const first = user.memberships[0];
  const own = first === undefined ? undefined : tree.byId(first.organization);
  return (own ?? tree.all[0])?.key ?? null;
}

async function update(services: ManagementServices, user: User, call: Call): Promise<Answer> {
  const { directory, resources } = services;
  const opened = await openApp(services, user, call);
  if (!opened.ok) return opened.problem;
  const { app, args } = opened.value;
  if (app === null) return NO_APP;
  const fields = appFieldsOf(args);
  if (!fields.ok) return fields.problem;
  const changed = changesOf(app, fields.value);
  if (Object.keys(changed).length === 0) return message('Nothing changed');
  const organization = (await directory.organizations()).byId(app.organization);
  const written = await resources.update(
    resourceNamed(services, 'organizations.apps'),
    reachOf(user),
    [organization?.key ?? '', app.id],
    changed,
  );
  if (!written.ok) return refusalAnswer(written.problem, {}, TAKEN);
  const { salt, ...others } = changed;
  if (salt === undefined) return { body: others };
  return { body: { ...others, [args['salt'] === undefined ? 'checksum_salt' : 'salt']: salt } };
}

/** Fields whose values are not already the app's. */
function changesOf(app: App, fields: AppFields): AppFields {
  const now: AppFields = {
    name: app.name,
    key: app.key(),
    country: app.country,
    category: app.category,
    timezone: app.zone,
    salt: app.salt(),
    paused: app.paused,
  };
  return Object.fromEntries(Object.entries(fields).filter(([name, value]) => now[name] !== value));
}

async function reset(services: ManagementServices, user: User, call: Call): Promise<Answer> {
  const opened = await openApp(services, user, call);
  if (!opened.ok) return opened.problem;
  const { app } = opened.value;
  return app !== null && (await services.directory.resetApp(app.id)) ? SUCCESS : NO_APP;
}

async function remove(services: ManagementServices, user: User, call: Call): Promise<Answer> {
  const opened = await openApp(services, user, call);
  if (!opened.ok) return opened.problem;
  const { app } = opened.value;
  if (!user.superOps) return NO_RIGHTS;
  if (app === null) return message('Error deleting app', 400);
  const organization = (await services.directory.organizations()).byId(app.organization);
  const apps = resourceNamed(services, 'organizations.apps');
  const removed = await services.resources.remove(apps, reachOf(user), [organization?.key ?? '', app.id]);
  return removed.ok ? SUCCESS : message('Error deleting app', 400);
}

/** The app that `args` names and the user may change; null for one that is not there, which only a global administrator learns. */
async function openApp(
  { directory }: ManagementServices,
  user: User,
  call: Call,
): Promise<Result<{ readonly app: App | null; readonly args: Args }, Answer>> {
  const args = argsOf(call);
  if (!args.ok) return args;
  const missing = requireFields(args.value, ['app_id']);
  if (missing !== null) return fail(missing);
  const id = args.value['app_id'];
  const app = typeof id === 'string' ? (await directory.apps()).byId(id) : null;
  return mayAdminister(user, app) ? ok({ app, args: args.value }) : fail(NO_RIGHTS);
}
