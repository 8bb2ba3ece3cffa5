import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RateLimits } from '../../access/rate-limit.ts';
import { sendProblem } from './send-problem.ts';

/** So many requests a second for each key, or person, (TALLYHOUSE_NATIVE_RATE). Runs after authentication. */
export function rateLimit(limits: RateLimits, requestsPerSecond: number) {
  const limiter = limits.limiter({ name: 'native.requests', points: requestsPerSecond, windowSeconds: 1 });
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (request.nativeCaller === null || reply.sent) return;
    const decision = await limiter.consume(request.nativeCaller.identity);
    if (!decision.allowed)
      await sendProblem(request, reply, { kind: 'rate_limited', retryAfterMs: decision.retryAfterMs });
  };
}
