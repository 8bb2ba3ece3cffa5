import type { FastifyReply } from 'fastify';
import { escapeHtml } from '../../../http/page.ts';

/** HTML that is already escaped. */
export interface Html {
  readonly html: string;
}

/** Writes HTML: values are escaped unless they are HTML themselves. */
export function html(strings: TemplateStringsArray, ...values: readonly (string | Html | readonly Html[])[]): Html {
  const texts = strings.map((text, index) => {
    const value = values[index];
    if (value === undefined) return text;
    if (typeof value === 'string') return text + escapeHtml(value);
    return text + ('html' in value ? value.html : value.map((part) => part.html).join(''));
  });
  return { html: texts.join('') };
}

/** Forms go to this server only; nothing runs, and nobody puts the page into a frame. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

export function sendPage(reply: FastifyReply, title: string, content: Html, status = 200): FastifyReply {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} - Tallyhouse</title>
        <link rel="icon" type="image/png" href="/docs/favicon-32x32.png" />
        <link rel="stylesheet" href="/docs/pages.css" />
      </head>
      <body>
        <main class="start">
          <h1>${title}</h1>
          ${content}
        </main>
      </body>
    </html> `;
  return reply
    .code(status)
    .header('content-security-policy', CONTENT_SECURITY_POLICY)
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'same-origin')
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(page.html);
}
