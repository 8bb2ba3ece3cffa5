import type { Logins } from '../../../access/logins.ts';
import type { OauthClient, OauthClients } from '../../../access/oauth/clients.ts';
import type { OauthTokens, TokenPair } from '../../../access/oauth/tokens.ts';
import type { Directory } from '../../../directory/directory.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import type { Form } from '../form.ts';
import { identifyClient } from './client-credentials.ts';
import { oauthError, oauthErrorOf, type OauthError } from './oauth-error.ts';
import { grantedScope, refreshedScope, scopeOfUser } from './scope.ts';

export interface GrantParts {
  readonly clients: OauthClients;
  readonly tokens: OauthTokens;
  readonly logins: Pick<Logins, 'login'>;
  readonly directory: Directory;
}

/** A request for a token as it arrived. */
export interface TokenRequest {
  readonly form: Form;
  readonly authorization: string | undefined;
  readonly address: string;
}

type Granted = Promise<Result<TokenPair, OauthError>>;
type Grant = (parts: GrantParts, client: OauthClient, request: TokenRequest) => Granted;

/** Which clients may use a grant (contract 2): the seed's sample gives every client a refresh token. */
const GRANTS: Readonly<Record<string, { readonly of: readonly OauthClient['grant'][]; readonly run: Grant }>> = {
  password: { of: ['password'], run: passwordGrant },
  client_credentials: { of: ['client-credentials'], run: clientGrant },
  refresh_token: { of: ['password', 'client-credentials'], run: refreshGrant },
};

/**
 * Answers a request for a token (contract 3). Checks in the order of 3.6: form, grant type, client, grant allowed,
 * parameters, credentials, scope.
 */
export async function grantToken(parts: GrantParts, request: TokenRequest): Granted {
  const { form, authorization } = request;
  const repeated = form.repeated();
  if (repeated !== null) return fail(oauthError('invalid_request', 'A parameter was sent twice.'));
  const type = form.get('grant_type');
  if (type === null) return fail(missing('grant_type'));
  const grant = Object.hasOwn(GRANTS, type) ? GRANTS[type] : undefined;
  if (grant === undefined) return fail(oauthError('unsupported_grant_type', 'This grant type is not supported.'));
  const client = await identifyClient(parts.clients, form, authorization);
  if (!client.ok) return client;
  if (!grant.of.includes(client.value.grant)) {
    return fail(oauthError('unauthorized_client', 'The client may not use this grant type.'));
  }
  return grant.run(parts, client.value, request);
}

async function passwordGrant(
  { logins, tokens, directory }: GrantParts,
  client: OauthClient,
  { form, address }: TokenRequest,
): Granted {
  const username = form.get('username');
  if (username === null) return fail(missing('username'));
  const password = form.get('password');
  if (password === null) return fail(missing('password'));
  const user = await logins.login({ username, password, address, source: 'scanalytics' });
  if (!user.ok) return fail(oauthErrorOf(user.problem));
  const scope = grantedScope(form.get('scope'), await scopeOfUser(user.value, directory));
  return scope.ok ? ok(await tokens.issue({ client, user: user.value, scope: scope.value })) : scope;
}

async function clientGrant({ tokens, directory }: GrantParts, client: OauthClient, { form }: TokenRequest): Granted {
  const owner = await directory.userById(client.ownerId);
  if (owner === null || !owner.enabled) {
    return fail(oauthError('invalid_grant', 'The owner of the client may not log in.'));
  }
  const scope = grantedScope(form.get('scope'), await scopeOfUser(owner, directory));
  return scope.ok ? ok(await tokens.issue({ client, user: null, scope: scope.value })) : scope;
}

const INVALID_REFRESH_TOKEN = oauthError(
  'invalid_grant',
  'The refresh token is unknown, used, revoked or of another client.',
);

async function refreshGrant(
  { tokens, directory }: GrantParts,
  client: OauthClient,
  { form, address }: TokenRequest,
): Granted {
  const refreshToken = form.get('refresh_token');
  if (refreshToken === null) return fail(missing('refresh_token'));
  const by = { clientId: client.id, address };
  const found = await tokens.inspect(refreshToken, by);
  if (found.kind !== 'usable' || found.token.clientId !== client.id) return fail(INVALID_REFRESH_TOKEN);
  const { user, scope: old } = found.token;
  const scope = refreshedScope(form.get('scope'), old, await scopeOfUser(user, directory));
  if (!scope.ok) return scope;
  const pair = await tokens.refresh(refreshToken, scope.value, by);
  return pair === null ? fail(INVALID_REFRESH_TOKEN) : ok(pair);
}

function missing(parameter: string): OauthError {
  return oauthError('invalid_request', `The parameter ${parameter} is missing.`);
}
