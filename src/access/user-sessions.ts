import type { Directory } from '../directory/directory.ts';
import type { Organization, OrganizationTree } from '../directory/organizations.ts';
import type { User } from '../directory/users.ts';
import { fail, ok, type Result } from '../domain/result.ts';
import type { OrganizationId } from '../domain/scope.ts';
import type { Clock } from '../domain/time/clock.ts';
import { epochMs, type EpochMs } from '../domain/time/instant.ts';
import { HOUR_MS } from '../domain/time/durations.ts';
import type { KeyScope } from './native-keys.ts';
import type { Sessions } from './sessions.ts';
import { administers, organizationsOfUser } from './user-rights.ts';

/** Without a request for so long a session ends, */
export const SESSION_IDLE_MS = 8 * HOUR_MS;
/** and however busy it is after this long. */
export const SESSION_MOST_MS = 24 * HOUR_MS;

const PREFIX = 'ths_';
const FORM = /^ths_[0-9a-f]{40}$/;

/** Somebody who is logged in, in one organization at a time. */
export interface UserSession {
  readonly kind: 'user-session';
  readonly user: User;
  readonly organization: OrganizationId;
  readonly scopes: ReadonlySet<KeyScope>;
  /** What it covers, the organization itself first. */
  readonly organizations: readonly OrganizationId[];
  /** Where the user may move to, in order of key. */
  readonly choices: readonly Organization[];
  /** Its last moment, however busy it is. */
  readonly until: EpochMs;
}

/** What is kept with a session. */
export interface KeptOfUserSession {
  /** Absent: a day after it was opened. */
  readonly until?: EpochMs;
}

/**
 * Sessions of people with the native API. In an organization that they administer they may do everything and cover
 * what is below it, in others they may read. Each request looks at the directory anew.
 */
export interface UserSessions {
  /** Returns the token, or null for a user without an organization that is not suspended. */
  open(user: User): Promise<string | null>;
  /** Another session of the same person in the same organization, which ends with the day of the first at the latest. */
  openBeside(session: UserSession): Promise<string | null>;
  /** Problems: `not_authenticated`; `not_permitted` (there is no organization left). */
  resume(token: string): Promise<Result<UserSession>>;
  /** False for an organization that is not among the choices. */
  moveTo(token: string, organization: OrganizationId): Promise<boolean>;
  end(token: string): Promise<void>;
}

export interface UserSessionParts {
  readonly sessions: Sessions<KeptOfUserSession>;
  readonly directory: Directory;
  readonly clock: Clock;
}

/** Whether the text looks like a session's token, and not like a key. */
export function isSessionToken(text: string): boolean {
  return FORM.test(text);
}

export function createUserSessions({ sessions, directory, clock }: UserSessionParts): UserSessions {
  const find = async (token: string) => {
    const session = FORM.test(token) ? await sessions.resume(token.slice(PREFIX.length)) : null;
    if (session === null || session.userId === null) return null;
    const until = session.principal.until ?? epochMs(session.createdAt + SESSION_MOST_MS);
    return until <= clock.now() ? null : { ...session, userId: session.userId, until };
  };

  const open = async (user: User, at: OrganizationId | null, kept: KeptOfUserSession): Promise<string | null> => {
    const choices = choicesOf(user, await directory.organizations());
    const home = startOf(user, choices, at);
    if (home === null) return null;
    return PREFIX + (await sessions.open({ principal: kept, userId: user.id, organization: home.id }));
  };

  return {
    open: (user) => open(user, null, {}),

    openBeside: ({ user, organization, until }) => open(user, organization, { until }),

    async resume(token) {
      const session = await find(token);
      const user = session === null ? null : await directory.userById(session.userId);
      if (session === null || user === null) return fail({ kind: 'not_authenticated', reason: 'invalid' });
      const tree = await directory.organizations();
      const choices = choicesOf(user, tree);
      const home = startOf(user, choices, session.organization);
      if (home === null) return fail({ kind: 'not_permitted', needs: 'an organization that is not suspended' });
      const all = user.superOps || administers(user, home.id, tree);
      return ok({
        kind: 'user-session',
        user,
        organization: home.id,
        scopes: new Set<KeyScope>(all ? ['ingest', 'read', 'admin'] : ['read']),
        organizations: all ? tree.subtree(home.id).flatMap(({ id, suspended }) => (suspended ? [] : [id])) : [home.id],
        choices,
        until: session.until,
      });
    },

    async moveTo(token, organization) {
      const session = await find(token);
      const user = session === null ? null : await directory.userById(session.userId);
      if (session === null || user === null) return false;
      const choices = choicesOf(user, await directory.organizations());
      if (!choices.some(({ id }) => id === organization)) return false;
      await sessions.moveTo(session.digest, organization);
      return true;
    },

    async end(token) {
      const session = await find(token);
      if (session !== null) await sessions.end(session.digest);
    },
  };
}

function choicesOf(user: User, tree: OrganizationTree): readonly Organization[] {
  return organizationsOfUser(user, tree).filter(({ suspended }) => !suspended);
}

/** Where the session is, where the user's log-ins start, or anywhere the user may be. */
function startOf(user: User, choices: readonly Organization[], at: OrganizationId | null): Organization | null {
  const wanted = [at, ...user.memberships.map(({ organization }) => organization)];
  for (const id of wanted) {
    const found = choices.find((each) => each.id === id);
    if (found !== undefined) return found;
  }
  return choices[0] ?? null;
}
