import type { Person } from '../../../directory/people.ts';
import type { User } from '../../../directory/users.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import { globalAdminOnly } from '../access/credentials.ts';
import { message, type Answer } from '../transport/answer.ts';
import type { Call, Endpoint } from '../transport/call.ts';
import { argsOf, idsOf, invalidField, isAbsent, requireFields, switchOf, type Args } from './args.ts';
import { keyed, reachOf, refusalAnswer, resourceNamed, type ManagementServices } from './management.ts';
import { memberRecord, namesOf } from './member-record.ts';
import { schemas } from './schema.ts';

const SUCCESS = message('Success');
const TAKEN = message('Email or username already exists');
const FIELDS = { first_name: 'full_name', last_name: 'full_name', super_ops: 'global_admin' };
/** Arguments that give rights; only a global administrator may. */
const RIGHTS = ['global_admin', 'admin_of', 'user_of'];

/** `/o/users/…` and `/i/users/…` (contract 5). */
export function userEndpoints(services: ManagementServices): readonly Endpoint[] {
  return [
    keyed(services, '/o/users/me', schemas.usersMe, (user) => showMe(services, user)),
    keyed(services, '/o/users/all', schemas.usersAll, (user) => showAll(services, user)),
    keyed(services, '/i/users/create', schemas.usersCreate, (user, call) => create(services, user, call)),
    keyed(services, '/i/users/update', schemas.usersUpdate, (user, call) => update(services, user, call)),
    keyed(services, '/i/users/delete', schemas.usersDelete, (user, call) => remove(services, user, call)),
  ];
}

async function showMe({ directory }: ManagementServices, user: User): Promise<Answer> {
  const person = await directory.people.byId(user.id);
  return person === null ? message('User does not exist', 401) : { body: memberRecord(person, await directory.apps()) };
}

async function showAll({ directory }: ManagementServices, user: User): Promise<Answer> {
  const allowed = globalAdminOnly(user);
  if (!allowed.ok) return allowed.problem;
  const apps = await directory.apps();
  const people = await directory.people.all();
  return {
    body: Object.fromEntries(
      people.map((person) => [
        person.publicId,
        { ...memberRecord(person, apps), is_current_user: person.id === user.id },
      ]),
    ),
  };
}

async function create(services: ManagementServices, user: User, call: Call): Promise<Answer> {
  const { directory, resources } = services;
  const allowed = globalAdminOnly(user);
  if (!allowed.ok) return allowed.problem;
  const args = argsOf(call);
  if (!args.ok) return args.problem;
  const missing = requireFields(args.value, ['full_name', 'username', 'password', 'email']);
  if (missing !== null) return missing;
  const fields = fieldsOf(args.value);
  if (!fields.ok) return fields.problem;
  const roles = rolesOf(args.value);
  if (!roles.ok) return roles.problem;
  const written = await resources.create(resourceNamed(services, 'users'), reachOf(user), [], fields.value);
  if (!written.ok) return refusalAnswer(written.problem, FIELDS, TAKEN);
  const made = await directory.userByEmail(written.value.item.address);
  if (made === null) throw new Error('a user was lost on its way');
  await directory.changeAppRoles({ user: made.id, ...roles.value });
  const person = await directory.people.byId(made.id);
  if (person === null) throw new Error('a user was lost on its way');
  return { body: memberRecord(person, await directory.apps()) };
}

async function update(services: ManagementServices, user: User, call: Call): Promise<Answer> {
  const { directory, resources } = services;
  const args = argsOf(call);
  const isSelf = args.ok && args.value['user_id'] === user.publicId;
  if (!isSelf || RIGHTS.some((name) => name in args.value)) {
    const allowed = globalAdminOnly(user);
    if (!allowed.ok) return allowed.problem;
  }
  if (!args.ok) return args.problem;
  const missing = requireFields(args.value, ['user_id']);
  if (missing !== null) return missing;
  const person = await personOf(services, args.value['user_id']);
  if (person === null) return message('User does not exist', 400);
  const fields = fieldsOf(args.value);
  if (!fields.ok) return fields.problem;
  const roles = rolesOf(args.value);
  if (!roles.ok) return roles.problem;
  const written = await resources.update(resourceNamed(services, 'users'), reachOf(user), [person.email], fields.value);
  if (!written.ok) return refusalAnswer(written.problem, FIELDS, TAKEN);
  if (roles.value.admin !== undefined || roles.value.member !== undefined) {
    await directory.changeAppRoles({ user: person.id, ...roles.value });
  }
  return SUCCESS;
}

async function remove(services: ManagementServices, user: User, call: Call): Promise<Answer> {
  const allowed = globalAdminOnly(user);
  if (!allowed.ok) return allowed.problem;
  const args = argsOf(call);
  if (!args.ok) return args.problem;
  const missing = requireFields(args.value, ['user_ids']);
  if (missing !== null) return missing;
  const ids = idsOf(args.value['user_ids']);
  if (ids === null) return invalidField('user_ids');
  for (const id of new Set(ids)) {
    const person = await personOf(services, id);
    // Never oneself: somebody has to be left who can undo it.
    if (person === null || person.id === user.id) continue;
    const users = resourceNamed(services, 'users');
    const removed = await services.resources.remove(users, reachOf(user), [person.email]);
    if (!removed.ok) return refusalAnswer(removed.problem, {}, message('Error deleting user', 400));
  }
  return SUCCESS;
}

async function personOf({ directory }: ManagementServices, id: unknown): Promise<Person | null> {
  return typeof id === 'string' ? directory.people.byPublicId(id) : null;
}

/** What the arguments say about the user, in the directory's words. */
function fieldsOf(args: Args): Result<Readonly<Record<string, unknown>>, Answer> {
  const fields: Record<string, unknown> = {};
  for (const name of ['full_name', 'username', 'password', 'email']) {
    const value = args[name];
    if (isAbsent(value)) continue;
    if (typeof value !== 'string') return fail(invalidField(name));
    Object.assign(fields, name === 'full_name' ? namesOf(value) : { [name]: value });
  }
  if (!isAbsent(args['global_admin'])) {
    const isAdmin = switchOf(args['global_admin']);
    if (isAdmin === null) return fail(invalidField('global_admin'));
    fields['super_ops'] = isAdmin;
  }
  return ok(fields);
}

interface Roles {
  readonly admin?: readonly string[];
  readonly member?: readonly string[];
}

function rolesOf(args: Args): Result<Roles, Answer> {
  const lists: { admin?: readonly string[]; member?: readonly string[] } = {};
  for (const [name, role] of [
    ['admin_of', 'admin'],
    ['user_of', 'member'],
  ] as const) {
    if (isAbsent(args[name])) continue;
    const ids = idsOf(args[name]);
    if (ids === null) return fail(invalidField(name));
    lists[role] = ids;
  }
  return ok(lists);
}
