import { describe, expect, test } from 'vitest';
import { parseRow } from '../support/parse-row.ts';

/** Reads a row of `requests` with these members besides a time. */
function requests(members: string): unknown {
  return parseRow('requests', `{"time":"2026-11-21T10:00:00Z",${members}}`);
}

describe('requests', () => {
  test('a row with every field is kept as it came', () => {
    expect(
      requests(`"id":"r1","service":"content-delivery","url":"https://cdn.example/v3/a?b=c","method":"GET","status":200,
        "bytes":9007199254740991,"cache":"HIT","sdk":"js/v1.2.3","device":"Mozilla/5.0","stack":"bltstack00000001",
        "project":"p1","environment":"e1","application":41,"thing":"t1","user":"u1","duration_ms":0,"ip":"2001:db8::1",
        "country":"DE","count":3`),
    ).toEqual({
      organization: 7,
      id: 'r1',
      time: '2026-11-21T10:00:00Z',
      service: 'content-delivery',
      url: 'https://cdn.example/v3/a?b=c',
      method: 'GET',
      status: 200,
      bytes: 9007199254740991,
      cache: 'HIT',
      sdk: 'js/v1.2.3',
      device: 'Mozilla/5.0',
      stack: 'bltstack00000001',
      project: 'p1',
      environment: 'e1',
      application: 41,
      thing: 't1',
      user: 'u1',
      duration_ms: 0,
      ip: '2001:db8::1',
      country: 'DE',
      count: 3,
      claim: 'row 7 requests r1',
    });
  });

  test('service is cut at its first dot', () => {
    expect(requests('"service":"thing.list"')).toMatchObject({ service: 'thing' });
    expect(requests('"service":"usage.api.history"')).toMatchObject({ service: 'usage' });
    expect(requests(`"service":"${'s'.repeat(64)}.${'x'.repeat(500)}"`)).toMatchObject({ service: 's'.repeat(64) });
  });

  test('service has 1 to 64 characters, and something before its dot', () => {
    expect(requests('"service":""')).toEqual({ field: 'service', problem: 'is required' });
    expect(requests('"service":null')).toEqual({ field: 'service', problem: 'is required' });
    expect(requests('"status":200')).toEqual({ field: 'service', problem: 'is required' });
    expect(requests('"service":".list"')).toEqual({ field: 'service', problem: 'has nothing before its first dot' });
    expect(requests(`"service":"${'s'.repeat(65)}"`)).toEqual({
      field: 'service',
      problem: 'is longer than 64 characters',
    });
    expect(requests('"service":7')).toEqual({ field: 'service', problem: 'has to be a text' });
  });

  test('texts are measured in characters, not in bytes or halves of characters', () => {
    expect(requests(`"service":"${'é'.repeat(64)}"`)).toHaveProperty('service');
    expect(requests(`"service":"${'😀'.repeat(64)}"`)).toHaveProperty('service');
    expect(requests(`"service":"${'😀'.repeat(65)}"`)).toHaveProperty('problem', 'is longer than 64 characters');
  });

  test.each([
    ['method', 16],
    ['cache', 32],
    ['ip', 64],
    ['country', 64],
    ['stack', 128],
    ['project', 128],
    ['environment', 128],
    ['sdk', 256],
    ['thing', 256],
    ['user', 256],
    ['device', 1024],
    ['url', 8192],
  ])('%s has at most %i characters', (field, max) => {
    expect(requests(`"service":"cdn","${field}":"${'x'.repeat(max)}"`)).toHaveProperty(field);
    expect(requests(`"service":"cdn","${field}":"${'x'.repeat(max + 1)}"`)).toEqual({
      field,
      problem: `is longer than ${max} characters`,
    });
  });

  test('an empty text is an absent value', () => {
    expect(requests('"service":"cdn","url":"","user":"","application":""')).toEqual({
      organization: 7,
      id: '',
      time: '2026-11-21T10:00:00Z',
      service: 'cdn',
    });
  });

  test('half a surrogate pair is no character and is refused', () => {
    expect(requests('"service":"cdn","user":"a\\ud83d"')).toEqual({
      field: 'user',
      problem: 'has an unpaired surrogate, which is no character',
    });
    expect(requests('"service":"cdn","user":"\\ud83d\\ude00"')).toMatchObject({ user: '😀' });
  });

  test('U+0000 is a character like others', () => {
    expect(requests('"service":"cdn","user":"a\\u0000b"')).toMatchObject({ user: 'a\u0000b' });
  });

  test.each([
    ['status', '99'],
    ['status', '600'],
    ['status', '200.5'],
    ['status', '"200"'],
    ['status', 'true'],
    ['bytes', '-1'],
    ['bytes', '9007199254740992'],
    ['bytes', '1e999'],
    ['duration_ms', '-1'],
    ['count', '0'],
    ['count', '[1]'],
    ['application', '0'],
    ['application', '-41'],
    ['application', '"-41"'],
    ['application', '"4.1"'],
    ['application', '"41x"'],
    ['application', '"99999999999999999"'],
  ])('%s cannot be %s', (field, value) => {
    expect(requests(`"service":"cdn","${field}":${value}`)).toMatchObject({
      field,
      problem: expect.stringMatching(/^has to be an integer from \d+ to \d+$/) as unknown,
    });
  });

  test('a whole number may be written with exponent or fraction zero', () => {
    expect(requests('"service":"cdn","count":1e3,"bytes":2.0')).toMatchObject({ count: 1000, bytes: 2 });
  });

  test('application 41 may be sent as "41", and ids of texts as numbers', () => {
    expect(requests('"service":"cdn","application":"41","user":12,"thing":-3')).toMatchObject({
      application: 41,
      user: '12',
      thing: '-3',
    });
  });

  test('a number is not taken for a text that is no id', () => {
    expect(requests('"service":"cdn","url":12')).toEqual({ field: 'url', problem: 'has to be a text' });
    expect(requests('"service":"cdn","user":1.5')).toEqual({
      field: 'user',
      problem: 'has to be a text or an integer',
    });
  });

  test('stacks and applications that are not in the directory are kept: old logs name what is gone', () => {
    expect(requests('"service":"cdn","stack":"bltgone","application":999')).toMatchObject({
      stack: 'bltgone',
      application: 999,
    });
  });
});
