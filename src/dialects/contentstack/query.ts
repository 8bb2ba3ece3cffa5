import { fail, ok, type Result } from '../../domain/result.ts';

/** The parameters of a request by name, in the order in which they came. */
export type Query = ReadonlyMap<string, readonly string[]>;

/**
 * Decodes the query as it travelled: `+` and `%20` are blanks, a name without `=` has the value ''. `malformed_body`
 * when an escape stands for no UTF-8 text.
 */
export function parseQuery(url: string): Result<Query> {
  const at = url.indexOf('?');
  const parameters = new Map<string, string[]>();
  for (const part of at === -1 ? [] : url.slice(at + 1).split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = decoded(equals === -1 ? part : part.slice(0, equals));
    const value = decoded(equals === -1 ? '' : part.slice(equals + 1));
    if (name === null || value === null) return fail({ kind: 'malformed_body', reason: UNDECODABLE });
    const values = parameters.get(name);
    if (values === undefined) parameters.set(name, [value]);
    else values.push(value);
  }
  return ok(parameters);
}

export const UNDECODABLE = 'a percent escape of the URL cannot be decoded';

/** Whether the escapes in the path of a URL stand for UTF-8 text. */
export function isDecodable(url: string): boolean {
  const [path = ''] = url.split('?', 1);
  return decoded(path) !== null;
}

/** Null when an escape is none. */
function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}
