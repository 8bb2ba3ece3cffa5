import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { mistakeText } from '../../src/directory/file/mistake.ts';
import { readDirectoryFile } from '../../src/directory/file/read.ts';

/** What is wrong with a file, or how many entries of each kind it has. */
function read(text: string): readonly string[] | Record<string, number> {
  const result = readDirectoryFile(text);
  if (!result.ok) return result.problem.map(mistakeText);
  const kinds: Record<string, number> = {};
  for (const { kind } of result.value.entries) kinds[kind.name] = (kinds[kind.name] ?? 0) + 1;
  return kinds;
}

/** The values that a file gives for the entries of a kind. */
function given(text: string, kind: string): object[] {
  const result = readDirectoryFile(text);
  if (!result.ok) throw new Error(result.problem.map(mistakeText).join('\n'));
  return result.value.entries
    .filter((entry) => entry.kind.name === kind)
    .map((entry) => Object.fromEntries(entry.given));
}

describe('the form of a directory file (design 8)', () => {
  test('the example of the repository is right, and has every kind of entry', () => {
    expect(read(readFileSync('examples/directory.yaml', 'utf8'))).toEqual({
      user: 2,
      organization: 3,
      member: 2,
      'native key': 3,
      'application token': 1,
      stack: 1,
      provider: 1,
      'access token': 1,
      product: 1,
      'service token': 1,
      metric: 1,
      method: 1,
      plan: 1,
      limit: 1,
      account: 1,
      'account user': 1,
      application: 1,
      app: 1,
      'app member': 1,
      deployment: 1,
      permission: 1,
      array: 1,
      device: 1,
      'OAuth client': 2,
    });
  });

  test('JSON says the same as YAML', () => {
    expect(
      read('{"organizations": [{"key": "NORTH", "name": "North", "native_keys": [{"scopes": ["read"]}]}]}'),
    ).toEqual({
      organization: 1,
      'native key': 1,
    });
  });

  test('an empty file is an empty directory', () => {
    expect(read('')).toEqual({});
    expect(read('# nothing yet\n')).toEqual({});
    expect(read('{}')).toEqual({});
    expect(read('\uFEFForganizations: []')).toEqual({});
    expect(read('users:\norganizations:\n')).toEqual({});
  });

  test('a product has the metric hits, listed or not', () => {
    const file = (metrics: string) => `organizations: [{key: A, products: [{system_name: weather${metrics}}]}]`;
    expect(given(file(''), 'metric')).toEqual([{ system_name: 'hits' }]);
    expect(given(file(', metrics: [{system_name: pages}]'), 'metric')).toEqual([
      { system_name: 'pages' },
      { system_name: 'hits' },
    ]);
    expect(given(file(', metrics: [{system_name: hits, unit: call}]'), 'metric')).toEqual([
      { system_name: 'hits', unit: 'call' },
    ]);
  });

  test('text without quotes that looks like a number is text where text is meant', () => {
    const file = `organizations:
  - key: 007
    name: 1e3
    apps:
      - {id: 5e0000000000000000000001, key: 00112233, name: true, country: NO}
    native_keys: [{key: 123456789012345678901234567890, scopes: [read]}]
users:
  - {email: a@b.example, countly_api_key: 00000000000000000000000000000001, password: 0x10}`;
    expect(given(file, 'organization')).toEqual([{ key: '007', name: '1e3' }]);
    expect(given(file, 'app')).toEqual([
      { id: '5e0000000000000000000001', key: '00112233', name: 'true', country: 'NO' },
    ]);
    expect(given(file, 'native key')).toEqual([{ key: '123456789012345678901234567890', scopes: ['read'] }]);
    expect(given(file, 'user')).toEqual([
      { email: 'a@b.example', countly_api_key: '00000000000000000000000000000001', password: '0x10' },
    ]);
  });
});

