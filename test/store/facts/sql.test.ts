import { describe, expect, test } from 'vitest';
import { renderBound, renderLiterals } from '../../../src/store/facts/render.ts';
import { empty, ident, join, param, sql, type Sql } from '../../../src/store/facts/sql.ts';

describe('the sql tag', () => {
  test('puts fragments, names and values into the text', () => {
    const condition = sql`${ident('service')} = ${param.string('api')}`;
    const query = sql`SELECT count() FROM ${ident('tallyhouse', 'requests')} WHERE ${condition}${empty}`;
    expect(renderLiterals(query)).toBe("SELECT count() FROM `tallyhouse`.`requests` WHERE `service` = 'api'");
    expect(renderBound(query)).toEqual({
      text: 'SELECT count() FROM `tallyhouse`.`requests` WHERE `service` = {p0:String}',
      params: { p0: 'api' },
    });
  });

  test('joins pieces, with a comma unless told otherwise', () => {
    const names = [ident('a'), ident('b'), ident('c')];
    expect(renderLiterals(join(names))).toBe('`a`, `b`, `c`');
    expect(renderLiterals(join(names, sql` AND `))).toBe('`a` AND `b` AND `c`');
    expect(renderLiterals(join([]))).toBe('');
  });

  test('sends a value that is used twice once', () => {
    const since = param.int64(5);
    expect(renderBound(sql`a > ${since} AND b > ${since} AND c > ${param.int64(5)}`)).toEqual({
      text: 'a > {p0:Int64} AND b > {p0:Int64} AND c > {p1:Int64}',
      params: { p0: 5, p1: 5 },
    });
  });

  test('sends values as literals when they would make the URL too long', () => {
    const { text, params } = renderBound(sql`x IN ${param.strings(['a'.repeat(5000), "b'"])}`);
    expect(text).toBe(`x IN _CAST(['${'a'.repeat(5000)}','b\\''],'Array(String)')`);
    expect(params).toEqual({});
  });

  test.each([
    ['a string', 'x'],
    ['a number', 5],
    ['null', null],
    ['an object that looks like a fragment', { text: 'DROP' }],
    ['a list of fragments', [sql`a`]],
  ])('refuses %s as a value', (_, value) => {
    const from = (outside: unknown) => sql`SELECT ${outside as Sql}`;
    expect(() => from(value)).toThrow(TypeError);
  });

  test('refuses to be called with text from a variable', () => {
    const strings = Object.assign(['DROP TABLE requests'], { raw: ['DROP TABLE requests'] });
    expect(() => sql(strings)).toThrow(TypeError);
  });

  test.each(['', 'a b', 'a`b', 'a-b', '1a', 'é', 'a.b', 'a;', "a'", 'a\n', 'a'.repeat(128)])(
    'refuses the name %j',
    (name) => {
      expect(() => ident(name)).toThrow(TypeError);
    },
  );
});

describe('parameters', () => {
  test.each([
    [param.u8(255), "_CAST(255,'UInt8')"],
    [param.u16(65_535), "_CAST(65535,'UInt16')"],
    [param.u32(4_294_967_295), "_CAST(4294967295,'UInt32')"],
    [param.u64(18_446_744_073_709_551_615n), "_CAST(18446744073709551615,'UInt64')"],
    [param.int64(-9_223_372_036_854_775_808n), "_CAST(-9223372036854775808,'Int64')"],
    [param.int64(-0), "_CAST(0,'Int64')"],
    [param.float64(0.1), "_CAST('0.1','Float64')"],
    [param.float64(NaN), "_CAST('nan','Float64')"],
    [param.float64(-Infinity), "_CAST('-inf','Float64')"],
    [param.string("it's \\ \0 \n \t \r 'x'"), "'it\\'s \\\\ \\0 \\n \\t \\r \\'x\\''"],
    [param.strings([]), "_CAST([],'Array(String)')"],
    [param.strings(["a'", '\\']), "_CAST(['a\\'','\\\\'],'Array(String)')"],
    [param.int64s([-1, 2]), "_CAST([-1,2],'Array(Int64)')"],
    [param.u32s([1]), "_CAST([1],'Array(UInt32)')"],
    [param.float64s([1.5, NaN, Infinity]), "_CAST([1.5,nan,inf],'Array(Float64)')"],
  ])('embedded are literals of their type: %#', (value, literal) => {
    expect(renderLiterals(sql`${value}`)).toBe(literal);
  });

  test('an instant is milliseconds of UTC', () => {
    expect(renderLiterals(param.instant(-1))).toBe("fromUnixTimestamp64Milli(_CAST(-1,'Int64'), 'UTC')");
  });

  test('text is made well-formed in both forms', () => {
    const query = sql`${param.string('a\ud800b')}, ${param.strings(['\udc00'])}`;
    expect(renderLiterals(query)).toBe("'a\ufffdb', _CAST(['\ufffd'],'Array(String)')");
    expect(renderBound(query).params).toEqual({ p0: 'a\ufffdb', p1: ['\ufffd'] });
  });

  test.each([
    () => param.u8(256),
    () => param.u32(-1),
    () => param.u32(1.5),
    () => param.u64(-1),
    () => param.u64(2n ** 64n),
    () => param.u64(2 ** 53),
    () => param.int64(NaN),
    () => param.int64(2n ** 63n),
    () => param.int64s([1, Infinity]),
    () => param.instant(0.5),
  ])('a number that does not fit is a bug: %#', (make) => {
    expect(make).toThrow(RangeError);
  });
});
