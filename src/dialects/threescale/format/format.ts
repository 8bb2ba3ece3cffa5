/** What an answer may be written in; the suffix of the path names it. */
export type Format = 'xml' | 'json' | 'csv' | 'txt';

export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  xml: 'application/xml; charset=utf-8',
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; header=present',
  txt: 'text/plain; charset=utf-8',
};

export const PLAIN = 'text/plain; charset=utf-8';

const FORMATS: readonly string[] = Object.keys(CONTENT_TYPES) satisfies readonly string[];

const MEDIA: readonly (readonly [string, Format | null])[] = [
  ['*/*', null],
  ['application/*', null],
  ['application/json', 'json'],
  ['text/json', 'json'],
  ['application/xml', 'xml'],
  ['text/xml', 'xml'],
  ['text/csv', 'csv'],
  ['text/plain', 'txt'],
];

/** The format asked for, and what refusals are written in; `format` is null when the path cannot be answered so. */
export interface Asked {
  readonly format: Format | null;
  /** What the caller called it, for the refusal. */
  readonly called: string;
}

/**
 * Which format a request asks for (contract 2.1). The suffix beats the `Accept` header. Without a suffix `/admin/api`
 * is XML, whatever the header says, and `/stats` follows the header.
 *
 * @param offered formats of the path; its first one is what no header or `*\/*` gets under `/stats`
 */
export function askedFormat(
  suffix: string | null,
  accept: string | undefined,
  { area, offered }: { readonly area: 'admin' | 'stats'; readonly offered: readonly Format[] },
): Asked {
  if (suffix !== null) {
    const format = offered.find((each) => each === suffix) ?? null;
    return { format, called: suffix };
  }
  const usual = offered.includes('json') ? 'json' : (offered[0] ?? null);
  if (area === 'admin') return { format: offered.includes('xml') ? 'xml' : usual, called: 'xml' };
  if (accept === undefined || accept.trim() === '') return { format: usual, called: '' };
  for (const range of mediaRanges(accept)) {
    const known = MEDIA.find(([name]) => name === range);
    if (known === undefined) continue;
    const format = known[1] ?? usual;
    if (format !== null && offered.includes(format)) return { format, called: range };
  }
  return { format: null, called: mediaRanges(accept)[0] ?? accept };
}

/** The format whose form a refusal has when the suffix is none: plain text, like that of a table. */
export function refusalFormat(suffix: string | null, { format }: Asked): Format {
  if (format !== null) return format;
  return (FORMATS.find((each) => each === suffix) as Format | undefined) ?? 'txt';
}

/** Media types of an `Accept` header, best first, as they were written among equals. */
function mediaRanges(accept: string): readonly string[] {
  return accept
    .split(',')
    .map((part) => {
      const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
      const quality = parameters.find((each) => each.startsWith('q='));
      const weight = quality === undefined ? 1 : Number(quality.slice(2));
      return { name, weight: Number.isNaN(weight) ? 1 : weight };
    })
    .filter(({ name, weight }) => name !== '' && weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ name }) => name);
}
