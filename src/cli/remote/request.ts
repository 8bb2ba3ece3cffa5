import { CliError } from '../command.ts';
import type { Endpoint } from './endpoint.ts';

/** No answer came: the server is not there, went away, or the line broke. Whether it did what was asked is unknown. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

export interface NativeRequest {
  readonly method: 'GET' | 'POST';
  /** With its leading slash, query included. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer<ArrayBuffer> | string;
  readonly signal?: AbortSignal;
}

/** One request to the native API. @throws NoAnswer */
export async function request(
  endpoint: Endpoint,
  { method, path, headers, body, signal }: NativeRequest,
): Promise<Response> {
  try {
    return await fetch(`${endpoint.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${endpoint.key}`, ...headers },
      redirect: 'manual',
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    throw new NoAnswer(whyNoAnswer(error, endpoint), { cause: error });
  }
}

/** What an answer that is none of the expected ones means for the person who typed the command. */
export async function refusal(response: Response, endpoint: Endpoint): Promise<CliError> {
  const { status } = response;
  const { detail, field } = await problemIn(response);
  switch (status) {
    case 401:
      return new CliError(`${endpoint.url} does not accept the key: ${detail}`);
    case 403:
      return new CliError(`the key may not do this: ${detail}`);
    case 429:
    case 503:
      return new CliError(`${endpoint.url} cannot take this now: ${detail}`);
    default:
      break;
  }
  if (status >= 300 && status < 400) {
    const target = response.headers.get('location') ?? 'somewhere else';
    return new CliError(`${endpoint.url} points to ${target}: give that address with --url`);
  }
  if (detail === '') return new CliError(`${endpoint.url} answers ${status} and is perhaps no Tallyhouse: check --url`);
  return new CliError(field === '' || detail.includes(field) ? detail : `${field}: ${detail}`);
}

async function problemIn(response: Response): Promise<{ detail: string; field: string }> {
  let body: unknown;
  try {
    body = await response.json();
  } catch {
    return { detail: '', field: '' };
  }
  const { detail, title, field } = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const text = typeof detail === 'string' ? detail : typeof title === 'string' ? title : '';
  return { detail: text, field: typeof field === 'string' ? field : '' };
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the host name cannot be looked up now',
  ECONNRESET: 'the connection broke',
  UND_ERR_SOCKET: 'the connection broke',
  EPIPE: 'the connection broke',
  ETIMEDOUT: 'the connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
  UND_ERR_HEADERS_TIMEOUT: 'the answer took too long',
  UND_ERR_BODY_TIMEOUT: 'the answer stopped half-way',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed; name its file in NODE_EXTRA_CA_CERTS',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is self-signed; name its file in NODE_EXTRA_CA_CERTS',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak https; try http',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak https; try http',
};

function whyNoAnswer(error: unknown, { url }: Endpoint): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = codeOf(cause);
  const message = cause instanceof Error ? cause.message : String(cause);
  const reason = REASONS[code] ?? (message === 'bad port' ? 'its port is one that web clients refuse' : message);
  return `no answer from ${url}: ${reason}`;
}

/** Of several addresses of one host the first error tells enough. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  const code = error instanceof Error && 'code' in error ? error.code : '';
  return typeof code === 'string' ? code : '';
}
