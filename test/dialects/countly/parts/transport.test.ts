import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readBody } from '../../../../src/dialects/countly/transport/body.ts';
import { checksumProblem } from '../../../../src/dialects/countly/transport/checksum.ts';
import { clientAddress } from '../../../../src/dialects/countly/transport/client-address.ts';
import { callbackOf, wrapInCall } from '../../../../src/dialects/countly/transport/jsonp.ts';
import { jsonOf, parametersOf, parseForm, text, union } from '../../../../src/dialects/countly/transport/parameters.ts';

const FORM = 'application/x-www-form-urlencoded';

describe('parameters (1.3, 1.4, 1.5)', () => {
  const read = (form: string) => Object.fromEntries(parseForm(form));

  test.each([
    ['a=1&b=two', { a: '1', b: 'two' }],
    ['a=first&a=second', { a: 'first' }],
    ['a=%7B%22x%22%3A1%7D&b=p+q%2Br', { a: '{"x":1}', b: 'p q+r' }],
    ['a=%C3%A7%F0%9F%90%88', { a: 'ç🐈' }],
    ['a=100%&b=%zz', { a: '100%', b: '%zz' }],
    ['a&b=&=c', { a: '', b: '', '': 'c' }],
    ['', {}],
    ['__proto__=x&constructor=y', JSON.parse('{"__proto__":"x","constructor":"y"}') as object],
  ])('%s', (form, parameters) => {
    expect(read(form)).toEqual(parameters);
  });

  test('the query wins over the body', () => {
    const all = union(parseForm('a=query'), parseForm('a=body&b=body'));
    expect([text(all, 'a'), text(all, 'b')]).toEqual(['query', 'body']);
  });

  test('of a million parameters 16,384 are read', () => {
    const numbered = (count: number) => Array.from({ length: count }, (_, index) => `p${index}`).join('&');
    expect(parseForm(`${numbered(16_383)}&late=1`).get('late')).toBe('1');
    expect(parseForm(`${numbered(16_384)}&late=1`).has('late')).toBe(false);
    expect(parseForm('a&'.repeat(1_000_000) + 'late=1').has('late')).toBe(false);
  });

  test.each([
    ['a text', 'appkey1', 'appkey1'],
    ['a number', 7, '7'],
    ['true', true, 'true'],
    ['null', null, ''],
    ['an array with the key', ['appkey1'], '["appkey1"]'],
    ['an operator', { $regex: '.*' }, '{"$regex":".*"}'],
  ])('a key that is %s', (_what, sent, cast) => {
    expect(text(parametersOf({ app_key: sent }), 'app_key')).toBe(cast);
  });

  test('a value nested beyond measure', () => {
    const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) as unknown;
    expect(text(new Map([['app_key', deep]]), 'app_key')).toBe('{}');
  });

  test('brackets make no key', () => {
    expect(text(union(parseForm('app_key[$regex]=.*'), new Map()), 'app_key')).toBe('app_key[$regex]=.*');
  });

  test.each([
    ['absent', undefined, { kind: 'absent' }],
    ['empty', '', { kind: 'absent' }],
    ['JSON text', '[1]', { kind: 'value', value: [1] }],
    ['real JSON', [1], { kind: 'value', value: [1] }],
    ['no JSON', '[1', { kind: 'bad' }],
  ])('a JSON parameter that is %s', (_what, sent, found) => {
    expect(jsonOf(new Map([['events', sent]]), 'events')).toEqual(found);
  });
});

describe('bodies (1.3)', () => {
  const read = async (body: string, type: string) => {
    const { parameters, signed } = await readBody(Buffer.from(body), type);
    return [Object.fromEntries(parameters), signed];
  };
  const multipart = (...parts: string[]) => `--cut\r\n${parts.join('\r\n--cut\r\n')}\r\n--cut--\r\n`;
  const field = (name: string, value: string) => `Content-Disposition: form-data; name="${name}"\r\n\r\n${value}`;

  test.each([
    ['a form', 'a=1', FORM, { a: '1' }, 'a=1'],
    ['a form with a charset', 'a=1', `${FORM}; charset=UTF-8`, { a: '1' }, 'a=1'],
    ['a form of another type', 'a=1', 'text/plain', { a: '1' }, 'a=1'],
    ['a form without a type', 'a=1', '', { a: '1' }, 'a=1'],
    ['JSON', '{"a":1,"events":[{"key":"k"}]}', 'application/json', { a: 1, events: [{ key: 'k' }] }, null],
    ['JSON that is no object', '[1]', 'application/json', {}, null],
    ['JSON that is none', '{"a":', 'application/json', {}, null],
    ['nothing', '', FORM, {}, null],
    [
      'multipart',
      multipart(field('a', '1'), field('a', '2'), field('b', 'ç')),
      'multipart/form-data; boundary=cut',
      { a: '1', b: 'ç' },
      'a=1&a=2&b=ç',
    ],
    [
      'multipart with a file',
      multipart(
        'Content-Disposition: form-data; name="photo"; filename="a.png"\r\nContent-Type: image/png\r\n\r\nPNG',
        field('a', '1'),
      ),
      'multipart/form-data; boundary=cut',
      { a: '1' },
      'a=1',
    ],
    ['multipart without boundary', multipart(field('a', '1')), 'multipart/form-data', {}, null],
    ['multipart that breaks off', `--cut\r\n${field('a', '1')}`, 'multipart/form-data; boundary=cut', {}, null],
  ])('%s', async (_what, body, type, parameters, signed) => {
    expect(await read(body, type)).toEqual([parameters, signed]);
  });

  test('multipart with thousands of fields', async () => {
    const fields = Array.from({ length: 5_000 }, (_, index) => field(`p${index}`, ''));
    const { parameters } = await readBody(
      Buffer.from(multipart(...fields, field('app_key', 'appkey1'))),
      'multipart/form-data; boundary=cut',
    );
    expect(parameters.get('app_key')).toBe('appkey1');
  });
});

