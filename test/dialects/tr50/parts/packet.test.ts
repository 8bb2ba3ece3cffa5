import { expect, test } from 'vitest';
import { parsePacket } from '../../../../src/dialects/tr50/packet.ts';

function parse(text: string) {
  const packet = parsePacket(Buffer.from(text));
  if (!packet.ok) throw new Error(JSON.stringify(packet.problem));
  return packet.value;
}

function refusalOf(body: string | Uint8Array): unknown {
  const packet = parsePacket(Buffer.from(body));
  return packet.ok ? null : packet.problem;
}

test('2.1: a command without params, or with null, has none', () => {
  expect(parse('{"a":{"command":"session.info"},"b":{"command":"diag.ping","params":null}}').calls).toEqual([
    { id: 'a', request: { ok: true, value: { command: 'session.info', params: {} } } },
    { id: 'b', request: { ok: true, value: { command: 'diag.ping', params: {} } } },
  ]);
});

test('2.1: any JSON string is an id, auth alone is not', () => {
  const ids = ['', ' ', 'a.b', 'ü😀', '__proto__', 'constructor', 'toString', 'success', 'hasOwnProperty', 'Auth'];
  const text = `{${[...ids, 'auth'].map((id) => `${JSON.stringify(id)}:{"command":"diag.ping"}`).join(',')}}`;
  expect(parse(text).calls.map(({ id }) => id)).toEqual(ids);
});

test('2.1: integer-like ids run first, in ascending order, then the others as in the document', () => {
  const { calls } = parse(
    '{"b":{"command":"x"},"10":{"command":"x"},"01":{"command":"x"},"2":{"command":"x"},"a":{"command":"x"}}',
  );
  expect(calls.map(({ id }) => id)).toEqual(['2', '10', 'b', '01', 'a']);
});

test('2.1: of duplicate ids the last one wins, __proto__ included', () => {
  const { calls } = parse(
    '{"a":{"command":"x"},"__proto__":{"command":"x"},"a":{"command":"y"},"__proto__":{"command":"z"}}',
  );
  expect(calls).toEqual([
    { id: 'a', request: { ok: true, value: { command: 'y', params: {} } } },
    { id: '__proto__', request: { ok: true, value: { command: 'z', params: {} } } },
  ]);
});

test.each([
  ['{"a":5}', { kind: 'invalid_field', field: 'command' }],
  ['{"a":null}', { kind: 'invalid_field', field: 'command' }],
  ['{"a":[{"command":"x"}]}', { kind: 'invalid_field', field: 'command' }],
  ['{"a":"diag.ping"}', { kind: 'invalid_field', field: 'command' }],
  ['{"a":{}}', { kind: 'missing_field', field: 'command' }],
  ['{"a":{"command":null}}', { kind: 'missing_field', field: 'command' }],
  ['{"a":{"command":7}}', { kind: 'invalid_field', field: 'command' }],
  ['{"a":{"__proto__":{"command":"x"}}}', { kind: 'missing_field', field: 'command' }],
  ['{"a":{"command":"x","params":[]}}', { kind: 'invalid_field', field: 'params' }],
  ['{"a":{"command":"x","params":"y"}}', { kind: 'invalid_field', field: 'params' }],
])('2.2: %s fails alone', (text, problem) => {
  expect(parse(text).calls).toEqual([{ id: 'a', request: { ok: false, problem: expect.objectContaining(problem) } }]);
});

test.each([
  ['{}', { kind: 'none' }],
  ['{"auth":null}', { kind: 'none' }],
  ['{"auth":7}', { kind: 'none' }],
  ['{"auth":{}}', { kind: 'none' }],
  ['{"auth":{"sessionId":null}}', { kind: 'none' }],
  ['{"auth":{"sessionId":"7d0f"}}', { kind: 'session', id: '7d0f' }],
  ['{"auth":{"sessionId":""}}', { kind: 'session', id: '' }],
  ['{"auth":{"sessionId":7}}', { kind: 'session', id: 7 }],
  ['{"auth":{"command":"x","sessionId":"7d0f","params":{}}}', { kind: 'command', command: 'x', params: {} }],
])('3: the auth of %s', (text, auth) => {
  expect(parse(text).auth).toEqual(auth);
});

test.each([
  '',
  ' ',
  'null',
  '5',
  '"text"',
  '[]',
  '{',
  '{"a":1,}',
  "{'a':1}",
  '// c\n{}',
  '{"a":{"command":"x"}/**/}',
  'a=b',
])('2.2: %j is no packet', (text) => {
  expect(refusalOf(text)).toMatchObject({ kind: 'malformed_body' });
});

test('1: a body that is not UTF-8 is no packet', () => {
  expect(refusalOf(Buffer.from([0x7b, 0x22, 0xe9, 0x22, 0x3a, 0x31, 0x7d]))).toEqual({
    kind: 'malformed_body',
    reason: 'the body is not UTF-8',
  });
});

test('2.1: 100 commands are a packet, 101 are not; the login does not count', () => {
  const packet = (commands: number) =>
    JSON.stringify({
      auth: { command: 'api.authenticate' },
      ...Object.fromEntries(Array.from({ length: commands }, (_, i) => [`c${i}`, { command: 'diag.ping' }])),
    });
  expect(parse(packet(100)).calls).toHaveLength(100);
  expect(refusalOf(packet(101))).toMatchObject({
    kind: 'malformed_body',
    reason: expect.stringContaining('at most 100'),
  });
});

test('1: a packet of half a million brackets is read in no time', () => {
  const deep = `{"a":{"command":"x","params":{"last":${'['.repeat(500_000)}${']'.repeat(500_000)}}}}`;
  const before = performance.now();
  expect(parse(deep).calls).toHaveLength(1);
  expect(performance.now() - before).toBeLessThan(10_000);
});
