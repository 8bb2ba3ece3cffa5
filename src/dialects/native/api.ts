import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { SettingValues } from '../../config/setting.ts';
import { problemOf } from '../../http/request-problem.ts';
import type { Services } from '../dialect.ts';
import { registerAudit } from './audit.ts';
import { authentication } from './authenticate.ts';
import { registerEngagement } from './engagement.ts';
import { registerExport } from './export.ts';
import { registerFacts } from './facts.ts';
import { MAX_JSON_BYTES, parseJsonBodies } from './json-body.ts';
import { registerJobs } from './jobs.ts';
import { registerLedger } from './ledger.ts';
import { registerLive } from './live.ts';
import { registerDirectory } from './directory/register-directory.ts';
import { details } from './problems.ts';
import { registerQuery } from './query.ts';
import { rateLimit } from './rate-limit.ts';
import { allowedMethods } from './allowed-methods.ts';
import { ROW_SCHEMAS } from './rows/row-schema.ts';
import { PROBLEM_TYPE, sendProblem } from './send-problem.ts';
import type { nativeSettings } from './settings.ts';
import { registerBrowserLogin } from './session/browser-login.ts';
import { registerSession } from './session/session.ts';
import { registerStreams } from './streams.ts';
import { registerWhoAmI } from './whoami.ts';
import * as wire from './wire.ts';

const PREFIX = '/api/v1';

/** All routes of the native API, with its own credentials, problems, limits and not-found answers. */
export function registerApi(
  scope: FastifyInstance,
  services: Services,
  settings: SettingValues<typeof nativeSettings>,
): void {
  registerBrowserLogin(scope, services);
  void scope.register(
    async (api) => {
      for (const schema of [...ROW_SCHEMAS, ...namedSchemas()]) api.addSchema(schema);
      const methodsFor = allowedMethods(api);
      api.decorateRequest('nativeCaller', null);
      api.addHook('onRequest', authentication(services));
      const limit = settings.requestsPerSecond;
      if (limit !== undefined) api.addHook('onRequest', rateLimit(services.access.limits, limit));
      api.addHook('onRoute', (route) => {
        route.bodyLimit ??= MAX_JSON_BYTES;
        const needs = route.config?.needs;
        const scopes = needs === undefined || needs === 'any' ? [] : [needs];
        // So that the API reference sends the key, and can say what it lacks.
        route.schema = { security: [{ key: scopes }], ...route.schema };
      });
      parseJsonBodies(api);

      api.setErrorHandler((error, request, reply) => {
        const problem = problemOf(error);
        if (problem !== null) return sendProblem(request, reply, withLimit(problem, request));
        // Of a caller that has gone, what was done for it fails as well: no failure of ours.
        request.log[reply.raw.destroyed ? 'debug' : 'error']({ err: error }, 'request failed');
        const internal = {
          status: 500,
          title: 'Internal error',
          detail: 'The server failed; its log has the request id.',
        };
        return reply
          .code(500)
          .type(PROBLEM_TYPE)
          .send(details('internal', internal, request.id));
      });
      api.setNotFoundHandler((request, reply) => {
        const methods = methodsFor(request.url);
        // A path that answers this very method is there, but on another host name.
        if (methods.length === 0 || methods.includes(request.method)) {
          return sendProblem(request, reply, { kind: 'not_found', what: 'path', key: request.url.split('?')[0] ?? '' });
        }
        const wrong = { status: 405, title: 'Method not allowed', detail: `This path answers ${methods.join(', ')}.` };
        return reply
          .code(405)
          .header('allow', methods.join(', '))
          .type(PROBLEM_TYPE)
          .send(details('method_not_allowed', wrong, request.id));
      });

      await registerFacts(api, { ...services, bodyBytes: services.config.bodyBytes });
      registerQuery(api, services);
      registerStreams(api);
      registerExport(api, services);
      registerEngagement(api, services);
      registerLive(api, services);
      registerWhoAmI(api);
      registerSession(api, services);
      registerLedger(api, services);
      registerJobs(api, services);
      registerAudit(api, services);
      registerDirectory(api, services.resources);
    },
    { prefix: PREFIX },
  );
}

/** Schemas with a name of their own appear once in the OpenAPI document. */
function namedSchemas(): object[] {
  return Object.values(wire).filter(
    (value): value is typeof wire.ProblemDetails => typeof value === 'object' && '$id' in value,
  );
}

/** The framework knows that a body was too large, and we know for which limit. */
function withLimit(problem: NonNullable<ReturnType<typeof problemOf>>, request: FastifyRequest): typeof problem {
  if (problem.kind !== 'body_too_large' || problem.limitBytes !== 0) return problem;
  return { ...problem, limitBytes: request.routeOptions.bodyLimit ?? 0 };
}
