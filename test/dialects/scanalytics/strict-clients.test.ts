import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { DIRECTORY } from './support/directory.ts';

/** Public OAuth clients that check what a server answers against the RFCs. */
let server: TestServer;
beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY });
}, 60_000);
afterAll(() => server.stop());

const metadata = (): oauth.AuthorizationServer => ({
  issuer: server.url,
  token_endpoint: `${server.url}/o/token/`,
  revocation_endpoint: `${server.url}/o/revoke_token/`,
});
const USER = { username: 'dana@museum.example', password: 'open-at-nine' };

describe('oauth4webapi', () => {
  const insecure = { [oauth.allowInsecureRequests]: true };

  test('password grant of a public client, the resource, revocation', async () => {
    const client: oauth.Client = { client_id: 'scripts' };
    const response = await oauth.genericTokenEndpointRequest(
      metadata(),
      client,
      oauth.None(),
      'password',
      USER,
      insecure,
    );
    const token = await oauth.processGenericTokenEndpointResponse(metadata(), client, response);
    expect(token).toMatchObject({ token_type: 'bearer', expires_in: 86400, scope: 'read write' });
    const url = new URL(`${server.url}/v2/whoami`);
    const whoami = (): Promise<Response> =>
      oauth.protectedResourceRequest(token.access_token, 'GET', url, undefined, undefined, insecure);
    expect(((await (await whoami()).json()) as { firstName: string }).firstName).toBe('Dana');

    const revoked = await oauth.revocationRequest(metadata(), client, oauth.None(), token.access_token, insecure);
    await oauth.processRevocationResponse(revoked);
    // It parses the challenge, too.
    await expect(whoami()).rejects.toMatchObject({
      code: oauth.WWW_AUTHENTICATE_CHALLENGE,
      cause: [{ scheme: 'bearer', parameters: { realm: 'api', error: 'invalid_token' } }],
    });
  });

  test('client credentials by HTTP Basic, whose parts it encodes, and a refresh', async () => {
    const client: oauth.Client = { client_id: 'server' };
    const secret = oauth.ClientSecretBasic('s3cret-of-server');
    const response = await oauth.clientCredentialsGrantRequest(metadata(), client, secret, { scope: 'read' }, insecure);
    const token = await oauth.processClientCredentialsResponse(metadata(), client, response);
    expect(token.scope).toBe('read');
    const again = await oauth.refreshTokenGrantRequest(
      metadata(),
      client,
      secret,
      String(token.refresh_token),
      insecure,
    );
    const refreshed = await oauth.processRefreshTokenResponse(metadata(), client, again);
    expect(refreshed.refresh_token).not.toBe(token.refresh_token);
  });

  test('odd characters in a secret survive HTTP Basic', async () => {
    const client: oauth.Client = { client_id: 'kiosk' };
    const secret = oauth.ClientSecretBasic('s3cret+of%kiosk');
    const response = await oauth.genericTokenEndpointRequest(metadata(), client, secret, 'password', USER, insecure);
    await oauth.processGenericTokenEndpointResponse(metadata(), client, response);
  });

  test('refusals are the errors it expects', async () => {
    const client: oauth.Client = { client_id: 'server' };
    const wrong = oauth.ClientSecretPost('wrong');
    const response = await oauth.clientCredentialsGrantRequest(metadata(), client, wrong, {}, insecure);
    await expect(oauth.processClientCredentialsResponse(metadata(), client, response)).rejects.toMatchObject({
      code: oauth.WWW_AUTHENTICATE_CHALLENGE,
      cause: [{ scheme: 'basic', parameters: { realm: 'oauth' } }],
    });
    const scripts: oauth.Client = { client_id: 'scripts' };
    const used = await oauth.refreshTokenGrantRequest(metadata(), scripts, oauth.None(), 'bogus', insecure);
    await expect(oauth.processRefreshTokenResponse(metadata(), scripts, used)).rejects.toMatchObject({
      code: oauth.RESPONSE_BODY_ERROR,
      error: 'invalid_grant',
    });
  });
});

describe('openid-client', () => {
  function configured(id: string, authentication: openid.ClientAuth): openid.Configuration {
    const config = new openid.Configuration(metadata(), id, undefined, authentication);
    openid.allowInsecureRequests(config);
    return config;
  }

  test('password grant, refresh, the resource, revocation', async () => {
    const config = configured('scripts', openid.None());
    const first = await openid.genericGrantRequest(config, 'password', USER);
    const second = await openid.refreshTokenGrant(config, String(first.refresh_token));
    expect(second.expires_in).toBe(86400);
    const url = new URL(`${server.url}/v1/deployment/list/`);
    const response = await openid.fetchProtectedResource(config, second.access_token, url, 'GET');
    expect(response.status).toBe(200);
    await openid.tokenRevocation(config, String(second.refresh_token));
    await expect(openid.refreshTokenGrant(config, String(second.refresh_token))).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  test('client credentials in the body', async () => {
    const config = configured('server', openid.ClientSecretPost('s3cret-of-server'));
    const token = await openid.clientCredentialsGrant(config, { scope: 'read write' });
    expect(token).toMatchObject({ scope: 'read write', token_type: 'bearer' });
    await expect(openid.clientCredentialsGrant(config, { scope: 'admin' })).rejects.toMatchObject({
      error: 'invalid_scope',
    });
  });
});
