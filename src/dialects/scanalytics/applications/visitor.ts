import { timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Session, Sessions } from '../../../access/sessions.ts';
import type { Directory } from '../../../directory/directory.ts';
import { randomHex } from '../../../directory/secrets/tokens.ts';
import type { User } from '../../../directory/users.ts';
import { HOUR_MS } from '../../../domain/time/durations.ts';
import type { Form } from '../form.ts';

/** What a log-in to the pages keeps: the text that every form of the session has to bring back. */
export interface ConsolePrincipal {
  readonly csrf: string;
}

/** Somebody logged in to the pages. */
export interface Visitor {
  readonly user: User;
  readonly session: Session<ConsolePrincipal>;
}

export const CONSOLE_SESSIONS = { kind: 'console', idleMs: 8 * HOUR_MS };

const COOKIE = 'tallyhouse_console';
const COOKIE_PATH = '/o/applications';

/** Logs visitors in and recognizes them by a cookie that no script sees and no other site's form sends. */
export class Visitors {
  readonly #sessions: Sessions<ConsolePrincipal>;
  readonly #directory: Directory;

  constructor(sessions: Sessions<ConsolePrincipal>, directory: Directory) {
    this.#sessions = sessions;
    this.#directory = directory;
  }

  async of(request: FastifyRequest): Promise<Visitor | null> {
    const id = cookieIn(request.headers.cookie);
    const session = id === null ? null : await this.#sessions.resume(id);
    if (session === null || session.userId === null) return null;
    const user = await this.#directory.userById(session.userId);
    return user === null ? null : { user, session };
  }

  async open(user: User, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const organization = user.memberships[0]?.organization ?? null;
    const principal = { csrf: randomHex(16) };
    const id = await this.#sessions.open({ principal, userId: user.id, organization });
    setCookie(request, reply, id, null);
  }

  async close({ session }: Visitor, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    await this.#sessions.end(session.digest);
    setCookie(request, reply, '', 0);
  }
}

/**
 * Whether a form comes from a page of ours: no other site knows the session's text. The log-in, which has no session yet,
 * is guarded by what browsers say of where the form was.
 */
export function isOwnForm(request: FastifyRequest, form: Form, visitor: Visitor | null): boolean {
  if (!isSameSite(request)) return false;
  return visitor === null || equal(form.get('csrf') ?? '', visitor.session.principal.csrf);
}

/** Whoever sends neither header is no browser that a page of another site could make send the form. */
function isSameSite({ headers, host }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  // The host only: a proxy may have ended TLS.
  return headers.origin === undefined || (URL.canParse(headers.origin) && new URL(headers.origin).host === host);
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function setCookie(request: FastifyRequest, reply: FastifyReply, value: string, maxAgeS: number | null): void {
  const parts = [`${COOKIE}=${value}`, `Path=${COOKIE_PATH}`, 'HttpOnly', 'SameSite=Strict'];
  if (request.protocol === 'https') parts.push('Secure');
  if (maxAgeS !== null) parts.push(`Max-Age=${maxAgeS}`);
  reply.header('set-cookie', parts.join('; '));
}

function cookieIn(header: string | undefined): string | null {
  for (const pair of (header ?? '').split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === COOKIE && value !== undefined && value !== '') return value;
  }
  return null;
}
