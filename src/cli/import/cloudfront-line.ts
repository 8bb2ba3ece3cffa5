import { parseRfc3339 } from '../../domain/time/rfc3339.ts';
import { cacheOutcome, textField, wrong, type LoggedLine, type LoggedRequest } from './logged-request.ts';

const FIELDS = '#Fields:';
const DATE = /^\d{4}-\d\d-\d\d$/;
const TIME = /^\d\d:\d\d:\d\d$/;

/**
 * Reads CloudFront's standard log (W3C extended, tab-separated): a `#Fields:` line names the columns of the lines behind
 * it, in whatever order; columns that `requests` has no field for are left out.
 *
 *     #Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status …
 */
export function cloudFrontParser(): (line: string) => LoggedLine | null {
  let columns: readonly string[] | null = null;
  return (line) => {
    if (line.startsWith(FIELDS)) {
      columns = line.slice(FIELDS.length).trim().split(/\s+/);
      return null;
    }
    if (line.startsWith('#')) return null;
    if (columns === null) return wrong('has no #Fields line before it');
    const values = line.split('\t');
    if (values.length !== columns.length) {
      return wrong(`has ${values.length} fields, the #Fields line before it names ${columns.length}`);
    }
    return readColumns(new Map(columns.map((name, index) => [name, values[index] ?? '-'])));
  };
}

function readColumns(columns: ReadonlyMap<string, string>): LoggedLine {
  const of = (name: string): string => columns.get(name) ?? '-';
  const [date, clock] = [of('date'), of('time')];
  const time = `${date}T${clock}Z`;
  if (!DATE.test(date) || !TIME.test(clock) || parseRfc3339(time) === null) {
    return wrong(`has a time that does not exist: ${date} ${clock}`);
  }
  const status = numberIn(of('sc-status'));
  const bytes = numberIn(of('sc-bytes'));
  const seconds = numberIn(of('time-taken'));
  for (const [name, value] of Object.entries({ 'sc-status': status, 'sc-bytes': bytes, 'time-taken': seconds })) {
    if (value === undefined) return wrong(`${name} is no number: ${of(name)}`);
  }
  const request: LoggedRequest = {
    time,
    ...textField('ip', of('c-ip')),
    ...textField('method', of('cs-method')),
    ...textField('url', urlOf(of)),
    // 000 when the viewer went before there was an answer.
    ...(typeof status !== 'number' || status === 0 ? {} : { status }),
    ...(typeof bytes === 'number' ? { bytes } : {}),
    ...textField('cache', cacheOutcome(of('x-edge-result-type'))),
    ...textField('device', decoded(of('cs(User-Agent)'))),
    ...textField('country', of('c-country')),
    ...(typeof seconds === 'number' ? { duration_ms: Math.round(seconds * 1000) } : {}),
  };
  return { ok: true, request };
}

/** Null for a value that is absent, undefined for one that is no number. */
function numberIn(text: string): number | null | undefined {
  if (text === '-' || text === '') return null;
  return /^\d{1,15}(?:\.\d{1,9})?$/.test(text) ? Number(text) : undefined;
}

/** The host as the viewer asked for it; `cs(Host)` is the distribution's own. */
function urlOf(of: (name: string) => string): string {
  const path = of('cs-uri-stem');
  if (path === '-') return '-';
  const host = of('x-host-header') === '-' ? of('cs(Host)') : of('x-host-header');
  const query = of('cs-uri-query') === '-' ? '' : `?${of('cs-uri-query')}`;
  const scheme = of('cs-protocol') === '-' ? 'https' : of('cs-protocol');
  // CloudFront escapes what was escaped already.
  const whole = `${path}${query}`.replaceAll('%25', '%');
  return host === '-' ? whole : `${scheme}://${host}${whole}`;
}

/** A user agent has no spaces of its own left: they are `%20`, in older logs `%2520`. What cannot be undone stays. */
function decoded(text: string): string {
  let value = text;
  for (let times = 0; times < 2 && value.includes('%'); times += 1) {
    try {
      value = decodeURIComponent(value);
    } catch {
      return value;
    }
    if (!value.includes('%20')) return value;
  }
  return value;
}
