import { describe, expect, test } from 'vitest';
import { bodyFormat, type BodyFormat } from '../../../../src/dialects/native/body/body-format.ts';
import { rowsOf } from '../../../../src/dialects/native/body/rows-of-body.ts';

/** All rows of a body, rejected ones as `!reason`; a refusal of the whole body is given by itself. */
function read(body: string | Buffer, format: BodyFormat): unknown {
  const rows = rowsOf(Buffer.from(body), format);
  if (!rows.ok) return rows.problem;
  const read: unknown[] = [];
  for (;;) {
    const { done, value } = rows.value.next();
    if (done === true) return value ?? read;
    read.push('problem' in value ? `!${(value.problem as { reason: string }).reason}` : value.value);
  }
}

const malformed = (reason: string): unknown => ({ kind: 'malformed_body', reason });

describe('lines', () => {
  test('are one object each, with any line end', () => {
    expect(read('{"a":1}\n{"a":2}\r\n{"a":3}', 'lines')).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
  });

  test('that are empty are no rows', () => {
    expect(read('\n{"a":1}\n\n \t\r\n{"a":2}\n\n', 'lines')).toEqual([{ a: 1 }, { a: 2 }]);
    expect(read('', 'lines')).toEqual([]);
  });

  test('that are not JSON are rejected one by one', () => {
    expect(read('{"a":1}\n{"a":\n{"a":3}\n', 'lines')).toEqual([{ a: 1 }, '!the row is not JSON', { a: 3 }]);
  });

  test('that are not UTF-8 are rejected one by one', () => {
    const body = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from('"}\n{"a":2}')]);
    expect(read(body, 'lines')).toEqual(['!the line is not UTF-8', { a: 2 }]);
  });

  test('longer than 1 MiB are rejected', () => {
    expect(read(`{"a":"${'x'.repeat(1024 * 1024)}"}\n{"a":2}`, 'lines')).toEqual([
      '!the row is longer than 1 MiB',
      { a: 2 },
    ]);
  });

  test('may begin with a byte order mark', () => {
    expect(read('\ufeff{"a":1}\n', 'lines')).toEqual([{ a: 1 }]);
  });
});

/** Short bodies are parsed whole, long ones element by element; both have to agree. */
describe.each([
  ['a short', ''],
  ['a long', ' '.repeat(70_000)],
])('%s JSON body', (_, padding) => {
  const json = (body: string): unknown => read(`${padding}${body}`, 'json');

  test('is an array of rows', () => {
    expect(json('[{"a":1},{"a":"]}, \\" {["},\n {"a":[1,[2]]} ]\n')).toEqual([
      { a: 1 },
      { a: ']}, " {[' },
      { a: [1, [2]] },
    ]);
    expect(json('[]')).toEqual([]);
    expect(json('[ ]')).toEqual([]);
    expect(json('[1,"x",null,[],{}]')).toEqual([1, 'x', null, [], {}]);
  });

  test('may be one row by itself', () => {
    expect(json('{"a":1}')).toEqual([{ a: 1 }]);
  });

  test.each([
    '[',
    ']',
    '[1',
    '[1,]',
    '[,1]',
    '[1 2]',
    '[1]]',
    '[1] x',
    '[{]',
    '["a]',
    '[1,,2]',
    '[}',
    '{"a":1',
    'x',
    '['.repeat(5000),
  ])('%s is not JSON', (body) => {
    const outcome = json(body);
    expect(Array.isArray(outcome) ? outcome.at(-1) : outcome).toEqual(malformed('the body is not JSON'));
  });

  test.each(['1', 'null', '"text"'])('%s is JSON but no rows', (body) => {
    expect(json(body)).toEqual(malformed('the body has to be a JSON array of rows'));
  });

  test('of lines is refused with a hint', () => {
    expect(json('{"a":1}\n{"a":2}')).toEqual(
      malformed('the body is not JSON; for one JSON object a line send Content-Type: application/x-ndjson'),
    );
  });
});

test('JSON that is not UTF-8 is refused', () => {
  expect(read(Buffer.from([0x5b, 0x22, 0xe9, 0x22, 0x5d]), 'json')).toEqual(malformed('the body is not UTF-8'));
});

describe('a body whose type nobody said', () => {
  test('is an array when it begins with a bracket', () => {
    expect(read(' [{"a":1}]', 'unsaid')).toEqual([{ a: 1 }]);
    expect(read('[{"a":1}', 'unsaid')).toEqual(malformed('the body is not JSON'));
  });

  test('is one row when it is one object over several lines', () => {
    expect(read('{\n "a": 1\n}\n', 'unsaid')).toEqual([{ a: 1 }]);
  });

  test('is lines otherwise', () => {
    expect(read('{"a":1}\n{"a":2}\n', 'unsaid')).toEqual([{ a: 1 }, { a: 2 }]);
    expect(read('{"a":1}\nx\n', 'unsaid')).toEqual([{ a: 1 }, '!the row is not JSON']);
  });
});

describe('Content-Type', () => {
  test.each([
    ['application/json', 'json'],
    ['Application/JSON; charset=UTF-8', 'json'],
    ['application/json;charset="utf-8"', 'json'],
    ['application/x-ndjson', 'lines'],
    ['application/ndjson', 'lines'],
    ['application/jsonl; charset=utf-8', 'lines'],
    ['text/plain', 'lines'],
    ['application/x-www-form-urlencoded', 'unsaid'],
    ['application/octet-stream', 'unsaid'],
    [undefined, 'unsaid'],
  ])('%s stands for %s', (type, format) => {
    expect(bodyFormat(type)).toEqual({ ok: true, value: format });
  });

  test.each(['application/xml', 'text/csv', 'multipart/form-data; boundary=x', 'application/json; charset=latin1'])(
    '%s is refused',
    (type) => {
      expect(bodyFormat(type)).toEqual({ ok: false, problem: { kind: 'unsupported_media_type', mediaType: type } });
    },
  );
});
