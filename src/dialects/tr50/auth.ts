import type { Access } from '../../access/access.ts';
import type { NewSession, Session as StoredSession, Sessions } from '../../access/sessions.ts';
import type { Directory } from '../../directory/directory.ts';
import type { Organization, OrganizationTree } from '../../directory/organizations.ts';
import type { User } from '../../directory/users.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { parseLogin, type ApplicationLogin, type UserLogin } from './login.ts';
import type { PacketAuth } from './packet.ts';
import { errorOf, sessionError, type WireError } from './problems.ts';
import { rightsOfApplication, rightsOfUser, type Rights } from './rights.ts';
import { SESSION_TTL_S, type Caller, type Session } from './session.ts';

/** What is kept of a login; a user's rights are read anew for each packet. */
type Principal =
  | { readonly kind: 'user' }
  | { readonly kind: 'application'; readonly appId: string; readonly thingKey: string };

export interface Authenticated {
  readonly session: Session;
  /** What `auth` is answered; null when the packet brought a session. */
  readonly login: { readonly orgKey: string; readonly sessionId: string } | null;
}

/** One packet's credentials, besides those in the packet. */
export interface Bearer {
  /** The header `sessionId`, which counts when the packet has none. */
  readonly header: string | undefined;
  readonly address: string;
  readonly organizations: OrganizationTree;
}

/** Finds the session of a packet or makes one by its login (contract 3). */
export class Authentication {
  readonly #access: Access;
  readonly #directory: Directory;
  readonly #sessions: Sessions<Principal>;

  constructor(access: Access, directory: Directory) {
    this.#access = access;
    this.#directory = directory;
    this.#sessions = access.sessions({ kind: 'tr50', idleMs: SESSION_TTL_S * 1000 });
  }

  async of(auth: PacketAuth, bearer: Bearer): Promise<Result<Authenticated, WireError>> {
    switch (auth.kind) {
      case 'command':
        return this.#login(auth.command, auth.params, bearer);
      case 'session':
        return this.#resume(auth.id, bearer);
      case 'none':
        if (bearer.header === undefined || bearer.header === '') {
          return fail(errorOf({ kind: 'not_authenticated', reason: 'missing' }));
        }
        return this.#resume(bearer.header, bearer);
    }
  }

  async #resume(id: unknown, bearer: Bearer): Promise<Result<Authenticated, WireError>> {
    if (typeof id !== 'string') return fail(sessionError(`of type ${typeof id}`));
    const stored = await this.#sessions.resume(id);
    const known = stored === null ? null : await this.#callerOf(stored, bearer.organizations);
    if (stored === null || known === null) return fail(sessionError(id));
    // Withdrawn, suspended or removed since: the client logs in again and starts where it still may.
    const current = stored.organization === null ? undefined : bearer.organizations.byId(stored.organization);
    if (current === undefined || !known.rights.mayEnter(current)) return fail(sessionError(id));
    return ok({ session: this.#session(id, stored, known, current), login: null });
  }

  async #callerOf(
    { principal, userId, organization }: StoredSession<Principal>,
    tree: OrganizationTree,
  ): Promise<Known | null> {
    if (principal.kind === 'application') {
      return organization === null ? null : { caller: principal, rights: rightsOfApplication(organization, tree) };
    }
    const user = userId === null ? null : await this.#directory.userById(userId);
    return user === null ? null : { caller: callerOf(user), rights: rightsOfUser(user, tree) };
  }

  async #login(command: unknown, params: unknown, bearer: Bearer): Promise<Result<Authenticated, WireError>> {
    const login = parseLogin(command, params);
    if (!login.ok) return login;
    return login.value.kind === 'user'
      ? this.#loginUser(login.value, bearer)
      : this.#loginApplication(login.value, bearer);
  }

  async #loginUser(login: UserLogin, bearer: Bearer): Promise<Result<Authenticated, WireError>> {
    const { username, password } = login;
    const found = await this.#access.logins.login({ username, password, address: bearer.address, source: 'tr50' });
    if (!found.ok) return fail(errorOf(found.problem));
    const { home } = rightsOfUser(found.value, bearer.organizations);
    return this.#open({ principal: { kind: 'user' }, userId: found.value.id }, home, bearer);
  }

  async #loginApplication(login: ApplicationLogin, bearer: Bearer): Promise<Result<Authenticated, WireError>> {
    const { appId, appToken, thingKey } = login;
    const { appTokens, audit } = this.#access;
    const token = await appTokens.authenticate(appToken);
    const rights = token === null ? null : rightsOfApplication(token.organization, bearer.organizations);
    const home = rights?.home ?? null;
    const bound = home !== null && (await appTokens.bindThing(home.id, thingKey, appId));
    await audit.record({
      event: bound ? 'login.succeeded' : 'login.failed',
      actor: appId,
      organization: token?.organization ?? null,
      subject: thingKey,
      address: bearer.address,
      detail: { source: 'tr50', application: true },
    });
    const principal: Principal = { kind: 'application', appId, thingKey };
    return this.#open({ principal, userId: null, appTokenId: token?.id }, bound ? home : null, bearer);
  }

  /** Opens a session and goes on as if the packet had brought it. */
  async #open(
    session: Omit<NewSession<Principal>, 'organization'>,
    home: Organization | null,
    bearer: Bearer,
  ): Promise<Result<Authenticated, WireError>> {
    if (home === null) return fail(errorOf({ kind: 'not_authenticated', reason: 'rejected' }));
    const sessionId = await this.#sessions.open({ ...session, organization: home.id });
    const opened = await this.#resume(sessionId, bearer);
    return opened.ok ? ok({ ...opened.value, login: { orgKey: home.key, sessionId } }) : opened;
  }

  #session(
    id: string,
    { digest, createdAt }: StoredSession<Principal>,
    { caller, rights }: Known,
    start: Organization,
  ): Session {
    const sessions = this.#sessions;
    let current = start;
    let ended = false;
    return {
      id,
      caller,
      startedAt: createdAt,
      get current() {
        return current;
      },
      get ended() {
        return ended;
      },
      mayEnter: rights.mayEnter,
      administers: rights.administers,
      roleIn: rights.roleIn,
      async enter(organization) {
        await sessions.moveTo(digest, organization.id);
        current = organization;
      },
      async end() {
        await sessions.end(digest);
        ended = true;
      },
    };
  }
}

interface Known {
  readonly caller: Caller;
  readonly rights: Rights;
}

function callerOf({ publicId, uid, email, superOps }: User): Caller {
  return { kind: 'user', publicId, uid, email, superOps };
}
