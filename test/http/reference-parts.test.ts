import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';

/** The parts of the API reference that need no page; they are sent to browsers as they are, so they have no types. */
interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | null;
  readonly secrets: readonly string[];
}
interface Parts {
  curlCommand(request: Request, origin: string): string;
  maskedCommand(request: Request, origin: string): string;
  quoted(text: string): string;
  pairsOf(name: string, value: unknown): [string, string][];
  formText(pairs: readonly (readonly [string, string])[]): string;
  prettyJson(text: string): string;
  prettyXml(text: string): string;
  exampleOf(schema: unknown): unknown;
  valueReader(
    values: unknown,
    send: (path: string) => Promise<{ status: number; text: string }>,
  ): (kind: string) => Promise<{ values: unknown; note: string }>;
}
let parts: Parts;
beforeAll(async () => {
  const files = ['curl', 'request', 'pretty', 'example', 'offered'];
  const modules = await Promise.all(
    files.map(async (file): Promise<object> => {
      const url = new URL(`../../src/http/assets/reference/${file}.js`, import.meta.url);
      return (await import(url.href)) as object;
    }),
  );
  parts = Object.assign({}, ...modules) as Parts;
});

const GET: Request = { method: 'GET', path: '/x', query: [], headers: [], body: null, secrets: [] };
const argumentsOf = (command: string): string[] =>
  execFileSync('sh', [
    '-c',
    `show() { for word; do printf '%s\\0' "$word"; done; }; ${command.replace(/^curl/, 'show')}`,
  ])
    .toString()
    .split('\0')
    .slice(0, -1);

describe('the command', () => {
  test('gives a POSIX shell every word as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
        fc.pre(!text.includes('\0') && !/\p{Surrogate}/u.test(text));
        expect(argumentsOf(`curl ${parts.quoted(text)}`)).toEqual([text]);
      }),
      { numRuns: 30, examples: [['it\'s $HOME `id` \\ \n\t "x" !! *'], ["''"], ['-rf'], ['é…🦉']] },
    );
  });

  test('has the method, the address, the headers and the body', () => {
    const request = {
      ...GET,
      method: 'POST',
      query: [['q', "it's"]] as const,
      headers: [['X-Name', 'a "b"']] as const,
      body: '@file\n{"a":1}',
    };
    expect(argumentsOf(parts.curlCommand(request, 'http://h:1'))).toEqual([
      '-sS',
      '-X',
      'POST',
      "http://h:1/x?q=it's",
      '-H',
      'X-Name: a "b"',
      '--data-raw',
      '@file\n{"a":1}',
    ]);
    expect(parts.curlCommand({ ...GET, method: 'HEAD' }, '')).toBe("curl -sS -I '/x'");
    expect(parts.curlCommand({ ...GET, query: [['usage[hits]', '1']] }, '')).toBe("curl -sS -g '/x?usage[hits]=1'");
  });

  test('hides secrets however they are written', () => {
    const request = { ...GET, query: [['key', 'a b&c']] as const, secrets: ['a b&c'] };
    expect(parts.curlCommand(request, '')).toBe("curl -sS '/x?key=a%20b%26c'");
    expect(parts.maskedCommand(request, '')).toBe("curl -sS '/x?key=••••••'");
  });
});

describe('brackets', () => {
  test('hold lists of maps', () => {
    const transactions = [
      { app_id: 'a', usage: { hits: '1', 'se/arch': '2' }, timestamp: '', log: { code: '200' } },
      { app_id: 'b', usage: {} },
    ];
    expect(parts.formText(parts.pairsOf('', { service_id: '7', transactions }))).toBe(
      'service_id=7&transactions[0][app_id]=a&transactions[0][usage][hits]=1&transactions[0][usage][se%2Farch]=2' +
        '&transactions[0][log][code]=200&transactions[1][app_id]=b',
    );
  });

  test('are not for lists of texts', () => {
    expect(parts.pairsOf('organization', ['n', 'm'])).toEqual([
      ['organization', 'n'],
      ['organization', 'm'],
    ]);
  });
});