describe('mistakes', () => {
  test('each is named by its path and line, all at once', () => {
    expect(
      read(`users:
  - email: ada@north.example
    timezone: Amerika/Nowhere
    colour: red
organizations:
  - name: North
    sso: maybe
    products:
      - system_name: weather
        plans:
          - {system_name: a, limits: [{metric: hits, period: dayly, value: -1}]}
    apps: [{id: XYZ, name: Shop, country: Turkey}]
    members: {user: ada@north.example}
`),
    ).toEqual([
      'users[0].timezone: unknown time zone "Amerika/Nowhere" (line 3)',
      'users[0].colour: unknown key (line 4)',
      'organizations[0].sso: must be true or false (line 7)',
      'organizations[0].products[0].plans[0].limits[0].period: must be one of minute, hour, day, week, month, year, eternity (line 11)',
      'organizations[0].products[0].plans[0].limits[0].value: must be a whole number from 0 on (line 11)',
      'organizations[0].apps[0].id: must be 24 hex digits in lower case, not "XYZ" (line 12)',
      'organizations[0].apps[0].country: must be two capital letters (ISO 3166), not "Turkey" (line 12)',
      'organizations[0].members: must be a list (line 13)',
    ]);
  });

  test('in JSON they have no line', () => {
    expect(read('{"users": [{"email": "nobody", "super_ops": "yes"}]}')).toEqual([
      'users[0].email: must be an e-mail address',
      'users[0].super_ops: must be true or false',
    ]);
  });

  test('an unknown key is refused, with what it may have meant', () => {
    expect(read('organisations: []')).toEqual(['organisations: unknown key; is "organizations" meant? (line 1)']);
    expect(read('users: [{emial: a@b.example}]')).toEqual(['users[0].emial: unknown key; is "email" meant? (line 1)']);
  });

  test('keys that JavaScript knows are keys like others', () => {
    expect(read('{"__proto__": {"users": []}, "constructor": 1, "toString": []}')).toEqual([
      '__proto__: unknown key',
      'constructor: unknown key',
      'toString: unknown key',
    ]);
    expect(read('users: [{email: a@b.example, __proto__: {super_ops: true}}]')).toEqual([
      'users[0].__proto__: unknown key (line 1)',
    ]);
    expect(({} as Record<string, unknown>)['super_ops']).toBeUndefined();
  });

  test.each([
    ['users: [1]', 'users[0]: must be a set of keys and values (line 1)'],
    ['users: [[]]', 'users[0]: must be a set of keys and values (line 1)'],
    ['- users', ': must be a set of keys and values'],
    ['organizations: [{app_tokens: [{token: a}]}]', 'organizations[0].app_tokens[0]: must be text (line 1)'],
    [
      'organizations: [{native_keys: [{scopes: []}]}]',
      'organizations[0].native_keys[0].scopes: must have at least 1 item (line 1)',
    ],
    [
      'organizations: [{native_keys: [{scopes: [raed]}]}]',
      'organizations[0].native_keys[0].scopes[0]: must be one of ingest, read, admin (line 1)',
    ],
    [
      'organizations: [{accounts: [{id: 1.5}]}]',
      'organizations[0].accounts[0].id: must be a whole number from 1 on (line 1)',
    ],
    [
      'organizations: [{accounts: [{id: 12345678901234567890}]}]',
      'organizations[0].accounts[0].id: must be a whole number from 1 on (line 1)',
    ],
    ['organizations: [{name: ""}]', 'organizations[0].name: must not be empty (line 1)'],
    ['organizations: [{name: "a\\u0000b"}]', 'organizations[0].name: holds a control character (line 1)'],
    ['organizations: [{name: "a\\nb"}]', 'organizations[0].name: holds a control character (line 1)'],
    [
      'organizations: [{key: "a b"}]',
      'organizations[0].key: must be letters, digits and . _ - (at most 64), not "a b" (line 1)',
    ],
    [
      'organizations: [{native_keys: [{key: "a b", scopes: [read]}]}]',
      'organizations[0].native_keys[0].key: must be printable ASCII without blanks, not "a b" (line 1)',
    ],
    [
      'organizations: [{oauth_clients: [{type: public, grant: implicit}]}]',
      'organizations[0].oauth_clients[0].grant: must be one of password, client-credentials (line 1)',
    ],
    [
      'users: [{email: a@b.example, countly_api_key: ABC}]',
      'users[0].countly_api_key: must be 32 hex digits in lower case, not "ABC" (line 1)',
    ],
    [
      'users: [{email: a@b.example, totp_secret: "1234"}]',
      'users[0].totp_secret: must be base32, at least 16 characters, not "1234" (line 1)',
    ],
    [
      'users: [{email: a@b.example, password_hash: secret}]',
      'users[0].password_hash: must be an argon2id hash in PHC form, e.g. $argon2id$v=19$m=19456,t=2,p=1$salt$hash (line 1)',
    ],
    [
      'organizations: [{accounts: [{applications: [{created_at: 2026-11-12}]}]}]',
      'organizations[0].accounts[0].applications[0].created_at: must be a time with offset, e.g. 2026-11-12T08:15:00Z (line 1)',
    ],
  ])('%s', (file, mistake) => {
    expect(
      (read(file) as string[]).map((text) => (file.startsWith('- ') ? `: ${text.replace(/ \(line 1\)$/, '')}` : text)),
    ).toEqual([mistake]);
  });

  test('half of a surrogate pair is no text', () => {
    expect(read('{"organizations": [{"name": "\\ud800"}]}')).toEqual([
      'organizations[0].name: holds half of a surrogate pair',
    ]);
  });
});

