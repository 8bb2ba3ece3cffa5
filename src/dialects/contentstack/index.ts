import type { FastifyInstance } from 'fastify';
import type { SettingValues } from '../../config/setting.ts';
import { problemOf } from '../../http/request-problem.ts';
import { storeProblem } from '../../queries/store-problem.ts';
import type { Dialect, Services } from '../dialect.ts';
import { createAuthtokens } from './authtoken.ts';
import { registerAnalytics } from './analytics/routes.ts';
import { createJobKind } from './analytics/run-job.ts';
import { registerManagement } from './management/routes.ts';
import { INTERNAL, refusalOf } from './problems.ts';
import { isDecodable, UNDECODABLE } from './query.ts';
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

/** Logs in, starts a job about this month, and asks for its result until it is there. */
function demoRequest(url: string): string {
  const login = `{"user":{"email":"ada@north.example","password":"correct-horse"}}`;
  const of = (field: string): string => `sed 's/.*"${field}":"\\([^"]*\\)".*/\\1/'`;
  const get = `curl -s -H "authtoken: $T"`;
  const organization = 'orgUid=blt0000000000000001';
  return [
    `T=$(curl -s ${url}/v3/user-session -d '${login}' | ${of('authtoken')})`,
    `J=$(${get} "${url}/analytics/v2/usage?${organization}&from=$(date -u +%Y-%m-01)&to=$(date -u +%F)" | ${of('jobId')})`,
    `while R=$(${get} "${url}/analytics/v2/job/$J/data?${organization}"); echo "$R" | grep -q '"status":"active"'`,
    `do sleep 1; done`,
    `echo "$R"`,
  ].join('; ');
}

/** Everything below these prefixes is ours, also what does not exist (contract 1). */
const FAMILIES = ['/v3', '/api/v3', '/analytics/v2'];

function register(scope: FastifyInstance, services: Services, values: SettingValues<typeof settings>): void {
  const { access, config, directory, jobs, questions } = services;
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
  const tokens = createAuthtokens(access);
  registerManagement(scope, services, tokens);
  jobs.register(createJobKind({ questions, maxRows: config.jobRows }));
  const { rate, urlDataSource } = values;
  const limiter = access.limits.clockSeconds({ name: 'contentstack.analytics', points: rate });
  registerAnalytics(scope, {
    admission: { tokens, directory, limiter, rate },
    create: { directory, questions, jobs },
    retrieve: { jobs, urlDataSource },
  });
  for (const url of FAMILIES.flatMap((family) => [family, `${family}/*`])) refuseEverything(scope, url);
}

const NO_PATH = { kind: 'not_found', what: 'path', key: '' } as const;
const NO_TEXT = { kind: 'malformed_body', reason: UNDECODABLE } as const;

function refuseEverything(scope: FastifyInstance, url: string): void {
  scope.route({
    method: scope.supportedMethods,
    url,
    schema: { hide: true },
    exposeHeadRoute: false,
    // Before the body is read.
    onRequest: async ({ originalUrl }, reply) => refuse(reply, refusalOf(isDecodable(originalUrl) ? NO_PATH : NO_TEXT)),
    handler: async () => undefined,
  });
}
