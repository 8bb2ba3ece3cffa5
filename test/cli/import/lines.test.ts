import { describe, expect, test } from 'vitest';
import { linesOf, type Line } from '../../../src/cli/import/lines.ts';

const NONE: readonly string[] = [];

async function linesIn(chunks: readonly string[], maxBytes?: number): Promise<[number, string | null][]> {
  const found: Line[] = [];
  async function* source(): AsyncGenerator<Buffer> {
    for (const chunk of chunks) yield Buffer.from(chunk, 'latin1');
  }
  for await (const lines of linesOf(source(), maxBytes)) found.push(...lines);
  return found.map(({ number, bytes }) => [number, bytes?.toString('latin1') ?? null]);
}

describe('a file is cut into lines', () => {
  test.each([
    [
      'wherever its chunks end',
      ['a\nb', 'c\n', '\nd', '', 'e\n'],
      [
        [1, 'a'],
        [2, 'bc'],
        [3, ''],
        [4, 'de'],
      ],
    ],
    [
      'the last one with or without newline',
      ['a\nb'],
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
    ['none when it is empty', NONE, []],
    [
      'keeping carriage returns',
      ['a\r\nb\r\n'],
      [
        [1, 'a\r'],
        [2, 'b\r'],
      ],
    ],
    [
      'without a byte order mark',
      ['\xef\xbb\xbfa\n\xef\xbb\xbfb\n'],
      [
        [1, 'a'],
        [2, '\xef\xbb\xbfb'],
      ],
    ],
  ])('%s', async (_how, chunks, lines) => {
    expect(await linesIn(chunks)).toEqual(lines);
  });

  test('a line beyond the limit is named and not kept, in one chunk or over several', async () => {
    expect(await linesIn(['aaaa\naaaaa\nb\n'], 4)).toEqual([
      [1, 'aaaa'],
      [2, null],
      [3, 'b'],
    ]);
    expect(await linesIn(['aa', 'aa', '\nbb', 'bb', 'bb', 'b\nc\nd', 'dddd'], 4)).toEqual([
      [1, 'aaaa'],
      [2, null],
      [3, 'c'],
      [4, null],
    ]);
  });
});
