import type { FastifyInstance } from 'fastify';
import { problemOf } from '../../http/request-problem.ts';
import { storeProblem } from '../../queries/store-problem.ts';
import type { Dialect, Services } from '../dialect.ts';
import { createAuthtokens } from './authtoken.ts';
import { registerManagement } from './management/routes.ts';
import { INTERNAL, refusalOf } from './problems.ts';
import { description, securitySchemes } from './schema.ts';
import { refuse } from './send.ts';
import { settings } from './settings.ts';

/** The Contentstack dialect; see the README beside this file. */
export const contentstack: Dialect<typeof settings> = {
  name: 'contentstack',
  title: 'Contentstack Analytics',
  description,
  securitySchemes,
  demoRequest,
  settings,
  register,
};

/** Log in, and what the token opens. */
function demoRequest(url: string): string {
  const login = `{"user":{"email":"ada@north.example","password":"correct-horse"}}`;
  const token = `$(curl -s ${url}/v3/user-session -d '${login}' | sed 's/.*"authtoken":"\\([^"]*\\)".*/\\1/')`;
  return `curl -s ${url}/v3/organizations -H "authtoken: ${token}"`;
}

/** Everything below these prefixes is ours, also what does not exist (contract 1). */
const FAMILIES = ['/v3', '/api/v3', '/analytics/v2'];

function register(scope: FastifyInstance, services: Services): void {
  // Refusals have a form and an order of their own, so the schemas only describe.
  scope.setValidatorCompiler(() => () => true);
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  scope.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error) ?? storeProblem(error);
    if (problem !== null) return refuse(reply, refusalOf(problem));
    request.log.error({ err: error }, 'a request failed');
    return refuse(reply, INTERNAL);
  });
  const tokens = createAuthtokens(services.access);
  registerManagement(scope, services, tokens);
  for (const url of FAMILIES.flatMap((family) => [family, `${family}/*`])) refuseEverything(scope, url);
}

function refuseEverything(scope: FastifyInstance, url: string): void {
  scope.route({
    method: scope.supportedMethods,
    url,
    schema: { hide: true },
    exposeHeadRoute: false,
    // Before the body is read.
    onRequest: async (_request, reply) => refuse(reply, refusalOf({ kind: 'not_found', what: 'path', key: '' })),
    handler: async () => undefined,
  });
}
