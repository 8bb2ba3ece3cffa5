import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import Provider from 'oidc-provider';

/** Claims of those who have an account at the provider, by their id there. */
export type Accounts = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface IdentityProviderOptions {
  readonly port: number;
  readonly redirectUri: string;
  readonly accounts: Accounts;
  /** Where the claims stand: in the ID token, or only at the userinfo endpoint. */
  readonly claimsIn?: 'id-token' | 'userinfo';
}

/** How it behaves: as it should, not at all, with nonsense, or with ID tokens that somebody changed on the way. */
export type Mood = 'well' | 'hangs' | 'broken' | 'changes-tokens' | 'knows-nobody';

export interface TestIdentityProvider {
  readonly issuer: string;
  mood: Mood;
  stop(): Promise<void>;
}

export const CLIENT = { id: 'tallyhouse', secret: 'the-secret-of-this-client' };

/** A certified OpenID provider behind a door that misbehaves on demand. Its log-in page asks for an account's id only. */
export async function startIdentityProvider(options: IdentityProviderOptions): Promise<TestIdentityProvider> {
  const issuer = `http://127.0.0.1:${options.port}`;
  const { provider, scripts } = createProvider(issuer, options);
  const answer = provider.callback();
  const state: { mood: Mood } = { mood: 'well' };
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/interaction/')) {
      void interact(provider, request, response);
      return;
    }
    const atToken = request.url === '/token';
    if (state.mood === 'hangs') return;
    if (state.mood === 'broken') return void response.writeHead(500).end('<h1>Oops</h1>');
    if (state.mood === 'knows-nobody' && atToken) {
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":"invalid_client"}');
      return;
    }
    if (state.mood === 'changes-tokens' && atToken) changeToken(response, scripts);
    answer(request, response);
  });
  await listening(server, options.port);
  return {
    issuer,
    get mood() {
      return state.mood;
    },
    set mood(mood) {
      state.mood = mood;
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function listening(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}

function createProvider(issuer: string, { redirectUri, accounts, claimsIn }: IdentityProviderOptions) {
  const provider: Provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [redirectUri],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: claimsIn === 'userinfo',
    cookies: { keys: ['for tests only'] },
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    findAccount: (_context: unknown, id: string) =>
      accounts[id] === undefined ? undefined : { accountId: id, claims: async () => ({ sub: id, ...accounts[id] }) },
    interactions: { url: (_context: unknown, interaction: { uid: string }) => `/interaction/${interaction.uid}` },
    // Whoever logs in agrees to what is asked.
    async loadExistingGrant(context: { oidc: { client: { clientId: string }; session: { accountId: string } } }) {
      const { client, session } = context.oidc;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid email');
      await grant.save();
      return grant;
    },
  });
  return { provider, scripts: accounts };
}

async function interact(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'POST') {
    response.setHeader('content-type', 'text/html; charset=utf-8').end(`<!doctype html><title>Log-in service</title>
      <form method="post"><label>Account <input name="account"></label><button>Continue</button></form>`);
    return;
  }
  const account = new URLSearchParams(await text(request)).get('account') ?? '';
  const result =
    account === '' ? { error: 'access_denied', error_description: 'cancelled' } : { login: { accountId: account } };
  await provider.interactionFinished(request, response, result);
}

/** Puts another address into the ID token that is on its way, as somebody in between would. */
function changeToken(response: ServerResponse, accounts: Accounts): void {
  const end = response.end.bind(response);
  response.end = ((body: unknown) => {
    const answer = JSON.parse(String(body)) as { id_token: string };
    const [header, payload = '', signature] = answer.id_token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    const changed = Buffer.from(JSON.stringify({ ...claims, ...Object.values(accounts)[0] })).toString('base64url');
    const content = JSON.stringify({ ...answer, id_token: [header, changed, signature].join('.') });
    response.setHeader('content-length', Buffer.byteLength(content));
    return end(content);
  }) as typeof response.end;
}
