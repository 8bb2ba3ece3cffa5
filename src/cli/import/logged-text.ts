const SIMPLE: Readonly<Record<string, number>> = {
  '"': 0x22,
  '\\': 0x5c,
  n: 0x0a,
  r: 0x0d,
  t: 0x09,
  b: 0x08,
  v: 0x0b,
  f: 0x0c,
};
const ESCAPE = /\\(?:x([0-9A-Fa-f]{2})|(["\\nrtbvf]))/g;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Undoes what Apache and nginx do to quotes, backslashes and bytes that do not print: `\"`, `\\`, `\n`, `\xe4`. Escaped
 * bytes that are no UTF-8 stay as they are written, so that nothing is lost by guessing their encoding.
 */
export function unescapeLogged(text: string): string {
  if (!text.includes('\\')) return text;
  const parts: Buffer[] = [];
  let at = 0;
  for (const match of text.matchAll(ESCAPE)) {
    const [written, hex, simple = ''] = match;
    parts.push(Buffer.from(text.slice(at, match.index)));
    parts.push(Buffer.of(hex === undefined ? (SIMPLE[simple] ?? 0) : Number.parseInt(hex, 16)));
    at = match.index + written.length;
  }
  parts.push(Buffer.from(text.slice(at)));
  try {
    return UTF8.decode(Buffer.concat(parts));
  } catch {
    return text;
  }
}
