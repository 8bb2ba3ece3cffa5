import { fail, ok, type Result } from '../../domain/result.ts';

/** The parameters of a request by name, in the order in which they came. */
export type Query = ReadonlyMap<string, readonly string[]>;

/**
 * Decodes the query as it travelled: `+` and `%20` are blanks, a name without `=` has the value ''. `malformed_body`
 * when an escape stands for no UTF-8 text.
 */
export function parseQuery(url: string): Result<Query> {
  const parameters = new Map<string, string[]>();
  for (const [name, value] of partsOf(url)) {
    if (name === null || value === null) return fail({ kind: 'malformed_body', reason: UNDECODABLE });
    const values = parameters.get(name);
    if (values === undefined) parameters.set(name, [value]);
    else values.push(value);
  }
  return ok(parameters);
}

/** What was sent under one name, though the rest may be undecodable; null for a value that is. */
export function valuesOf(url: string, wanted: string): readonly (string | null)[] {
  return partsOf(url).flatMap(([name, value]) => (name === wanted ? [value] : []));
}

function partsOf(url: string): readonly (readonly [string | null, string | null])[] {
  const at = url.indexOf('?');
  const parts = at === -1 ? [] : url.slice(at + 1).split('&');
  return parts
    .filter((part) => part !== '')
    .map((part) => {
      const equals = part.indexOf('=');
      return equals === -1
        ? ([decoded(part), ''] as const)
        : ([decoded(part.slice(0, equals)), decoded(part.slice(equals + 1))] as const);
    });
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
