import * as oidc from 'openid-client';
import { MINUTE_MS } from '../../domain/time/durations.ts';
import type { Clock } from '../../domain/time/clock.ts';

/** A provider that has not answered by then is taken to be away. */
const TIMEOUT_SECONDS = 5;
/** Clocks of two machines may differ by this much. */
const CLOCK_TOLERANCE_SECONDS = 30;
/** What the provider says about itself (addresses, keys) is asked for anew after this long. */
const METADATA_MS = 60 * MINUTE_MS;
const SCOPES = 'openid email';

export interface IdentityProviderOptions {
  readonly issuer: string;
  readonly clientId: string;
  /** Undefined: a public client. */
  readonly clientSecret: string | undefined;
  readonly redirectUri: string;
  readonly clock: Clock;
}

/** What has to be remembered between the way there and the way back. */
export interface PendingLogin {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** What the provider vouches for. */
export interface Identity {
  readonly subject: string;
  readonly email: string | null;
  /** Null when the provider does not say. */
  readonly emailVerified: boolean | null;
}

export type ProviderFailure =
  /** It cannot be reached, is slow, or answers nonsense. */
  | 'provider_away'
  /** The person, or the provider's rules, said no. */
  | 'denied'
  /** The code or the ID token does not hold: used before, too old, not for us. */
  | 'refused'
  /** The provider does not know us, or we do not know its ways. */
  | 'misconfigured';

export type ProviderResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: ProviderFailure; readonly cause: unknown };

/** An OpenID Connect provider: authorization code flow with PKCE, state and nonce. */
export interface IdentityProvider {
  /** Where to send the browser. */
  begin(): Promise<ProviderResult<{ readonly address: string; readonly pending: PendingLogin }>>;
  /** @param query the callback's, its `state` compared already */
  finish(query: string, pending: PendingLogin): Promise<ProviderResult<Identity>>;
}

export function createIdentityProvider(options: IdentityProviderOptions): IdentityProvider {
  const { clock, redirectUri } = options;
  let known: { readonly configuration: Promise<oidc.Configuration>; readonly until: number } | undefined;

  const configuration = (): Promise<oidc.Configuration> => {
    if (known !== undefined && clock.now() < known.until) return known.configuration;
    const asked = { configuration: discover(options), until: clock.now() + METADATA_MS };
    known = asked;
    // A failure is not kept: the next one asks again. Those who wait for it share it.
    asked.configuration.catch(() => {
      if (known === asked) known = undefined;
    });
    return asked.configuration;
  };

  return {
    async begin() {
      const pending = {
        state: oidc.randomState(),
        nonce: oidc.randomNonce(),
        verifier: oidc.randomPKCECodeVerifier(),
      };
      try {
        const address = oidc.buildAuthorizationUrl(await configuration(), {
          redirect_uri: redirectUri,
          scope: SCOPES,
          response_type: 'code',
          state: pending.state,
          nonce: pending.nonce,
          code_challenge: await oidc.calculatePKCECodeChallenge(pending.verifier),
          code_challenge_method: 'S256',
        });
        return { ok: true, value: { address: address.href, pending } };
      } catch (cause) {
        return { ok: false, failure: failureOf(cause), cause };
      }
    },

    async finish(query, { state, nonce, verifier }) {
      try {
        const provider = await configuration();
        const tokens = await oidc.authorizationCodeGrant(provider, new URL(`${redirectUri}?${query}`), {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        });
        const claims = tokens.claims();
        if (claims === undefined) return { ok: false, failure: 'refused', cause: new Error('no ID token') };
        const inToken = typeof claims['email'] === 'string';
        // Some providers keep the address out of the ID token.
        const about = inToken ? claims : await oidc.fetchUserInfo(provider, tokens.access_token, claims.sub);
        return { ok: true, value: identityOf(claims.sub, about) };
      } catch (cause) {
        return { ok: false, failure: failureOf(cause), cause };
      }
    },
  };
}

async function discover({ issuer, clientId, clientSecret }: IdentityProviderOptions): Promise<oidc.Configuration> {
  const address = new URL(issuer);
  const configuration = await oidc.discovery(
    address,
    clientId,
    { [oidc.clockTolerance]: CLOCK_TOLERANCE_SECONDS },
    clientSecret === undefined ? oidc.None() : oidc.ClientSecretPost(clientSecret),
    {
      timeout: TIMEOUT_SECONDS,
      // The ID token's signature is checked although it comes from the provider itself.
      execute: [oidc.enableNonRepudiationChecks, ...(address.protocol === 'http:' ? [oidc.allowInsecureRequests] : [])],
    },
  );
  configuration.timeout = TIMEOUT_SECONDS;
  return configuration;
}

function identityOf(subject: string, claims: Readonly<Record<string, unknown>>): Identity {
  const { email, email_verified: verified } = claims;
  return {
    subject,
    email: typeof email === 'string' && email !== '' ? email : null,
    // Some providers write it as text.
    emailVerified: verified === undefined || verified === null ? null : verified === true || verified === 'true',
  };
}

/** The way things fail at a provider that is there and means it. */
const REFUSED = new Set([
  'OAUTH_INVALID_RESPONSE',
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
  'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED',
]);

function failureOf(error: unknown): ProviderFailure {
  if (error instanceof oidc.AuthorizationResponseError) {
    return error.error === 'temporarily_unavailable' || error.error === 'server_error' ? 'provider_away' : 'denied';
  }
  if (error instanceof oidc.ResponseBodyError) return error.error === 'invalid_grant' ? 'refused' : 'misconfigured';
  if (error instanceof oidc.WWWAuthenticateChallengeError) return 'misconfigured';
  if (error instanceof oidc.ClientError && error.code !== undefined && REFUSED.has(error.code)) return 'refused';
  return 'provider_away';
}
