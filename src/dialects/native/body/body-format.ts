import { fail, ok, type Result } from '../../../domain/result.ts';

/** How rows stand in a body; `unsaid` leaves it to the body. */
export type BodyFormat = 'json' | 'lines' | 'unsaid';

export const JSON_TYPES = ['application/json', 'text/json'];
/** One JSON object a line; `text/plain` because that is what many shippers of logs say. */
export const LINE_TYPES = [
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
  'application/x-jsonlines',
  'application/json-lines',
  'text/plain',
];
/** What programs send when nobody told them the type: curl -d, and most others. */
const UNSAID_TYPES = ['application/x-www-form-urlencoded', 'application/octet-stream'];

const CHARSETS = ['utf-8', 'utf8', 'us-ascii'];

/** Reads the Content-Type. JSON is UTF-8; another charset is refused rather than misread. */
export function bodyFormat(contentType: string | undefined): Result<BodyFormat> {
  if (contentType === undefined || contentType === 'application/json')
    return ok(contentType === undefined ? 'unsaid' : 'json');
  const [type = '', ...parameters] = contentType
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const charset = parameters
    .find((part) => part.startsWith('charset='))
    ?.slice('charset='.length)
    .replaceAll('"', '');
  if (charset === undefined || CHARSETS.includes(charset)) {
    if (JSON_TYPES.includes(type)) return ok('json');
    if (LINE_TYPES.includes(type)) return ok('lines');
    if (type === '' || UNSAID_TYPES.includes(type)) return ok('unsaid');
  }
  return fail({ kind: 'unsupported_media_type', mediaType: contentType });
}
