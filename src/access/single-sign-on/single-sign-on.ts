import { timingSafeEqual } from 'node:crypto';
import type { Directory } from '../../directory/directory.ts';
import { tokenDigest } from '../../directory/secrets/tokens.ts';
import type { User } from '../../directory/users.ts';
import { MINUTE_MS } from '../../domain/time/durations.ts';
import type { Audit } from '../audit.ts';
import type { Sessions } from '../sessions.ts';
import type { UserSessions } from '../user-sessions.ts';
import type { Identity, IdentityProvider, PendingLogin, ProviderFailure } from './identity-provider.ts';

/** So long somebody may take to log in at the provider. */
export const PENDING_MS = 10 * MINUTE_MS;

export interface Begun {
  /** The provider's page. */
  readonly address: string;
  /** To be kept by the browser until it comes back. */
  readonly pending: string;
}

export interface Returned {
  /** What the browser kept; null when it kept nothing. */
  readonly pending: string | null;
  /** The callback's query, without question mark. */
  readonly query: string;
  readonly address: string;
}

export type SignOnRefusal =
  | ProviderFailure
  /** No log-in was begun by this browser, it is over, or the answer is not for it. */
  | 'not_begun'
  | 'no_address'
  | 'unverified'
  | 'wrong_domain'
  /** Not in the directory, or disabled. */
  | 'unknown_user'
  | 'no_organization';

export type SignOnResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: SignOnRefusal };

/** Log-in by an identity provider. Guesses at passwords are not its matter: it neither counts nor lifts lock-outs. */
export interface SingleSignOn {
  /** @param next where the browser goes after the log-in */
  begin(next: string): Promise<SignOnResult<Begun>>;
  /** Each log-in that was begun can be finished once. */
  finish(returned: Returned): Promise<SignOnResult<{ readonly token: string; readonly next: string }>>;
}

/** What is kept while somebody is at the provider. */
export interface Pending extends PendingLogin {
  readonly next: string;
}

export interface SingleSignOnParts {
  readonly provider: IdentityProvider;
  readonly pending: Sessions<Pending>;
  readonly sessions: UserSessions;
  readonly directory: Directory;
  readonly audit: Audit;
  /** Lower case; empty for all. */
  readonly domains: readonly string[];
  readonly trustEmail: boolean;
  /** Told what went wrong with the provider; never about a person. */
  readonly onTrouble: (failure: ProviderFailure, cause: unknown) => void;
}

export function createSingleSignOn(parts: SingleSignOnParts): SingleSignOn {
  const { provider, pending, sessions, directory, audit, onTrouble } = parts;

  const failed = (failure: ProviderFailure, cause: unknown): { ok: false; refusal: SignOnRefusal } => {
    if (failure !== 'denied') onTrouble(failure, cause);
    return { ok: false, refusal: failure };
  };

  /** Only what is known to be the user's own act is put on record: strangers could fill it. */
  const record = async (event: string, user: User, address: string, detail: Record<string, string>): Promise<void> => {
    const organization = user.memberships[0]?.organization;
    await audit.record({ event, actor: user.email, organization, address, detail: { source: 'oidc', ...detail } });
  };

  const userOf = async (identity: Identity): Promise<SignOnResult<User> & { readonly known?: User | null }> => {
    if (identity.email === null) return { ok: false, refusal: 'no_address' };
    const known = await directory.userByEmail(identity.email);
    if (!(identity.emailVerified ?? parts.trustEmail)) return { ok: false, refusal: 'unverified', known };
    if (!allowed(identity.email, parts.domains)) return { ok: false, refusal: 'wrong_domain', known };
    if (known === null || !known.enabled) return { ok: false, refusal: 'unknown_user', known };
    return { ok: true, value: known };
  };

  return {
    async begin(next) {
      const begun = await provider.begin();
      if (!begun.ok) return failed(begun.failure, begun.cause);
      const principal = { ...begun.value.pending, next };
      const id = await pending.open({ principal, userId: null, organization: null });
      return { ok: true, value: { address: begun.value.address, pending: id } };
    },

    async finish({ pending: id, query, address }) {
      const begun = id === null ? null : await pending.resume(id);
      const state = new URLSearchParams(query).get('state') ?? '';
      if (begun === null || !equal(state, begun.principal.state)) return { ok: false, refusal: 'not_begun' };
      // Before the provider is asked: whoever comes with the same answer again finds nothing.
      await pending.end(begun.digest);

      const identity = await provider.finish(query, begun.principal);
      if (!identity.ok) return failed(identity.failure, identity.cause);
      const user = await userOf(identity.value);
      if (!user.ok) {
        if (user.known) await record('login.failed', user.known, address, { reason: user.refusal });
        return { ok: false, refusal: user.refusal };
      }
      const token = await sessions.open(user.value);
      if (token === null) {
        await record('login.failed', user.value, address, { reason: 'no_organization' });
        return { ok: false, refusal: 'no_organization' };
      }
      await record('login.succeeded', user.value, address, {});
      return { ok: true, value: { token, next: begun.principal.next } };
    },
  };
}

function allowed(email: string, domains: readonly string[]): boolean {
  if (domains.length === 0) return true;
  return domains.includes(email.slice(email.lastIndexOf('@') + 1).toLowerCase());
}

function equal(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(tokenDigest(a)), Buffer.from(tokenDigest(b)));
}