describe('checksums (2.8)', () => {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const sha1 = (text: string) => createHash('sha1').update(text).digest('hex');
  const check = (
    query: string,
    body: string | null = null,
    parameters = union(parseForm(query), parseForm(body ?? '')),
  ) => checksumProblem(parameters, { query, body }, 'pepper');
  const mismatch = 'Request does not match checksum';

  test.each([
    ['no checksum', 'app_key=k&device_id=d', null, 'Request does not have checksum'],
    ['SHA-256 of the query', `a=%20b&checksum256=${sha256('a=%20bpepper')}`, null, null],
    ['in upper case', `a=1&checksum256=${sha256('a=1pepper').toUpperCase()}`, null, null],
    ['at the beginning', `checksum256=${sha256('a=1pepper')}&a=1`, null, null],
    ['in the middle', `a=1&checksum256=${sha256('a=1&b=2pepper')}&b=2`, null, null],
    ['SHA-1', `a=1&checksum=${sha1('a=1pepper')}`, null, null],
    ['of the decoded text', `a=%20b&checksum256=${sha256('a= bpepper')}`, null, mismatch],
    ['with another salt', `a=1&checksum256=${sha256('a=1salt')}`, null, mismatch],
    ['of another length', 'a=1&checksum256=abc', null, mismatch],
    ['in the form', '', `a=1&checksum256=${sha256('a=1pepper')}`, null],
    ['SHA-256 under the name of SHA-1', `a=1&checksum=${sha256('a=1pepper')}`, null, mismatch],
    ['of a form beside a query', 'q=1', `a=1&checksum256=${sha256('a=1pepper')}`, null],
  ])('%s', (_what, query, body, problem) => {
    expect(check(query, body)).toBe(problem);
  });

  test('no salt, no checksum', () => {
    expect(checksumProblem(parseForm('a=1'), { query: 'a=1', body: null }, null)).toBeNull();
  });
});

describe('addresses (2.6)', () => {
  test.each([
    [{ 'x-forwarded-for': '78.160.0.1, 10.0.0.1' }, '78.160.0.1'],
    [{ 'x-forwarded-for': ' 78.160.0.1:5123 ,10.0.0.1' }, '78.160.0.1'],
    [{ 'x-forwarded-for': '[2a00:1450::1]:443' }, '2a00:1450::1'],
    [{ 'x-forwarded-for': '2a00:1450::1' }, '2a00:1450::1'],
    [{ 'x-real-ip': '8.8.8.8' }, '8.8.8.8'],
    [{ 'x-forwarded-for': 'unknown', 'x-real-ip': '8.8.8.8' }, '8.8.8.8'],
    [{ 'x-forwarded-for': '9.9.9.9', 'x-real-ip': '8.8.8.8' }, '9.9.9.9'],
    [{}, '::ffff:127.0.0.1'],
  ])('%j', (headers, address) => {
    expect(clientAddress(headers, '::ffff:127.0.0.1')).toBe(address);
  });
});

describe('JSONP (1.8)', () => {
  test.each(['cb', '_', '$', 'a.b.c', 'jQuery_123', 'a'.repeat(128)])('%s is a name', (name) => {
    expect(callbackOf(name)).toEqual({ kind: 'name', name });
  });

  test.each(['1a', 'a.', '.a', 'a b', 'alert(1)', 'a;b', 'é', 'a'.repeat(129), 'a\n', ['a'], 7])(
    '%j is none',
    (name) => {
      expect(callbackOf(name)).toEqual({ kind: 'bad' });
    },
  );

  test('ends of lines are escaped', () => {
    expect(wrapInCall('cb', '{"a":"\u2028\u2029"}')).toBe('cb({"a":"\\u2028\\u2029"})');
  });
});
