import type { FastifySchema } from 'fastify';
import type { ProviderScope } from '../../access/provider-credentials.ts';
import type { Organization } from '../../directory/organizations.ts';
import type { Result } from '../../domain/result.ts';
import type { CsvFile, CsvTable } from './format/csv.ts';
import type { Format } from './format/format.ts';
import type { ReadRefusal } from './format/refusal.ts';
import type { XmlElement } from './format/xml.ts';
import type { Parameters } from './parameters/parameters.ts';

/** One path of `/admin/api` or `/stats`, without suffix; it is served with each of its formats as suffix and without. */
export interface Endpoint {
  /** Fastify's form: `/admin/api/accounts/:account_id`. */
  readonly path: string;
  /** In the order of the API reference. */
  readonly formats: readonly Format[];
  /** Scopes that an access token must have, all of them. */
  readonly needs: readonly ProviderScope[];
  /** No access token is enough, whatever its scopes. */
  readonly onlyProviderKey?: true;
  /** Only describes: refusals have a form and an order of their own. */
  readonly schema: FastifySchema;
  readonly run: (call: Call) => Promise<Result<Answer, ReadRefusal>>;
}

/** What an endpoint is given: a caller that may go on, and the request's parts. */
export interface Call {
  readonly tenant: Organization;
  readonly parameters: Parameters;
  readonly format: Format;
  /** `https://host:port` as the caller wrote it, for links. */
  readonly origin: string;
  readonly signal: AbortSignal;
}

/** One way to write the answer for each of the endpoint's formats. */
export interface Answer {
  readonly xml?: () => XmlElement;
  /** A value, or JSON text where numbers may be larger than `JSON.stringify` writes exactly. */
  readonly json?: () => object | string;
  readonly csv?: () => CsvTable | CsvFile;
  readonly txt?: () => string;
}
