import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { BridgeException } from './exception.ts';
import { PASSWORD, USER } from './protocol.ts';

/** One request as the engine needs it. */
export interface BridgeStatement {
  readonly text: string;
  /** What follows the statement: the rows of an insert. */
  readonly data: Buffer | null;
  readonly database: string;
  readonly queryId: string;
  /** Text of bound parameters as it came over the wire. */
  readonly params: ReadonlyMap<string, string>;
  readonly settings: ReadonlyMap<string, string>;
  readonly waitForEnd: boolean;
}

/** Parameters of the URL that are the interface's own; everything else is a setting or refused by the engine. */
const OWN = new Set([
  'query',
  'query_id',
  'database',
  'default_format',
  'session_id',
  'session_timeout',
  'user',
  'password',
  'role',
  'wait_end_of_query',
  'buffer_size',
]);

export function authenticate(request: IncomingMessage): void {
  const given = /^Basic (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  if (Buffer.from(given, 'base64').toString() !== `${USER}:${PASSWORD}`) {
    throw new BridgeException(516, 'AUTHENTICATION_FAILED', 'Code: 516. DB::Exception: Authentication failed');
  }
}

export async function readRequest(request: IncomingMessage, url: URL): Promise<BridgeStatement> {
  const body = await buffer(request);
  const given = url.searchParams;
  const query = given.get('query');
  const params = new Map<string, string>();
  const settings = new Map<string, string>();
  for (const [name, value] of given) {
    if (name.startsWith('param_')) params.set(name.slice('param_'.length), value);
    else if (!OWN.has(name)) settings.set(name, value);
  }
  return {
    text: query ?? body.toString(),
    data: query === null ? null : body,
    database: given.get('database') ?? 'default',
    queryId: given.get('query_id') ?? '',
    params,
    settings,
    waitForEnd: given.get('wait_end_of_query') === '1',
  };
}
