import type { FastifySchema } from 'fastify';
import type { TokenHolder } from '../../../access/oauth/tokens.ts';
import type { Result } from '../../../domain/result.ts';
import type { Form } from '../form.ts';

/** What an endpoint is given: a caller that may go on, and the request's parts. */
export interface Call {
  readonly holder: TokenHolder;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Form;
  /** The object in the body, of a PATCH or PUT; a problem when there is none. */
  readonly change: () => Result<Readonly<Record<string, unknown>>>;
  readonly signal: AbortSignal;
}

/** One path below `/v1` and `/v2`, which are the same. */
export interface Endpoint {
  /** With a leading and without a trailing slash. */
  readonly path: string;
  readonly read: Operation;
  /** PATCH and PUT. */
  readonly change?: Operation;
}

export interface Operation {
  readonly schema: FastifySchema;
  /** The answer: an object that becomes JSON, or JSON text. */
  readonly run: (call: Call) => Promise<Result<object | string>>;
}
