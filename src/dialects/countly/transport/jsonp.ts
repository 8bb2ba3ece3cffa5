const NAME = /^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*$/;
const MAX_NAME = 128;

/** The `callback` of a request: a name, none, or one that no script could have (contract 1.8). */
export type Callback = { readonly kind: 'none' | 'bad' } | { readonly kind: 'name'; readonly name: string };

export function callbackOf(sent: unknown): Callback {
  if (sent === undefined || sent === null || sent === '') return { kind: 'none' };
  return typeof sent === 'string' && sent.length <= MAX_NAME && NAME.test(sent)
    ? { kind: 'name', name: sent }
    : { kind: 'bad' };
}

/** `<name>(<json>)`. Two characters that JSON may hold end a line in older scripts. */
export function wrapInCall(name: string, json: string): string {
  return `${name}(${json.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')})`;
}
