import { describe, expect, test } from 'vitest';
import { streams, type Field } from '../../../src/domain/streams/index.ts';
import { columnsOfRollup } from '../../../src/store/facts/rollups.ts';
import { column, tupleOf } from '../../../src/store/facts/rows.ts';
import { ident, param, sql } from '../../../src/store/facts/sql.ts';
import { factsEngines, factsOf } from '../../support/facts.ts';

/** The types a declared field may be stored in. */
function accepts({ type }: Field, stored: string): boolean {
  switch (type.kind) {
    case 'time':
      return stored === "DateTime64(3, 'UTC')";
    case 'text':
      return stored === 'String' || stored === 'LowCardinality(String)';
    case 'json':
      return stored === 'String';
    case 'number':
      return stored === (type.nullable === true ? 'Nullable(Float64)' : 'Float64');
    case 'integer': {
      const bits = type.max <= 65_535 ? 'UInt16' : 'UInt64';
      return type.min >= 0 && stored === (type.nullable === true ? `Nullable(${bits})` : bits);
    }
  }
}

describe('the tables of the migrations', () => {
  const facts = factsOf(factsEngines[0]);
  const typesOf = async (table: string): Promise<ReadonlyMap<string, string>> => {
    const query = sql`SELECT name, type FROM system.columns WHERE database = currentDatabase()
      AND table = ${param.string(table)}`;
    return new Map(await facts().query(query, { tag: 'test', rows: tupleOf(column.text, column.text) }));
  };

  test.each(Object.values(streams))('$name has a column for each declared field, and no other', async (stream) => {
    const types = await typesOf(stream.name);
    const declared = ['organization', 'id', ...stream.fields.map((field) => field.name)];
    expect([...types.keys()].sort()).toEqual(declared.sort());
    expect(types.get('organization')).toBe('UInt32');
    expect(types.get('id')).toBe('String');
    for (const field of stream.fields) {
      const stored = types.get(field.name) ?? '';
      expect([field.name, stored, accepts(field, stored)]).toEqual([field.name, stored, true]);
    }
  });

  test.each(Object.values(streams))('$name takes the declared defaults', async (stream) => {
    await facts().insert(stream.name, '{"organization":1,"time":0}\n', { token: 'defaults', rows: 1 });
    const fields = stream.fields.filter(({ type }) => type.kind === 'integer' || type.kind === 'number');
    for (const { name, type } of fields) {
      if (type.kind !== 'integer' && type.kind !== 'number') continue;
      const query = sql`SELECT * FROM (SELECT * FROM ${ident(stream.name)})`;
      const rows = { reader: (names: readonly string[]) => (row: readonly unknown[]) => row[names.indexOf(name)] };
      const [value] = await facts().query(query, { tag: 'test', rows });
      const expected = type.nullable === true ? null : (type.default ?? 0);
      expect([name, value === null ? null : Number(value)]).toEqual([name, expected]);
    }
  });

  const rollups = Object.values(streams).flatMap((stream) => stream.rollups.map((rollup) => ({ stream, rollup })));
  test.each(rollups)('$rollup.table has the columns its declaration asks for', async ({ stream, rollup }) => {
    const types = await typesOf(rollup.table);
    const raw = await typesOf(stream.name);
    expect([...types.keys()].sort()).toEqual([...columnsOfRollup(stream, rollup)].sort());
    for (const [name, type] of types) {
      const expected =
        name === 'slot'
          ? "DateTime64(3, 'UTC')"
          : name === 'organization' || rollup.dimensions.includes(name)
            ? raw.get(name)
            : 'UInt64';
      expect([name, type]).toEqual([name, expected]);
    }
  });

  test('nothing else is in the database', async () => {
    const query = sql`SELECT name FROM system.tables WHERE database = currentDatabase() ORDER BY name`;
    const names = (await facts().query(query, { tag: 'test', rows: tupleOf(column.text) })).map(([name]) => name);
    const expected = [
      'tallyhouse_migrations',
      ...Object.keys(streams),
      ...rollups.flatMap(({ rollup }) => [rollup.table, `${rollup.table}_view`]),
      ...Object.values(streams).flatMap(({ derivedTables = [] }) =>
        derivedTables.flatMap((table) => [table, `${table}_view`]),
      ),
    ];
    expect(names).toEqual(expected.sort());
  });

  test('inserts are on disk when they are acknowledged, and merges before they replace', async () => {
    const query = sql`SELECT count() FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree'
      AND NOT (engine_full LIKE '%fsync_after_insert = 1%' AND engine_full LIKE '%fsync_part_directory = 1%'
        AND engine_full LIKE '%min_rows_to_fsync_after_merge = 1%')`;
    expect(await facts().query(query, { tag: 'test', rows: tupleOf(column.integer) })).toEqual([[0]]);
  });
});