describe('set out', () => {
  test('JSON keeps what it says, long numbers too', () => {
    const json = '{"a":[1,{"b":"x, {y}: \\"z\\""},[],{}],"n":12345678901234567890,"f":25.0,"t":true,"z":null}';
    expect(parts.prettyJson(json).split('\n')).toEqual([
      '{',
      '  "a": [',
      '    1,',
      '    {',
      '      "b": "x, {y}: \\"z\\""',
      '    },',
      '    [],',
      '    {}',
      '  ],',
      '  "n": 12345678901234567890,',
      '  "f": 25.0,',
      '  "t": true,',
      '  "z": null',
      '}',
    ]);
    expect(parts.prettyJson('{"half')).toBe('{"half');
  });

  test('any JSON is the same value as before', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(JSON.parse(parts.prettyJson(json))).toEqual(JSON.parse(json));
      }),
    );
  });

  test('XML has an element a line', () => {
    const xml =
      '<?xml version="1.0" encoding="UTF-8"?><applications per_page="1"><application><id>1</id><first/><keys></keys>' +
      '<plan custom="false"><name>a &lt; b</name></plan></application></applications>';
    expect(parts.prettyXml(xml).split('\n')).toEqual([
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<applications per_page="1">',
      '  <application>',
      '    <id>1</id>',
      '    <first/>',
      '    <keys></keys>',
      '    <plan custom="false">',
      '      <name>a &lt; b</name>',
      '    </plan>',
      '  </application>',
      '</applications>',
    ]);
  });
});

test('an example is made from a schema that has none', () => {
  expect(
    parts.exampleOf({
      type: 'object',
      properties: {
        name: { type: 'string', examples: ['Ann'] },
        kind: { anyOf: [{ const: 'a' }, { const: 'b' }] },
        at: { type: 'string', format: 'date-time' },
        counts: { type: 'object', additionalProperties: { type: 'integer' } },
        list: { type: 'array', items: { type: 'boolean' } },
      },
    }),
  ).toEqual({ name: 'Ann', kind: 'a', at: '2026-11-21T10:00:00Z', counts: { name: 1 }, list: [true] });
});

describe('values to choose from', () => {
  const answers: Readonly<Record<string, string>> = {
    '/list.json': '{"list":[{"item":{"id":1,"name":"One"}}],"metadata":{"total_pages":3}}',
    '/list.json?page=3': '{"list":[{"item":{"id":5,"name":"Five"}},{"item":{"id":6}},{"item":{"id":null}}]}',
    '/of/6.json': '{"names":["x","y"]}',
    '/of/5.json': '{"names":["y"]}',
  };
  const asked: string[] = [];
  const send = async (path: string): Promise<{ status: number; text: string }> => {
    asked.push(path);
    const text = answers[path];
    return text === undefined ? { status: 403, text: '' } : { status: 200, text };
  };
  const list = { path: '/list.json', items: 'list.item', value: 'id', label: 'name' };

  test('are the newest, from the last page, and followed from step to step', async () => {
    const read = parts.valueReader(
      {
        items: { steps: [list] },
        names: { steps: [list, { path: '/of/{}.json', items: 'names', value: '' }] },
        none: { steps: [], note: 'Not shown.' },
      },
      send,
    );
    expect(await read('items')).toEqual({
      values: [
        { value: '6', label: '' },
        { value: '5', label: 'Five' },
      ],
      note: '',
    });
    expect(await read('names')).toEqual({
      values: [
        { value: 'y', label: '' },
        { value: 'x', label: '' },
      ],
      note: '',
    });
    expect(await read('none')).toEqual({ values: [], note: 'Not shown.' });
    const before = asked.length;
    await read('items');
    expect(asked.length).toBe(before);
  });

  test('that may not be read are told', async () => {
    const read = parts.valueReader({ items: { steps: [{ ...list, path: '/closed.json' }] } }, send);
    await expect(read('items')).rejects.toThrow('Enter a credential that may list them, and they are offered.');
  });
});
