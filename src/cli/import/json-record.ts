import { epochMs, isStorable } from '../../domain/time/instant.ts';
import { formatRfc3339Utc, parseRfc3339 } from '../../domain/time/rfc3339.ts';
import { apacheTime } from './apache-time.ts';
import { millisecondsIn, valueOf, type Duration, type FieldMap, type JsonField, type Scalar } from './json-fields.ts';
import { cacheOutcome, textField, wrong, type LoggedLine, type LoggedText } from './logged-request.ts';

const TEXTS = [
  'service',
  'ip',
  'user',
  'sdk',
  'device',
  'stack',
  'project',
  'environment',
  'thing',
  'country',
] as const;
const DURATIONS: readonly Duration[] = ['duration_ms', 'duration_s', 'duration_ns'];
const REQUEST_LINE = /^([A-Z]{1,16}) (\S+) HTTP\/\d(?:\.\d)?$/;

/** Reads one record of a JSON access log. What `requests` has no field for is left out. */
export function readRecord(record: object, map: FieldMap): LoggedLine {
  const of = (field: JsonField): Scalar | null => valueOf(record, field, map);
  const logged = of('time');
  if (logged === null) return wrong('has no time; --map time=PATH names where it is');
  const time = instantOf(logged);
  if (time === null) return wrong(`has a time that is no instant: ${String(logged)}`);

  const status = wholeNumber(of('status'), 599);
  if (status === undefined || (status !== null && status !== 0 && status < 100)) {
    return wrong(`has a status that is none: ${String(of('status'))}`);
  }
  const bytes = wholeNumber(of('bytes'), Number.MAX_SAFE_INTEGER);
  if (bytes === undefined) return wrong(`has a number of bytes that is none: ${String(of('bytes'))}`);
  const count = wholeNumber(of('count'), Number.MAX_SAFE_INTEGER);
  if (count === undefined || count === 0) return wrong(`has a count that is none: ${String(of('count'))}`);
  const duration = durationOf(of);
  if (duration === undefined) return wrong('has a duration that is none');

  const { method, url } = target(of);
  return {
    ok: true,
    request: {
      time,
      ...textsOf(of),
      ...textField('method', method.toUpperCase()),
      ...textField('url', url),
      ...(status === null || status === 0 ? {} : { status }),
      ...(bytes === null ? {} : { bytes }),
      ...textField('cache', cacheOf(of('cache'))),
      ...(duration === null ? {} : { duration_ms: duration }),
      ...(count === null ? {} : { count }),
    },
  };
}

function textsOf(of: (field: JsonField) => Scalar | null): Partial<Record<LoggedText, string>> {
  const texts: Partial<Record<LoggedText, string>> = {};
  for (const name of TEXTS) Object.assign(texts, textField(name, String(of(name) ?? '')));
  return texts;
}

/** RFC 3339, Apache's form, or seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by size. */
function instantOf(logged: Scalar): string | null {
  const text = String(logged).trim();
  if (/^\d{1,19}(?:\.\d+)?$/.test(text)) {
    const number = Number(text);
    const unit = number < 1e11 ? 1_000 : number < 1e14 ? 1 : number < 1e17 ? 1e-3 : 1e-6;
    const at = epochMs(Math.floor(number * unit));
    return isStorable(at) ? formatRfc3339Utc(at) : null;
  }
  const written = text.replace(/^(\d{4}-\d\d-\d\d) /, '$1T').replace(/([+-]\d\d)(\d\d)$/, '$1:$2');
  if (parseRfc3339(written) !== null) return written;
  const apache = apacheTime(text.replace(/^\[(.*)\]$/, '$1'));
  return apache !== null && parseRfc3339(apache) !== null ? apache : null;
}

/** Null for an absent one, undefined for something else than a whole number from 0 to `max`. */
function wholeNumber(value: Scalar | null, max: number): number | null | undefined {
  if (value === null) return null;
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= max ? number : undefined;
}

function durationOf(of: (field: JsonField) => Scalar | null): number | null | undefined {
  for (const name of DURATIONS) {
    const value = of(name);
    if (value === null) continue;
    // Google writes "0.123s".
    const number = Number(typeof value === 'string' ? value.replace(/s$/, '') : value);
    const milliseconds = Math.round(number * millisecondsIn(name));
    return Number.isSafeInteger(milliseconds) && milliseconds >= 0 ? milliseconds : undefined;
  }
  return null;
}

/** A path becomes absolute where the record tells scheme and host; a request line gives method and path. */
function target(of: (field: JsonField) => Scalar | null): { readonly method: string; readonly url: string } {
  const logged = String(of('url') ?? '');
  const [, lineMethod = '', path = logged] = REQUEST_LINE.exec(logged) ?? [];
  const method = String(of('method') ?? lineMethod);
  const [scheme, host] = [String(of('scheme') ?? '').toLowerCase(), String(of('host') ?? '')];
  const known = path.startsWith('/') && host !== '' && (scheme === 'http' || scheme === 'https');
  return { method, url: known ? `${scheme}://${host}${path}` : path };
}

function cacheOf(value: Scalar | null): string {
  if (typeof value === 'boolean') return value ? 'HIT' : 'MISS';
  return cacheOutcome(String(value ?? ''));
}
