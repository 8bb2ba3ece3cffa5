import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { OpenApiDocument } from './dialect-scope.ts';
import { escapeHtml, fillPage } from './page.ts';

export interface ReferenceParts {
  readonly version: string;
  /** Of every dialect served, by name. */
  readonly documents: ReadonlyMap<string, OpenApiDocument>;
  /** Where people log in; null when they cannot. */
  readonly logIn: string | null;
}

/** Pages that need nothing from other hosts: scripts and styles are files of ours. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

interface ServedDialect {
  readonly name: string;
  readonly title: string;
}

/**
 * `/openapi/<dialect>.json`, `/docs` (the API reference of every dialect served) and the start page `/`.
 * Open to all: they show no data.
 */
export function registerReference(server: FastifyInstance, { version, documents, logIn }: ReferenceParts): void {
  const dialects = (): ServedDialect[] =>
    [...documents].map(([name, document]) => ({ name, title: titleOf(document()) ?? name }));

  for (const [name, document] of documents) {
    server.get(`/openapi/${name}.json`, async (_request, reply) => {
      return reply.header('cache-control', 'no-cache').type('application/json; charset=utf-8').send(document());
    });
  }

  server.get('/', async (_request, reply) => {
    const list = dialects().map(({ name, title }) => {
      return `<li><a href="/docs#/${name}">${escapeHtml(title)}</a> <a class="aside" href="/openapi/${name}.json">OpenAPI</a></li>`;
    });
    const session = logIn === null ? '' : sessionPart(logIn);
    const values = { version: escapeHtml(version), dialects: list.join('\n'), session };
    return sendPage(reply, fillPage(asset('start.html'), values));
  });

  for (const path of ['/docs', '/docs/']) {
    server.get(path, async (_request, reply) => {
      const apis = dialects().map(({ name }) => ({ name, url: `/openapi/${name}.json` }));
      return sendPage(reply, fillPage(asset('docs.html'), { apis: escapeHtml(JSON.stringify(apis)) }));
    });
  }

  void server.register(fastifyStatic, {
    root: fileURLToPath(new URL('./assets/', import.meta.url)),
    prefix: '/docs/',
    decorateReply: false,
    index: false,
    redirect: false,
    allowedPath: (path) => PUBLIC_FILES.has(path),
    setHeaders: (reply) => {
      void reply.header('x-content-type-options', 'nosniff').header('cache-control', 'no-cache');
    },
  });
}

/** Says who is logged in once the page's script has asked; without scripts it leads to the log-in. */
function sessionPart(logIn: string): string {
  return `<p class="session" id="session" role="status"><a href="${escapeHtml(logIn)}">Log in</a></p>`;
}

const REFERENCE_FILES = [
  'reference.css',
  'main.js',
  'answer.js',
  'credentials.js',
  'curl.js',
  'dom.js',
  'example.js',
  'fields.js',
  'markdown.js',
  'offered.js',
  'openapi.js',
  'operation.js',
  'pretty.js',
  'request.js',
];

const PUBLIC_FILES = new Set([
  '/pages.css',
  '/start.js',
  '/favicon-32x32.png',
  ...REFERENCE_FILES.map((file) => `/reference/${file}`),
]);

function sendPage(reply: FastifyReply, html: string): FastifyReply {
  return reply
    .header('content-security-policy', CONTENT_SECURITY_POLICY)
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .header('cache-control', 'no-cache')
    .type('text/html; charset=utf-8')
    .send(html);
}

function asset(file: string): string {
  return readFileSync(new URL(`./assets/${file}`, import.meta.url), 'utf8');
}

function titleOf(document: unknown): string | null {
  const { info } = document as { info?: { title?: unknown } };
  return typeof info?.title === 'string' ? info.title : null;
}
