import type { FastifyReply, FastifyRequest } from 'fastify';

const SESSION = 'tallyhouse';
const LOGIN = 'tallyhouse-login';

/** The two cookies that browsers of this server carry: the session's token, and the log-in that was begun. */
export interface Cookies {
  /** The session's token; null when there is none. */
  sessionIn(request: FastifyRequest): string | null;
  begunLoginIn(request: FastifyRequest): string | null;
  setSession(reply: FastifyReply, token: string, maxAgeSeconds: number): void;
  setBegunLogin(reply: FastifyReply, pending: string, maxAgeSeconds: number): void;
  clearSession(reply: FastifyReply): void;
  clearBegunLogin(reply: FastifyReply): void;
}

/**
 * Not for scripts, and not with requests that pages of others send in the background (SameSite=Lax).
 *
 * @param baseUrl address of this server as browsers see it
 */
export function createCookies(baseUrl: string | undefined): Cookies {
  const secure = baseUrl?.startsWith('https:') ?? true;
  // Of such a name browsers take a cookie over https only, and from this very host.
  const prefix = secure ? '__Host-' : '';
  const set = (reply: FastifyReply, name: string, value: string, maxAgeSeconds: number): void => {
    const attributes = [
      'Path=/',
      `Max-Age=${maxAgeSeconds}`,
      'HttpOnly',
      'SameSite=Lax',
      ...(secure ? ['Secure'] : []),
    ];
    void reply.header('set-cookie', `${prefix}${name}=${value}; ${attributes.join('; ')}`);
  };
  return {
    sessionIn: (request) => cookieIn(request, `${prefix}${SESSION}`),
    begunLoginIn: (request) => cookieIn(request, `${prefix}${LOGIN}`),
    setSession: (reply, token, maxAgeSeconds) => set(reply, SESSION, token, maxAgeSeconds),
    setBegunLogin: (reply, pending, maxAgeSeconds) => set(reply, LOGIN, pending, maxAgeSeconds),
    clearSession: (reply) => set(reply, SESSION, '', 0),
    clearBegunLogin: (reply) => set(reply, LOGIN, '', 0),
  };
}

/** Whether a browser says that a page of this server sends the request. Other clients say nothing and send no cookies. */
export function isFromOurPages({ headers }: FastifyRequest, baseUrl: string | undefined): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  return headers.origin === undefined || headers.origin === baseUrl;
}

function cookieIn({ headers }: FastifyRequest, name: string): string | null {
  for (const pair of (headers.cookie ?? '').split(';')) {
    const [key = '', value = ''] = pair.trim().split('=', 2);
    if (key === name && value !== '') return value;
  }
  return null;
}
