import { parseRfc3339 } from '../../domain/time/rfc3339.ts';
import { apacheTime } from './apache-time.ts';
import { textField, wrong, type LoggedLine } from './logged-request.ts';
import { unescapeLogged } from './logged-text.ts';

const PLACE_AND_TIME = /^(\S+) (\S+) (\S.*?) \[(\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] "/;
const STATUS_AND_BYTES = / (\d{3}|-) (\d{1,15}|-)( |$)/y;
const REQUEST_LINE = /^([A-Za-z][\w!#$%&'*+.^`|~-]{0,15}) (\S.*?)(?: HTTP\/\d(?:\.\d)?)?$/s;
/** What a log format of one's own adds behind the user agent: words and quoted texts. */
const FURTHER_FIELDS = /^(?: (?:"[^"]*"|[^\s"]+))*$/;
const VIRTUAL_HOST = /^[^\s:]+:\d{1,5}$/;

/**
 * Reads one line of Apache's or nginx's combined log format, or of the common one (without referrer and user agent):
 *
 *     83.149.9.216 - ann [17/May/2015:10:05:03 +0000] "GET /a HTTP/1.1" 200 203023 "http://from/" "Mozilla/5.0"
 *
 * `-` is an absent value. A request line that is no HTTP (a TLS handshake sent to a plain port) is kept whole as `url`
 * without a method; an empty one is a request without either. The referrer, and fields behind the user agent, are left out.
 */
export function parseCombined(line: string): LoggedLine {
  const start = PLACE_AND_TIME.exec(line);
  if (start === null) return wrong(whatIsMissing(line));
  const [opening, host = '', , user = '', logged = ''] = start;
  if (VIRTUAL_HOST.test(host) && user.includes(' ')) {
    return wrong(`begins with a virtual host (${host}): the combined format begins with the caller's address`);
  }
  const time = apacheTime(logged) ?? '';
  if (parseRfc3339(time) === null) return wrong(`has a time that does not exist: ${logged.split(' ')[0] ?? ''}`);

  const requestEnd = closingQuote(line, opening.length);
  if (requestEnd === -1) return wrong('the request has no closing quote');
  STATUS_AND_BYTES.lastIndex = requestEnd + 1;
  const numbers = STATUS_AND_BYTES.exec(line);
  if (numbers === null) return wrong('has no status and size behind the request');
  const [, status = '-', bytes = '-'] = numbers;

  const rest = quotedPair(line, STATUS_AND_BYTES.lastIndex);
  if (!rest.ok) return rest;
  return {
    ok: true,
    request: {
      time,
      ip: host,
      ...requestLine(line.slice(opening.length, requestEnd)),
      // Apache writes "" for a user name that was sent and is empty.
      ...optional('user', user === '""' ? '' : user),
      // nginx writes 000 when the connection went before there was a status.
      ...(status === '-' || status === '000' ? {} : { status: Number(status) }),
      ...(bytes === '-' ? {} : { bytes: Number(bytes) }),
      ...optional('device', rest.agent),
    },
  };
}

function requestLine(logged: string): { readonly method?: string; readonly url?: string } {
  const [, method, url] = REQUEST_LINE.exec(logged) ?? [];
  if (method === undefined || url === undefined) return optional('url', logged);
  return { method, ...optional('url', url) };
}

/** The user agent behind the referrer; the common format ends before both. */
function quotedPair(line: string, from: number): { ok: true; agent: string } | { ok: false; problem: string } {
  if (from >= line.length) return { ok: true, agent: '' };
  if (line.charAt(from) !== '"') return wrong('has something else than a quoted referrer behind the size');
  const referrerEnd = closingQuote(line, from + 1);
  if (referrerEnd === -1) return wrong('the referrer has no closing quote');
  if (!line.startsWith(' "', referrerEnd + 1)) return wrong('has no user agent behind the referrer');
  const agentFrom = referrerEnd + 3;
  const agentEnd = closingQuote(line, agentFrom);
  if (agentEnd === -1) return wrong('the user agent has no closing quote');
  if (!FURTHER_FIELDS.test(line.slice(agentEnd + 1))) return wrong('has an unescaped quote in its user agent');
  return { ok: true, agent: line.slice(agentFrom, agentEnd) };
}

/** Index of the first quote that no backslash escapes; -1 when there is none. */
function closingQuote(line: string, from: number): number {
  for (let at = line.indexOf('"', from); at !== -1; at = line.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (at - backslashes > from && line.charAt(at - backslashes - 1) === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return at;
  }
  return -1;
}

function optional<Name extends 'user' | 'url' | 'device'>(
  name: Name,
  logged: string,
): { readonly [N in Name]?: string } {
  return textField(name, unescapeLogged(logged));
}

function whatIsMissing(line: string): string {
  if (!line.includes('[')) return 'is no access log line: it has no time in brackets';
  if (!line.includes('"')) return 'is no access log line: it has no quoted request';
  return 'does not begin as "address - user [dd/Mon/yyyy:hh:mm:ss +zone]"';
}
