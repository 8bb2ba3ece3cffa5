import type { FastifyReply } from 'fastify';
import type { SignOnRefusal } from '../../../access/single-sign-on/single-sign-on.ts';
import { LOGIN_PATH } from '../../../http/browser-paths.ts';
import { escapeHtml } from '../../../http/page.ts';

export type LoginProblem = SignOnRefusal | 'off' | 'too_many' | 'not_our_page' | 'store_away' | 'failed';

interface Words {
  readonly status: number;
  readonly title: string;
  readonly text: string;
  /** Another try may help. */
  readonly again: boolean;
}

/** What a person reads. None of it says whether somebody is in the directory but to the owner of the address. */
const WORDS: Readonly<Record<LoginProblem, Words>> = {
  provider_away: {
    status: 502,
    title: 'The identity provider does not answer',
    text: 'Your organization’s log-in service could not be reached, or answered nonsense. Try again in a moment.',
    again: true,
  },
  misconfigured: {
    status: 502,
    title: 'The identity provider does not know this server',
    text: 'It refused this server. Whoever runs it finds the reason in its log.',
    again: false,
  },
  denied: {
    status: 403,
    title: 'You were not logged in',
    text: 'The log-in was cancelled, or your identity provider does not let you in here.',
    again: true,
  },
  refused: {
    status: 400,
    title: 'This log-in does not hold',
    text: 'It was used already, or took too long.',
    again: true,
  },
  not_begun: {
    status: 400,
    title: 'This log-in is over',
    text: 'It was begun in another browser or under another address of this server, more than ten minutes ago, or is finished already. Cookies have to be allowed.',
    again: true,
  },
  no_address: {
    status: 403,
    title: 'Your identity provider names no e-mail address',
    text: 'People are known here by their address. Ask whoever runs the provider to hand it on.',
    again: false,
  },
  unverified: {
    status: 403,
    title: 'Your e-mail address is not verified',
    text: 'Verify it at your identity provider, then log in again.',
    again: true,
  },
  wrong_domain: {
    status: 403,
    title: 'Your e-mail address may not log in here',
    text: 'Only addresses of certain domains may. Perhaps you have another account.',
    again: true,
  },
  unknown_user: {
    status: 403,
    title: 'You have no account here',
    text: 'Your identity is right, but nobody has given this address access. Ask an administrator.',
    again: true,
  },
  no_organization: {
    status: 403,
    title: 'You belong to no organization',
    text: 'Your account is there, but there is nothing it may see. Ask an administrator.',
    again: false,
  },
  off: {
    status: 404,
    title: 'There is no log-in here',
    text: 'No identity provider is set up. Requests are sent with keys.',
    again: false,
  },
  too_many: {
    status: 429,
    title: 'Too many log-ins',
    text: 'Too many were begun from your address. Try again in a minute.',
    again: true,
  },
  not_our_page: {
    status: 403,
    title: 'Another site sent this',
    text: 'Log out on this server’s own page.',
    again: false,
  },
  store_away: {
    status: 503,
    title: 'Not now',
    text: 'The server cannot look anything up at the moment. Try again soon.',
    again: true,
  },
  failed: {
    status: 500,
    title: 'The server failed',
    text: 'Its log has the reason.',
    again: true,
  },
};

const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export function sendLoginProblem(reply: FastifyReply, problem: LoginProblem): FastifyReply {
  const { status, title, text, again } = WORDS[problem];
  const link = again ? `<p><a href="${LOGIN_PATH}">Log in</a></p>` : '<p><a href="/">Back</a></p>';
  return reply
    .code(status)
    .header('content-security-policy', CONTENT_SECURITY_POLICY)
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8').send(`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${escapeHtml(title)} - Tallyhouse</title>
    <link rel="icon" type="image/png" href="/docs/favicon-32x32.png" />
    <link rel="stylesheet" href="/docs/pages.css" />
  </head>
  <body>
    <main class="start">
      <h1>${escapeHtml(title)}</h1>
      <p role="alert">${escapeHtml(text)}</p>
      ${link}
    </main>
  </body>
</html>
`);
}
