/** The seed's spelling, where the runtime's data have a newer one. */
const SPELLED: Readonly<Record<string, string>> = { TR: 'Turkey' };

/** Codes that the runtime names although they are no country's. */
const NO_COUNTRIES = new Set(['EU', 'EZ', 'QO', 'UN', 'XA', 'XB', 'ZZ']);

/** English name of a country by its two capital letters; null when there is none. */
export function countryName(code: string): string | null {
  if (!/^[A-Z]{2}$/.test(code) || NO_COUNTRIES.has(code)) return null;
  names ??= new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  return SPELLED[code] ?? names.of(code) ?? null;
}

let names: Intl.DisplayNames | undefined;
