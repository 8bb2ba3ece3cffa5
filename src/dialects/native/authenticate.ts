import type { FastifyReply, FastifyRequest } from 'fastify';
import { isSessionToken } from '../../access/user-sessions.ts';
import { fail, type Result } from '../../domain/result.ts';
import type { Services } from '../dialect.ts';
import { Caller, type Credential } from './caller.ts';
import { sendProblem } from './send-problem.ts';
import { createCookies, isFromOurPages, type Cookies } from './session/cookies.ts';

const BEARER = /^bearer +([^\s]+) *$/i;
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Finds out who sends a request, by a key, a session's token or a browser's cookie, and whether they may do what the
 * route does; answers 401 and 403 itself.
 */
export function authentication({ access, directory, config }: Pick<Services, 'access' | 'directory' | 'config'>) {
  const cookies = createCookies(config.oidcBaseUrl);
  const authenticate = (sent: string): Promise<Result<Credential>> =>
    isSessionToken(sent) ? access.userSessions.resume(sent) : access.nativeKeys.authenticate(sent);

  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { needs, keyInQuery } = request.routeOptions.config;
    // What is not there is not there for anybody, and some routes are for everybody.
    if (needs === undefined) return;
    const sent = sentKey(request, keyInQuery === true, cookies);
    const lookUp = (): Promise<Result<Credential>> => (sent.ok ? authenticate(sent.value.key) : Promise.resolve(sent));
    const credential = await lookUp();
    if (!credential.ok) return void sendProblem(request, reply, credential.problem);
    if (sent.ok && sent.value.byCookie && !SAFE.has(request.method) && !isFromOurPages(request, config.oidcBaseUrl)) {
      return void sendProblem(request, reply, { kind: 'not_permitted', needs: 'a page of this server that sends it' });
    }
    if (needs !== 'any' && !credential.value.scopes.has(needs)) {
      return void sendProblem(request, reply, { kind: 'not_permitted', needs: `a key with the scope "${needs}"` });
    }
    request.nativeCaller = new Caller(credential.value, await directory.organizations(), lookUp);
  };
}

interface SentKey {
  readonly key: string;
  /** Browsers send cookies along with requests that pages of others make. */
  readonly byCookie: boolean;
}

function sentKey(request: FastifyRequest, inQuery: boolean, cookies: Cookies): Result<SentKey> {
  const header = request.headers.authorization;
  const token = header === undefined ? null : BEARER.exec(header)?.[1];
  if (typeof token === 'string') return { ok: true, value: { key: token, byCookie: false } };
  if (header !== undefined) return fail({ kind: 'not_authenticated', reason: 'invalid' });
  const given = inQuery ? (request.query as { access_token?: unknown }).access_token : undefined;
  if (typeof given === 'string' && given !== '') return { ok: true, value: { key: given, byCookie: false } };
  const session = cookies.sessionIn(request);
  if (session !== null) return { ok: true, value: { key: session, byCookie: true } };
  return fail({ kind: 'not_authenticated', reason: 'missing' });
}
