import type { Apps } from '../../../directory/apps.ts';
import type { Person } from '../../../directory/people.ts';

/** A member as `/o/users` shows them (contract 5). */
export interface MemberRecord {
  readonly _id: string;
  readonly full_name: string;
  readonly username: string;
  readonly email: string;
  readonly api_key: string | null;
  readonly global_admin: boolean;
  /** Ids of the apps they administer. */
  readonly admin_of: readonly string[];
  /** Ids of the apps they may only read. */
  readonly user_of: readonly string[];
}

export function memberRecord(person: Person, apps: Apps): MemberRecord {
  const inRole = (role: string): string[] =>
    apps.all.filter((app) => app.members.get(person.id) === role).map((app) => app.id);
  return {
    _id: person.publicId,
    full_name: fullName(person),
    username: person.username,
    email: person.email,
    api_key: person.apiKey(),
    global_admin: person.superOps,
    admin_of: inRole('admin'),
    user_of: inRole('user'),
  };
}

function fullName({ firstName, lastName, username }: Person): string {
  const names = [firstName, lastName].filter((name) => name !== null && name !== '');
  return names.length === 0 ? username : names.join(' ');
}

/** One name as the directory keeps it; put together again it is the same. */
export function namesOf(full: string): { readonly first_name: string; readonly last_name: string | null } {
  const at = full.indexOf(' ');
  return at <= 0 || at === full.length - 1
    ? { first_name: full, last_name: null }
    : { first_name: full.slice(0, at), last_name: full.slice(at + 1) };
}
