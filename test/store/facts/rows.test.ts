import { expect, test } from 'vitest';
import { readAnswer } from '../../../src/store/facts/answer.ts';
import { payloadBuffer } from '../../../src/store/facts/payload.ts';
import { column, rowOf, tupleOf } from '../../../src/store/facts/rows.ts';

function answer(names: readonly string[], ...data: readonly (readonly unknown[])[]): Buffer {
  return Buffer.from(JSON.stringify({ meta: names.map((name) => ({ name, type: 'x' })), data, rows: data.length }));
}

test('rows become objects by the names of their columns', () => {
  const rows = rowOf({ calls: column.count, service: column.text });
  expect(
    readAnswer(answer(['service', 'calls', 'more'], ['api', '7', 1], ['cdn', '18446744073709551615', 2]), rows),
  ).toEqual([
    { calls: 7, service: 'api' },
    { calls: 18_446_744_073_709_551_615n, service: 'cdn' },
  ]);
});

test('rows become tuples by position', () => {
  const rows = tupleOf(column.nullable(column.integer), column.float, column.boolean, column.list(column.text));
  const body = answer(['a', 'b', 'c', 'd'], [null, 'nan', 1, ['x']], ['-5', '-inf', false, []], [0, 1.5, true, []]);
  expect(readAnswer(body, rows)).toEqual([
    [null, NaN, true, ['x']],
    [-5, -Infinity, false, []],
    [0, 1.5, true, []],
  ]);
});

test.each([
  [column.integer, '9007199254740993'],
  [column.integer, 1.5],
  [column.integer, ''],
  [column.integer, null],
  [column.integer, 'seven'],
  [column.count, '1.5'],
  [column.count, null],
  [column.text, 5],
  [column.text, null],
  [column.float, 'x'],
  [column.float, null],
  [column.boolean, 'true'],
  [column.list(column.text), 'x'],
])('a value of another kind is a bug: %#', (read, value) => {
  expect(() => readAnswer(answer(['a'], [value]), tupleOf(read))).toThrow(TypeError);
});

test('other columns than the reader’s are a bug', () => {
  expect(() => readAnswer(answer(['a']), rowOf({ b: column.text }))).toThrow('no column b');
  expect(() => readAnswer(answer(['a', 'b']), tupleOf(column.text))).toThrow('expected 1 columns');
  expect(() => readAnswer(Buffer.from('[]'), tupleOf(column.text))).toThrow(TypeError);
});

test('a payload is its pieces, bytes and texts of any size', async () => {
  const large = 'é😀'.repeat(400_000);
  const pieces = ['a\n', Buffer.from('ü\n'), large, new Uint8Array([0x41, 0x0a]), ''];
  const bytes = await payloadBuffer(pieces);
  expect(bytes.equals(Buffer.from(`a\nü\n${large}A\n`))).toBe(true);
  expect((await payloadBuffer('é')).toString()).toBe('é');
  expect((await payloadBuffer(Buffer.from('xyz').subarray(1))).toString()).toBe('yz');
  expect((await payloadBuffer([])).length).toBe(0);
});
