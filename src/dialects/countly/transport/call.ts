import type { IncomingHttpHeaders } from 'node:http';
import type { FastifySchema } from 'fastify';
import type { Services } from '../../dialect.ts';
import type { Answer } from './answer.ts';
import type { SignedTexts } from './checksum.ts';
import type { Parameters } from './parameters.ts';

/** A request as every endpoint sees it, whichever method and body it came with. */
export interface Call {
  /** Query and body together; the query wins (contract 1.3). */
  readonly parameters: Parameters;
  readonly headers: IncomingHttpHeaders;
  /** Where its country is looked up; see `clientAddress`. */
  readonly address: string;
  /** Where it came from as far as the server trusts it: for logs of credentials and guards against guessing. */
  readonly peer: string;
  readonly signed: SignedTexts;
  /** Aborted when the caller is gone. */
  readonly signal: AbortSignal;
  readonly log: Services['log'];
}

export interface Endpoint {
  /** Without prefix and without a slash at the end; `/*` at the end stands for everything below. */
  readonly path: string;
  /** For the API reference; nothing is validated by it. Without one the path is not shown. */
  readonly schema?: FastifySchema & Readonly<Record<string, unknown>>;
  readonly run: (call: Call) => Promise<Answer>;
}
