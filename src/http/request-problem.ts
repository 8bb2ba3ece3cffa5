import { OutageError, ProblemError, type Problem } from '../domain/problem.ts';

/**
 * What went wrong with a request before its handler saw it, or with the handler, as a problem; null for everything
 * that is our own fault. The one place that understands the framework's errors.
 */
export function problemOf(error: unknown): Problem | null {
  if (error instanceof ProblemError || error instanceof OutageError) return error.problem;
  if (!(error instanceof Error)) return null;
  const { code, statusCode } = error as Error & { code?: unknown; statusCode?: unknown };
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
    case 'FST_CP_ERR_BODY_TOO_LARGE':
      return { kind: 'body_too_large', limitBytes: 0 };
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return { kind: 'unsupported_media_type', mediaType: '' };
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return { kind: 'malformed_body', reason: 'the body is empty' };
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return { kind: 'malformed_body', reason: 'the body is not JSON' };
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return { kind: 'malformed_body', reason: 'the body is not as long as Content-Length says' };
    default:
      break;
  }
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return { kind: 'malformed_body', reason: error.message };
  }
  return null;
}
