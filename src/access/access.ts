import type { Clock } from '../domain/time/clock.ts';
import type { Directory } from '../directory/directory.ts';
import type { Passwords } from '../directory/secrets/passwords.ts';
import type { Sealing } from '../directory/secrets/sealing.ts';
import type { Records } from '../store/records/records.ts';
import { createApiKeys, type ApiKeys } from './api-keys.ts';
import { createAppTokens, type AppTokens } from './app-tokens.ts';
import { createAudit, type Audit } from './audit.ts';
import { createLogins, type Logins } from './logins.ts';
import { createOauthClients, type OauthClients } from './oauth/clients.ts';
import { createOauthTokens, type OauthTokens } from './oauth/tokens.ts';
import { createNativeKeys, type NativeKeys } from './native-keys.ts';
import { createProviderCredentials, type ProviderCredentials } from './provider-credentials.ts';
import { createRateLimits, type RateLimits } from './rate-limit.ts';
import { createServiceTokens, type ServiceTokens } from './service-tokens.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { createIdentityProvider, type ProviderFailure } from './single-sign-on/identity-provider.ts';
import { createSingleSignOn, PENDING_MS, type Pending, type SingleSignOn } from './single-sign-on/single-sign-on.ts';
import { createUserSessions, SESSION_IDLE_MS, type UserSessions } from './user-sessions.ts';
import { createUserTokens, type UserTokenRules, type UserTokens } from './user-tokens.ts';

/** From a credential to who it stands for, and from there to what may be read. */
export interface Access {
  readonly nativeKeys: NativeKeys;
  readonly appTokens: AppTokens;
  readonly serviceTokens: ServiceTokens;
  /** Provider keys and access tokens of API providers (3scale). */
  readonly providerCredentials: ProviderCredentials;
  readonly apiKeys: ApiKeys;
  readonly logins: Logins;
  readonly audit: Audit;
  readonly limits: RateLimits;
  readonly oauthClients: OauthClients;
  /** Of people with the native API. */
  readonly userSessions: UserSessions;
  /** Null when no identity provider is configured. */
  readonly singleSignOn: SingleSignOn | null;
  oauthTokens(rules: { readonly revokeFamilyOnReplay: boolean }): OauthTokens;
  /** Tokens of a dialect that time does not end. */
  userTokens(rules: UserTokenRules): UserTokens;
  /** Sessions of a dialect; each kind has rules of its own. */
  sessions<P>(rules: { readonly kind: string; readonly idleMs: number }): Sessions<P>;
  close(): Promise<void>;
}

export interface AccessParts {
  readonly records: Records;
  readonly directory: Directory;
  readonly clock: Clock;
  readonly passwords: Passwords;
  readonly sealing: Sealing;
  /** Shares rate limits between nodes. */
  readonly redisUrl: string | undefined;
  readonly onRedisTrouble: (error: Error | null) => void;
  /** Null for no log-in by an identity provider. */
  readonly signOn: SignOnOptions | null;
}

export interface SignOnOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  readonly redirectUri: string;
  /** Of e-mail addresses, in lower case; empty for all. */
  readonly domains: readonly string[];
  /** Takes addresses as verified when the provider does not say. */
  readonly trustEmail: boolean;
  readonly onTrouble: (failure: ProviderFailure, cause: unknown) => void;
}

export async function createAccess(parts: AccessParts): Promise<Access> {
  const { records, directory, clock } = parts;
  const audit = createAudit(records, clock);
  const limits = await createRateLimits({ clock, redisUrl: parts.redisUrl, onRedisTrouble: parts.onRedisTrouble });
  const opened: { close(): Promise<void> }[] = [];
  const sessions = <P>(rules: { readonly kind: string; readonly idleMs: number }): Sessions<P> => {
    const made = createSessions<P>({ records, clock }, rules);
    opened.push(made);
    return made;
  };
  const userSessions = createUserSessions({
    sessions: sessions({ kind: 'native', idleMs: SESSION_IDLE_MS }),
    directory,
    clock,
  });
  const { signOn } = parts;
  return {
    nativeKeys: createNativeKeys(records, directory),
    appTokens: createAppTokens(records, clock),
    serviceTokens: createServiceTokens(records, directory),
    providerCredentials: createProviderCredentials(parts),
    apiKeys: createApiKeys(records, directory),
    logins: createLogins({ ...parts, audit }),
    audit,
    limits,
    oauthClients: createOauthClients({ records, clock, audit }),
    oauthTokens: (rules) => createOauthTokens({ records, directory, clock, audit }, rules),
    userTokens: (rules) => createUserTokens({ records, directory, clock }, rules),
    userSessions,
    singleSignOn:
      signOn === null
        ? null
        : createSingleSignOn({
            ...signOn,
            provider: createIdentityProvider({ ...signOn, clock }),
            pending: sessions<Pending>({ kind: 'oidc-login', idleMs: PENDING_MS }),
            sessions: userSessions,
            directory,
            audit,
          }),
    sessions,
    async close() {
      for (const each of opened) await each.close();
      await limits.close();
    },
  };
}
