import { describe, expect, test } from 'vitest';
import { csvFields, csvRecordsOf, type CsvRecord } from '../../../src/cli/import/csv-records.ts';
import { linesOf } from '../../../src/cli/import/lines.ts';

async function recordsIn(text: string): Promise<[number, string | null][]> {
  const found: CsvRecord[] = [];
  async function* source(): AsyncGenerator<Buffer> {
    yield Buffer.from(text);
  }
  for await (const records of csvRecordsOf(linesOf(source()))) found.push(...records);
  return found.map(({ line, bytes }) => [line, bytes?.toString() ?? null]);
}

describe('CSV lines make records', () => {
  test('one a line, and over several lines where a quote is open', async () => {
    expect(await recordsIn('a,b\n"x\r\ny",1\n"say ""hi"", \n ""you""",2\nlast,3')).toEqual([
      [1, 'a,b'],
      [2, '"x\r\ny",1'],
      [4, '"say ""hi"", \n ""you""",2'],
      [6, 'last,3'],
    ]);
  });

  test('a quote that nothing closes costs its own line only', async () => {
    expect(await recordsIn('a\n"b\nc\nd')).toEqual([
      [1, 'a'],
      [2, null],
      [3, 'c'],
      [4, 'd'],
    ]);
  });

  test('two lines with a stray quote each are one record, and are refused as one', async () => {
    expect(await recordsIn('a"\nb\nc"\nd')).toEqual([
      [1, 'a"\nb\nc"'],
      [4, 'd'],
    ]);
    expect(csvFields('a"\nb\nc"')).toEqual({ ok: false, problem: 'has a quote inside of an unquoted field' });
  });

  test('after a thousand lines the open quote is given up', async () => {
    const records = await recordsIn(`"a\n${'b\n'.repeat(3_000)}c"\nd\n`);
    expect(records).toHaveLength(3_003);
    expect(records.filter(([, text]) => text === null)).toEqual([
      [1, null],
      [3002, null],
    ]);
    expect(records.at(-1)).toEqual([3003, 'd']);
  });
});

describe('a CSV record has fields', () => {
  test.each([
    ['a,b', ['a', 'b']],
    ['', ['']],
    ['a,,', ['a', '', '']],
    [',', ['', '']],
    ['"",a', ['', 'a']],
    ['"a,b","c ""d"""', ['a,b', 'c "d"']],
    ['"a\nb"', ['a\nb']],
    [' a , b ', [' a ', ' b ']],
  ])('%j', (record, fields) => {
    expect(csvFields(record)).toEqual({ ok: true, fields });
  });

  test.each([
    ['"a"b,c', 'field 1 goes on behind its closing quote'],
    ['a,"b', 'has a quoted field without its closing quote'],
    ['a"b', 'has a quote inside of an unquoted field'],
  ])('%j is refused', (record, problem) => {
    expect(csvFields(record)).toEqual({ ok: false, problem });
  });
});
