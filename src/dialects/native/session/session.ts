import type { FastifyInstance, FastifyRequest } from 'fastify';
import Type, { type Static } from 'typebox';
import type { UserSession } from '../../../access/user-sessions.ts';
import { LOGIN_PATH } from '../../../http/browser-paths.ts';
import type { Services } from '../../dialect.ts';
import { callerOf } from '../caller.ts';
import { answers } from '../route-schema.ts';
import { sendProblem } from '../send-problem.ts';
import { nameOf, userOf } from '../whoami.ts';
import { KEY_SCOPES, SessionAnswer, type SessionAnswer as Answer } from '../wire.ts';
import { createCookies } from './cookies.ts';

const MAX_LISTED = 1_000;

const Move = Type.Object(
  { organization: Type.String({ description: 'Uid or key.' }) },
  { additionalProperties: false },
);
const Token = Type.Object(
  { token: Type.String({ description: 'Shown once; to be sent as Authorization: Bearer.' }) },
  { additionalProperties: false },
);

/** `/api/v1/session`: who is logged in, where the session works, and a token of one's own for scripts. */
export function registerSession(api: FastifyInstance, { access, directory, config }: Services): void {
  const { userSessions, singleSignOn } = access;
  const cookies = createCookies(config.oidcBaseUrl);
  const logIn = singleSignOn === null ? null : LOGIN_PATH;

  // For everybody, so that a page can ask without being refused.
  const schema = {
    operationId: 'session',
    tags: ['Directory'],
    summary: 'Who is logged in with this browser, and where others may',
    security: [],
    response: answers(SessionAnswer, 'The session; `user` is null when there is none.', []),
  };
  api.get('/session', { schema }, async (request): Promise<Answer> => {
    const token = cookies.sessionIn(request);
    const session = token === null ? null : await userSessions.resume(token);
    if (session === null || !session.ok) {
      return { log_in: logIn, user: null, organization: null, scopes: [], choices: [] };
    }
    return answerOf(session.value, logIn);
  });

  api.patch<{ Body: Static<typeof Move> }>('/session', {
    config: { needs: 'any' },
    schema: {
      operationId: 'moveSession',
      tags: ['Directory'],
      summary: 'Work in another organization of the person who is logged in',
      body: Move,
      response: answers(SessionAnswer, 'The session.', [400, 401, 403, 404, 415, 429]),
    },
    handler: async (request, reply) => {
      const { credential } = callerOf(request);
      if (credential.kind === 'native-key') return sendProblem(request, reply, NO_SESSION);
      const { organization: key } = request.body;
      const tree = await directory.organizations();
      const found = tree.byUid(key) ?? tree.byKey(key);
      const token = bearerIn(request) ?? cookies.sessionIn(request) ?? '';
      if (found === undefined || !(await userSessions.moveTo(token, found.id))) {
        return sendProblem(request, reply, { kind: 'not_found', what: 'organization', key });
      }
      const moved = await userSessions.resume(token);
      return moved.ok ? reply.send(answerOf(moved.value, logIn)) : sendProblem(request, reply, moved.problem);
    },
  });

  api.post('/session/tokens', {
    config: { needs: 'any' },
    schema: {
      operationId: 'createSessionToken',
      tags: ['Directory'],
      summary:
        'A token for scripts of the person who is logged in; it ends as sessions do, and with the day of this one',
      response: answers(Token, 'The token.', [401, 403, 429], 201),
    },
    handler: async (request, reply) => {
      const { credential, actor } = callerOf(request);
      if (credential.kind === 'native-key') return sendProblem(request, reply, NO_SESSION);
      const token = await userSessions.openBeside(credential);
      if (token === null) return sendProblem(request, reply, NO_SESSION);
      const { organization } = credential;
      await access.audit.record({ event: 'session_token.created', actor, organization, address: request.ip });
      return reply.code(201).header('cache-control', 'no-store').send({ token });
    },
  });
}

const NO_SESSION = { kind: 'not_permitted', needs: 'a person who is logged in, not a key' } as const;

function bearerIn({ headers }: FastifyRequest): string | undefined {
  return headers.authorization?.split(/ +/)[1];
}

function answerOf({ user, organization, scopes, choices }: UserSession, logIn: string | null): Answer {
  const at = choices.find(({ id }) => id === organization);
  return {
    log_in: logIn,
    user: userOf(user),
    organization: at === undefined ? null : nameOf(at),
    scopes: KEY_SCOPES.filter((scope) => scopes.has(scope)),
    choices: choices.slice(0, MAX_LISTED).map(nameOf),
  };
}
