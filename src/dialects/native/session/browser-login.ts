import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PENDING_MS } from '../../../access/single-sign-on/single-sign-on.ts';
import { SESSION_MOST_MS } from '../../../access/user-sessions.ts';
import { SECOND_MS } from '../../../domain/time/durations.ts';
import { LOGIN_PATH, LOGOUT_PATH } from '../../../http/browser-paths.ts';
import { problemOf } from '../../../http/request-problem.ts';
import type { Services } from '../../dialect.ts';
import { createCookies, isFromOurPages } from './cookies.ts';
import { sendLoginProblem } from './problem-page.ts';

/** Log-ins of one address that are begun in a minute. */
const BEGUN_IN_A_MINUTE = 30;
/** A path of this server, and nothing that a browser takes for another one. */
const LOCAL_PATH = /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]{0,1000}$/;

/** `/login`, `/login/callback` and `/logout`: a browser's way to a session, by the identity provider. */
export function registerBrowserLogin(scope: FastifyInstance, { access, config }: Services): void {
  const { singleSignOn, userSessions } = access;
  const cookies = createCookies(config.oidcBaseUrl);
  const begun = access.limits.limiter({ name: 'native.logins', points: BEGUN_IN_A_MINUTE, windowSeconds: 60 });

  void scope.register(async (pages) => {
    // Nobody sends bodies here; a form's is not looked at.
    pages.removeAllContentTypeParsers();
    pages.addContentTypeParser('*', (_request, payload, done) => {
      payload.resume();
      done(null);
    });
    pages.setErrorHandler((error, request, reply) => {
      const ours = problemOf(error) === null;
      if (ours) request.log.error({ err: error }, 'request failed');
      return sendLoginProblem(reply, ours ? 'failed' : 'store_away');
    });

    pages.get(LOGIN_PATH, { schema: { hide: true } }, async (request, reply) => {
      if (singleSignOn === null) return sendLoginProblem(reply, 'off');
      const decision = await begun.consume(request.ip);
      if (!decision.allowed) {
        return sendLoginProblem(reply.header('retry-after', Math.ceil(decision.retryAfterMs / SECOND_MS)), 'too_many');
      }
      const { next } = request.query as { next?: unknown };
      const login = await singleSignOn.begin(typeof next === 'string' && LOCAL_PATH.test(next) ? next : '/');
      if (!login.ok) return sendLoginProblem(reply, login.refusal);
      const { address, pending } = login.value;
      cookies.setBegunLogin(reply, pending, PENDING_MS / SECOND_MS);
      return redirect(reply, address);
    });

    pages.get(`${LOGIN_PATH}/callback`, { schema: { hide: true } }, async (request, reply) => {
      if (singleSignOn === null) return sendLoginProblem(reply, 'off');
      const query = request.url.slice(LOGIN_PATH.length + '/callback?'.length);
      const login = await singleSignOn.finish({ pending: cookies.begunLoginIn(request), query, address: request.ip });
      // Somebody else's answer must not end a log-in that goes on.
      if (login.ok || login.refusal !== 'not_begun') cookies.clearBegunLogin(reply);
      if (!login.ok) return sendLoginProblem(reply, login.refusal);
      // Whoever was logged in with this browser is not any more.
      const earlier = cookies.sessionIn(request);
      if (earlier !== null) await userSessions.end(earlier);
      cookies.setSession(reply, login.value.token, SESSION_MOST_MS / SECOND_MS);
      return redirect(reply, login.value.next);
    });

    pages.post(LOGOUT_PATH, { schema: { hide: true } }, async (request, reply) => {
      const token = cookies.sessionIn(request);
      if (token === null) return reply.code(204).send();
      if (!isFromOurPages(request, config.oidcBaseUrl)) return sendLoginProblem(reply, 'not_our_page');
      await logOut(request, token);
      cookies.clearSession(reply);
      return reply.code(204).send();
    });
  });

  async function logOut(request: FastifyRequest, token: string): Promise<void> {
    const session = await userSessions.resume(token);
    await userSessions.end(token);
    if (!session.ok) return;
    const { user, organization } = session.value;
    await access.audit.record({
      event: 'logout.succeeded',
      actor: user.email,
      organization,
      address: request.ip,
      detail: { source: 'oidc' },
    });
  }
}

function redirect(reply: FastifyReply, address: string): FastifyReply {
  return reply
    .code(303)
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer')
    .redirect(address, 303);
}
