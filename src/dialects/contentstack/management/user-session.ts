import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logins } from '../../../access/logins.ts';
import type { UserTokens } from '../../../access/user-tokens.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import type { Memberships } from './memberships.ts';
import { IDENTITY_PROVIDER_ONLY, incompleteLogin, refusalOf, type Refusal } from '../problems.ts';
import { answer, refuse } from '../send.ts';
import { userToWire } from './wire.ts';

interface Credentials {
  readonly email: string;
  readonly password: string;
  readonly code: string | undefined;
}

export interface LoginParts {
  readonly logins: Logins;
  readonly tokens: UserTokens;
  readonly memberships: Memberships;
}

/** `POST /v3/user-session` (contract 9): the only way to a token. */
export async function logIn(parts: LoginParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const credentials = credentialsOf(request.body);
  if (!credentials.ok) return refuse(reply, credentials.problem);
  const { email, password, code } = credentials.value;
  // Nothing could be guessed: such a user has no password.
  if (await parts.logins.isForIdentityProvider(email)) return refuse(reply, IDENTITY_PROVIDER_ONLY);
  const user = await parts.logins.login({
    username: email,
    password,
    code,
    address: request.ip,
    source: 'contentstack',
  });
  if (!user.ok) return refuse(reply, refusalOf(user.problem));
  const authtoken = await parts.tokens.issue(user.value);
  const joined = await parts.memberships.of(user.value);
  return answer(reply, { notice: 'Login Successful.', user: userToWire(user.value, joined, authtoken) });
}

function credentialsOf(body: unknown): Result<Credentials, Refusal> {
  const parsed = objectOf(body);
  if (!parsed.ok) return parsed;
  const user = parsed.value['user'];
  if (!isObject(user)) return fail(incompleteLogin(['user']));
  const [email, password, code] = [user['email'], user['password'], user['tfa_token']];
  const missing = Object.entries({ email, password }).filter(([, value]) => typeof value !== 'string' || value === '');
  if (missing.length > 0 || typeof email !== 'string' || typeof password !== 'string') {
    return fail(incompleteLogin(missing.map(([name]) => name)));
  }
  return ok({ email, password, code: codeOf(code) });
}

/** Programs send it as a number, too; an empty one is what a form without one sends. */
function codeOf(code: unknown): string | undefined {
  if (typeof code === 'number') return String(code).padStart(6, '0');
  return typeof code === 'string' && code !== '' ? code : undefined;
}

function objectOf(body: unknown): Result<Readonly<Record<string, unknown>>, Refusal> {
  const bytes = body instanceof Uint8Array ? body : new Uint8Array();
  if (bytes.length === 0) return ok({});
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return ok(isObject(value) ? value : {});
  } catch {
    return fail(refusalOf({ kind: 'malformed_body', reason: 'the body is not JSON' }));
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
