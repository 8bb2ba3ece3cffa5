import type { FastifyRequest } from 'fastify';
import type { KeyScope, NativeKey } from '../../access/native-keys.ts';
import type { UserSession } from '../../access/user-sessions.ts';
import type { Organization, OrganizationTree } from '../../directory/organizations.ts';
import type { Result } from '../../domain/result.ts';
import type { OrganizationId } from '../../domain/scope.ts';
import type { ZoneId } from '../../domain/time/instant.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the native API's authentication, before anything else looks at the request. */
    nativeCaller: Caller | null;
  }
  interface FastifyContextConfig {
    /** What a key needs for a route of the native API; `any` is any valid key. */
    needs?: KeyScope | 'any';
    /** The key may also stand in the query, as `access_token`. */
    keyInQuery?: boolean;
  }
}

/** What a request is sent with: a key of the directory, or a person's session. */
export type Credential = NativeKey | UserSession;

/** Whoever sent a request: a credential, and the organizations it covers at this moment. */
export class Caller {
  readonly credential: Credential;
  readonly #tree: OrganizationTree;
  readonly #lookAgain: () => Promise<Result<Credential>>;

  /** @param lookAgain authenticates the same credential anew */
  constructor(credential: Credential, tree: OrganizationTree, lookAgain: () => Promise<Result<Credential>>) {
    this.credential = credential;
    this.#tree = tree;
    this.#lookAgain = lookAgain;
  }

  /** For answers that go on for hours: whether the credential could still begin the same one. */
  async mayStillRead(organizations: readonly OrganizationId[]): Promise<boolean> {
    const now = await this.#lookAgain();
    if (!now.ok || !now.value.scopes.has('read')) return false;
    const covered = coveredBy(now.value);
    return organizations.every((id) => covered.has(id));
  }

  /** Whose acts the request's are, for the audit log. */
  get actor(): string {
    const { credential } = this;
    return credential.kind === 'native-key' ? `key ${credential.prefix}…` : credential.user.email;
  }

  /** Tells one caller from another, for limits. */
  get identity(): string {
    const { credential } = this;
    return credential.kind === 'native-key' ? String(credential.id) : `user ${credential.user.id}`;
  }

  get organization(): OrganizationId {
    return this.credential.organization;
  }

  /** Zone of the key's own organization. */
  get zone(): ZoneId {
    const own = this.#tree.byId(this.credential.organization);
    if (own === undefined) throw new Error('a key outlived its organization');
    return own.zone;
  }

  /** By uid or key; null for one that does not exist as for one that the key does not cover. */
  organizationNamed(name: string): OrganizationId | null {
    const found = this.#tree.byUid(name) ?? this.#tree.byKey(name);
    return found !== undefined && coveredBy(this.credential).has(found.id) ? found.id : null;
  }

  /** The organization and those below it, as far as the key covers them. */
  subtree(root: OrganizationId): readonly OrganizationId[] {
    const covered = coveredBy(this.credential);
    return this.#tree.subtree(root).flatMap(({ id }) => (covered.has(id) ? [id] : []));
  }

  /** Every organization the key covers, its own first. */
  organizations(): readonly Organization[] {
    return this.credential.organizations.flatMap((id) => this.#tree.byId(id) ?? []);
  }

  /** The organizations its administrator may change: those below that are suspended, too. */
  administered(): ReadonlySet<OrganizationId> {
    return new Set(this.#tree.subtree(this.credential.organization).map(({ id }) => id));
  }

  uidOf(id: OrganizationId): string | null {
    return this.#tree.byId(id)?.uid ?? null;
  }
}

/** Keys are objects that live until the directory changes, so each one's set is made once. */
const coverage = new WeakMap<Credential, ReadonlySet<OrganizationId>>();

function coveredBy(credential: Credential): ReadonlySet<OrganizationId> {
  let covered = coverage.get(credential);
  if (covered === undefined) coverage.set(credential, (covered = new Set(credential.organizations)));
  return covered;
}

/** For handlers of routes that ask for a key: all of the native API's. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.nativeCaller === null) throw new Error(`${request.routeOptions.url} was reached without authentication`);
  return request.nativeCaller;
}
