import type { FastifyInstance } from 'fastify';
import type { Dialect, Services } from '../dialect.ts';
import { registerService } from './service/register-service.ts';
import { settings } from './settings.ts';

/** The 3scale dialect; see the README beside this file. */
export const threescale: Dialect<typeof settings> = {
  name: 'threescale',
  title: '3scale',
  description: `API management analytics as 3scale answers them: calls are authorized and reported under \`/transactions\`.`,
  securitySchemes: {},
  demoRequest: (url) => `curl -s ${url}/status`,
  settings,
  register,
};

/** The APIs of the dialect; each has its own forms of credentials, refusals and bodies, hence a scope of its own. */
const apis: readonly ((api: FastifyInstance, services: Services) => void | Promise<void>)[] = [registerService];

function register(scope: FastifyInstance, services: Services): void {
  // Refusals have forms and an order of their own, so the schemas only describe.
  scope.setValidatorCompiler(() => () => true);
  for (const registerApi of apis) void scope.register(async (api) => registerApi(api, services));
}
