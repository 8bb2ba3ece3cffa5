import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { ProblemError } from '../../domain/problem.ts';
import { bodyFormat } from './body/body-format.ts';

/** Requests that are no facts are short. */
export const MAX_JSON_BYTES = 1024 * 1024;

/**
 * JSON bodies of all routes but those of facts. A type that says nothing (curl -d sends one) is taken for JSON; an
 * object's `__proto__` is a member like others, which the schemas refuse.
 */
export function parseJsonBodies(api: FastifyInstance): void {
  api.removeAllContentTypeParsers();
  api.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MAX_JSON_BYTES }, (request, body: Buffer, done) => {
    const format = bodyFormat(request.headers['content-type']);
    if (!format.ok || format.value === 'lines') {
      const mediaType = request.headers['content-type'] ?? '';
      return done(new ProblemError({ kind: 'unsupported_media_type', mediaType }));
    }
    if (body.length === 0) return done(null, undefined);
    if (!isUtf8(body)) return done(malformed('the body is not UTF-8'));
    try {
      done(null, JSON.parse(body.toString('utf8')));
    } catch {
      done(malformed('the body is not JSON'));
    }
  });
}

function malformed(reason: string): ProblemError {
  return new ProblemError({ kind: 'malformed_body', reason });
}
