/** Longest value of a metric or a segment, in characters (contract 2.3, 2.4). */
const MAX_VALUE = 256;

/** A string, number or boolean as text without halves of surrogate pairs, cut; null for everything else and for ''. */
export function valueText(value: unknown): string | null {
  const text =
    typeof value === 'string'
      ? wellFormed(value)
      : typeof value === 'number' || typeof value === 'boolean'
        ? String(value)
        : '';
  return text === '' ? null : cut(text, MAX_VALUE);
}

/** Half of a surrogate pair is no text and cannot be stored as such. */
export function wellFormed(text: string): string {
  return text.toWellFormed();
}

/** The first characters of a text, counted as Unicode counts them. */
export function cut(text: string, characters: number): string {
  if (text.length <= characters) return text;
  let end = 0;
  let count = 0;
  for (const character of text) {
    if (count === characters) break;
    count += 1;
    end += character.length;
  }
  return text.slice(0, end);
}

const NUMERIC = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i;

/** A finite number, or the text of one; null for everything else. */
export function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' && NUMERIC.test(value.trim()) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** Yes or no: absent, '', "0", "false", 0, false and null mean no (contract 2.1). */
export function flagOf(value: unknown): boolean {
  return !(
    value === undefined ||
    value === null ||
    value === '' ||
    value === '0' ||
    value === 'false' ||
    value === 0 ||
    value === false
  );
}

/** The JSON text of a value that came in as JSON; null when it is nested deeper than can be written. */
export function jsonText(value: unknown): string | null {
  try {
    return JSON.stringify(value) ?? null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
