import { describe, expect, test } from 'vitest';
import { parseCombined } from '../../../src/cli/import/combined-line.ts';

const read = (line: string): unknown => {
  const result = parseCombined(line);
  return result.ok ? result.request : result.problem;
};

describe('a line of an access log', () => {
  test('in combined format gives the request, without its referrer', () => {
    expect(
      read(
        '83.149.9.216 - - [17/May/2015:10:05:03 +0000] "GET /images/search.png?x=1 HTTP/1.1" 200 203023 "http://semicomplete.com/" "Mozilla/5.0 (X11)"',
      ),
    ).toEqual({
      time: '2015-05-17T10:05:03+00:00',
      ip: '83.149.9.216',
      method: 'GET',
      url: '/images/search.png?x=1',
      status: 200,
      bytes: 203023,
      device: 'Mozilla/5.0 (X11)',
    });
  });

  test('in common format has no user agent', () => {
    expect(read('10.0.0.1 - ann [01/Jan/2026:00:00:00 -0500] "POST /a HTTP/2.0" 201 5')).toEqual({
      time: '2026-01-01T00:00:00-05:00',
      ip: '10.0.0.1',
      user: 'ann',
      method: 'POST',
      url: '/a',
      status: 201,
      bytes: 5,
    });
  });

  test.each([
    [
      'an IPv6 address',
      '2001:db8::1 - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 304 - "-" "-"',
      { ip: '2001:db8::1' },
    ],
    ['a size of -', 'h - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 304 - "-" "a"', { bytes: undefined }],
    ['a user agent of -', 'h - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 304 0 "-" "-"', { device: undefined }],
    ['an empty user agent', 'h - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 304 0 "-" ""', { device: undefined }],
    ['a user with a space', 'h - ann lee [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 1', { user: 'ann lee' }],
    ['an empty user', 'h - "" [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 1', { user: undefined }],
    [
      'escaped quotes',
      'h - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "a \\"b\\" c"',
      { device: 'a "b" c' },
    ],
    [
      'an escaped backslash at the end',
      'h - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "a\\\\"',
      { device: 'a\\' },
    ],
    ['escaped UTF-8', 'h - - [01/Jan/2026:00:00:00 +0000] "GET /\\xc3\\xa4 HTTP/1.1" 200 1', { url: '/ä' }],
    [
      'escaped bytes that are no UTF-8',
      'h - - [01/Jan/2026:00:00:00 +0000] "GET /\\xe4 HTTP/1.1" 200 1',
      { url: '/\\xe4' },
    ],
    [
      'fields of its own behind',
      'h - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "a" "10.1.1.1" 0.003',
      { device: 'a' },
    ],
    ['a URL with spaces', 'h - - [01/Jan/2026:00:00:00 +0000] "GET /a b c HTTP/1.1" 200 1', { url: '/a b c' }],
    ['HTTP/0.9', 'h - - [01/Jan/2026:00:00:00 +0000] "GET /a" 200 1', { method: 'GET', url: '/a' }],
    [
      'no request line',
      'h - - [01/Jan/2026:00:00:00 +0000] "-" 408 0 "-" "-"',
      { method: undefined, url: undefined, status: 408 },
    ],
    [
      'an empty request line',
      'h - - [01/Jan/2026:00:00:00 +0000] "" 400 0 "-" "-"',
      { method: undefined, url: undefined },
    ],
    [
      'a TLS handshake',
      'h - - [01/Jan/2026:00:00:00 +0000] "\\x16\\x03\\x01" 400 226 "-" "-"',
      { method: undefined, url: '\u0016\u0003\u0001' },
    ],
    [
      'a status nobody sent',
      'h - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 000 0 "-" "-"',
      { status: undefined },
    ],
    [
      'a leap second',
      'h - - [31/Dec/2016:23:59:60 +0000] "GET / HTTP/1.1" 200 1',
      { time: '2016-12-31T23:59:60+00:00' },
    ],
    [
      'an endless user agent',
      `h - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "${'x'.repeat(5000)}"`,
      { device: 'x'.repeat(1024) },
    ],
  ])('with %s is read', (_what, line, expected) => {
    const request = new Map(Object.entries(read(line) as object));
    expect(Object.fromEntries(Object.keys(expected).map((name) => [name, request.get(name)]))).toEqual(expected);
  });

  test.each([
    [
      '46.118.127.106 - - [20/May/2015:12:05:17 +0000] "GET /scripts/grok-py-test/configlib.py HTTP/1.1" 200 235 "-" "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html',
      'the user agent has no closing quote',
    ],
    ['', 'is no access log line: it has no time in brackets'],
    ['not a log', 'is no access log line: it has no time in brackets'],
    ['h - - [01/Jan/2026:00:00:00 +0000] GET / 200', 'is no access log line: it has no quoted request'],
    [
      '- - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 1',
      'does not begin as "address - user [dd/Mon/yyyy:hh:mm:ss +zone]"',
    ],
    [
      'h - - [2026-01-01T00:00:00Z] "GET / HTTP/1.1" 200 1',
      'does not begin as "address - user [dd/Mon/yyyy:hh:mm:ss +zone]"',
    ],
    [
      'h - - [31/Feb/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 1',
      'has a time that does not exist: 31/Feb/2026:00:00:00',
    ],
    [
      'h - - [01/Foo/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 1',
      'has a time that does not exist: 01/Foo/2026:00:00:00',
    ],
    [
      'h - - [01/Jan/2026:24:00:00 +0000] "GET / HTTP/1.1" 200 1',
      'has a time that does not exist: 01/Jan/2026:24:00:00',
    ],
    ['h - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1', 'the request has no closing quote'],
    ['h - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" OK 1', 'has no status and size behind the request'],
    ['h - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 200', 'has no status and size behind the request'],
    ['h - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 1 "-', 'the referrer has no closing quote'],
    ['h - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 1 "-"', 'has no user agent behind the referrer'],
    [
      'h - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "a "b" c"',
      'has an unescaped quote in its user agent',
    ],
    [
      'example.org:443 h - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 1',
      "begins with a virtual host (example.org:443): the combined format begins with the caller's address",
    ],
  ])('that is damaged is told by what is wrong: %s', (line, problem) => {
    expect(read(line)).toBe(problem);
  });

  test('of a megabyte of quotes and backslashes takes no time', () => {
    const line = `h - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "${'\\"'.repeat(500_000)}"`;
    const before = process.cpuUsage();
    expect(parseCombined(line).ok).toBe(true);
    expect(parseCombined('h - - ['.repeat(100_000)).ok).toBe(false);
    expect(parseCombined(`${line} "" x${' "a"'.repeat(100_000)} "`).ok).toBe(false);
    expect(process.cpuUsage(before).user).toBeLessThan(3_000_000);
  });
});
