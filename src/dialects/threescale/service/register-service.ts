import type { FastifyInstance } from 'fastify';
import type { Services } from '../../dialect.ts';
import { registerLiveness } from './liveness.ts';

/** The Service Management API (contract 5): how hits get in. */
export function registerService(api: FastifyInstance, _services: Services): void {
  registerLiveness(api);
}