describe('files that cannot be read', () => {
  test.each([
    ['users: [', 'line 1: Flow sequence in block collection must be sufficiently indented and end with a ]'],
    ['a: 1\na: 2', 'line 2: Map keys must be unique'],
    ['users: []\n---\nusers: []', 'line 2: Source contains multiple documents; please use YAML.parseAllDocuments()'],
    ['users: !!js/function "x"', 'line 1: Unresolved tag: tag:yaml.org,2002:js/function'],
    ['? [a, b]\n: 1', 'a key is a list or a set of keys; only text can be a key'],
    ['{"users": [}', 'line 1: Flow sequence in block collection must be sufficiently indented and end with a ]'],
  ])('%j', (file, said) => {
    expect((read(file) as string[])[0]).toContain(said);
  });

  test('aliases may repeat something, but not everything', () => {
    const shared = 'x: &l [{metric: hits, period: day, value: 1}]';
    expect(read(`users: []\n${shared}`)).toEqual(['x: unknown key (line 2)']);
    expect(
      read(`organizations:
  - key: A
    products:
      - {system_name: a, plans: [{system_name: p, limits: &l [{metric: hits, period: day, value: 1}]}, {system_name: q, limits: *l}]}`),
    ).toMatchObject({ limit: 2 });
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x,x]'];
    for (let i = 1; i < 12; i++) {
      const [letter, last] = ['abcdefghijklmno'.charAt(i), 'abcdefghijklmno'.charAt(i - 1)];
      bomb.push(`${letter}: &${letter} [${Array(10).fill(`*${last}`).join(',')}]`);
    }
    const begun = performance.now();
    expect(read(bomb.join('\n'))).toEqual(["the file's aliases repeat more than 100000 values"]);
    expect(performance.now() - begun).toBeLessThan(2000);
  });

  test('an alias that holds itself ends', () => {
    expect(read('users: &a [*a]')).toEqual(['the file is nested too deep']);
  });

  test('deep nesting ends, in YAML and in JSON', () => {
    expect(read(`users: ${'['.repeat(2000)}${']'.repeat(2000)}`)).toEqual([expect.stringMatching(/nested too deep/)]);
    expect(read(`{"users": ${'['.repeat(20000)}${']'.repeat(20000)}}`)).toEqual([
      'users[0]: must be a set of keys and values',
    ]);
  });

  test('a file of more than 64 MB is not begun', () => {
    expect(read(' '.repeat(64 * 1024 * 1024 + 1))).toEqual(['the file is larger than 67108864 characters']);
  });

  test('no more than 100 mistakes are told', () => {
    expect(read(`users: [${'{a: 1},'.repeat(500)}]`)).toHaveLength(100);
  });
});
