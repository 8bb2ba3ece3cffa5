import { describe, expect, test } from 'vitest';
import { column, tupleOf } from '../../../src/store/facts/rows.ts';
import { ident, param, sql } from '../../../src/store/facts/sql.ts';
import { factsEngines, factsOf } from '../../support/facts.ts';

const NASTY = [
  '',
  "'",
  "''",
  "\\'",
  "\\\\'",
  "' OR 1=1 --",
  "'; DROP TABLE inventory; --",
  '\\',
  '\\\\',
  '\\n',
  '\n\r\t\b\f\v',
  '\0',
  'before\0after',
  '{p0:String}',
  '{p1:Identifier}',
  '\\N',
  'NULL',
  '`requests`',
  '"quoted"',
  '/* comment */ -- and another',
  ') UNION ALL SELECT 1',
  '%_%',
  'naïve café 😀 \u202e\ufeff',
  '\ud800 alone',
  '\\x41\\u0041\\101',
  '?#&=+%27%5C',
  '\u2019\uff07 look like quotes',
  'x'.repeat(200_000),
  "'".repeat(3_000),
];
const stored = (text: string): string => text.replace(/\p{Surrogate}/gu, '\uFFFD');

describe.each(factsEngines)('values on their way to $name', (engine) => {
  const facts = factsOf(engine);

  test.each(NASTY.map((text) => [text.length > 60 ? `${text.slice(0, 20)}… (${text.length})` : text, text]))(
    'the text %j is text',
    async (_, text) => {
      const rows = tupleOf(column.text, column.integer, column.integer);
      const query = sql`SELECT ${param.string(text)}, length(${param.string(text)}), ${param.u8(7)}`;
      expect(await facts().query(query, { tag: 'test', rows })).toEqual([
        [stored(text), Buffer.byteLength(stored(text)), 7],
      ]);
    },
  );

  test('texts in a list stay apart', async () => {
    const rows = tupleOf(column.list(column.text));
    expect(await facts().query(sql`SELECT ${param.strings(NASTY)}`, { tag: 'test', rows })).toEqual([
      [NASTY.map(stored)],
    ]);
  });

  test('texts are found as they were stored, and only they', async () => {
    const texts = NASTY.map(stored).filter((text) => text !== '');
    const lines = texts.map((uid, n) => `${JSON.stringify({ organization: n + 1, time: 0, kind: 'domain', uid })}\n`);
    await facts().insert('inventory', lines, { token: 'nasty', rows: lines.length });
    const rows = tupleOf(column.integer);
    for (const [n, text] of texts.entries()) {
      const query = sql`SELECT organization FROM ${ident('inventory')} WHERE uid = ${param.string(text)}`;
      expect(await facts().query(query, { tag: 'test', rows })).toEqual([[n + 1]]);
    }
    const all = sql`SELECT count() FROM ${ident('inventory')} WHERE uid IN ${param.strings(texts)}`;
    expect(await facts().query(all, { tag: 'test', rows })).toEqual([[texts.length]]);
  });

  test('a tag is text', async () => {
    for (const tag of NASTY) {
      expect(await facts().query(sql`SELECT 1`, { tag, rows: tupleOf(column.integer) })).toEqual([[1]]);
    }
  });

  test('a token is text', async () => {
    const line = '{"organization":9,"time":0,"kind":"token","uid":"u"}\n';
    for (const token of NASTY.filter((text) => text !== '' && text.length < 1000)) {
      await facts().insert('inventory', line, { token, rows: 1 });
      await facts().insert('inventory', line, { token, rows: 1 });
    }
    const query = sql`SELECT count() FROM inventory WHERE kind = 'token'`;
    const [count] = await facts().query(query, { tag: 'test', rows: tupleOf(column.integer) });
    expect(count).toEqual([NASTY.filter((text) => text !== '' && text.length < 1000).length]);
  });

  test('numbers keep every digit and their type', async () => {
    const query = sql`SELECT ${param.u64(2n ** 64n - 1n)} AS a, ${param.int64(-(2n ** 63n))} AS b, ${param.u32(0)} AS c,
      toTypeName(a), toTypeName(b), toTypeName(c), toTypeName(${param.strings([])})`;
    const rows = tupleOf(
      column.count,
      column.count,
      column.integer,
      column.text,
      column.text,
      column.text,
      column.text,
    );
    expect(await facts().query(query, { tag: 'test', rows })).toEqual([
      [2n ** 64n - 1n, -(2n ** 63n), 0, 'UInt64', 'Int64', 'UInt32', 'Array(String)'],
    ]);
  });

  test('fractions keep every bit', async () => {
    const floats = [0, 0.1, -1.5, 5e-324, 1.7976931348623157e308, 1e21, 123456789.12345679, Infinity, -Infinity];
    const rows = tupleOf(column.list(column.float));
    expect(await facts().query(sql`SELECT ${param.float64s(floats)}`, { tag: 'test', rows })).toEqual([[floats]]);
    for (const float of [...floats, NaN]) {
      const single = sql`SELECT ${param.float64(float)}`;
      expect(await facts().query(single, { tag: 'test', rows: tupleOf(column.float) })).toEqual([[float]]);
    }
  });
});
