import type { FastifyReply, FastifyRequest } from 'fastify';
import type { NativeKey } from '../../access/native-keys.ts';
import { fail, type Result } from '../../domain/result.ts';
import type { Services } from '../dialect.ts';
import { Caller } from './caller.ts';
import { sendProblem } from './send-problem.ts';

const BEARER = /^bearer +([^\s]+) *$/i;

/** Finds out who sends a request and whether its key may do what the route does; answers 401 and 403 itself. */
export function authentication({ access, directory }: Pick<Services, 'access' | 'directory'>) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { needs, keyInQuery } = request.routeOptions.config;
    // Only the not-found handler has none: what is not there is not there for anybody.
    if (needs === undefined) return;
    const sent = sentKey(request, keyInQuery === true);
    const authenticate = (): Promise<Result<NativeKey>> =>
      sent.ok ? access.nativeKeys.authenticate(sent.value) : Promise.resolve(sent);
    const key = await authenticate();
    if (!key.ok) return void sendProblem(request, reply, key.problem);
    if (needs !== 'any' && !key.value.scopes.has(needs)) {
      return void sendProblem(request, reply, { kind: 'not_permitted', needs: `a key with the scope "${needs}"` });
    }
    request.nativeCaller = new Caller(key.value, await directory.organizations(), authenticate);
  };
}

function sentKey(request: FastifyRequest, inQuery: boolean): Result<string> {
  const header = request.headers.authorization;
  const token = header === undefined ? null : BEARER.exec(header)?.[1];
  if (typeof token === 'string') return { ok: true, value: token };
  if (header !== undefined) return fail({ kind: 'not_authenticated', reason: 'invalid' });
  const given = inQuery ? (request.query as { access_token?: unknown }).access_token : undefined;
  if (typeof given === 'string' && given !== '') return { ok: true, value: given };
  return fail({ kind: 'not_authenticated', reason: 'missing' });
}
