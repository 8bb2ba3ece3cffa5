import { describe, expect, test } from 'vitest';
import { streams, type Rollup, type StreamDeclaration } from '../../../src/domain/streams/index.ts';
import { rollupColumns, SLOT_MS } from '../../../src/store/facts/rollups.ts';
import { column, tupleOf, type Rows } from '../../../src/store/facts/rows.ts';
import { ident, join, param, sql, type Sql } from '../../../src/store/facts/sql.ts';
import { factsEngines, factsOf } from '../../support/facts.ts';
import { linesOf } from './rows-of-requests.ts';

const rollups = Object.values(streams).flatMap((stream) => stream.rollups.map((rollup) => ({ stream, rollup })));

/** The same numbers from a seed every time. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    // The low bits of such a sequence repeat after a few steps.
    return Math.floor((state / 2 ** 32) * sides);
  };
}

const NOW = 1_700_000_000_000;

function randomRow(stream: StreamDeclaration, roll: (sides: number) => number): Record<string, unknown> {
  const row: Record<string, unknown> = { organization: 1 + roll(3) };
  for (const { name, type } of stream.fields) {
    if (type.kind === 'time') {
      // Around a slot's edges, before 1970 and after 2106 as well.
      const base = [NOW, 0, -2_208_988_800_000, 5_000_000_000_000, -62_000_000_000_000][roll(5)] ?? 0;
      row[name] = base + roll(4) * SLOT_MS + ([0, 1, SLOT_MS - 1, roll(SLOT_MS)][roll(4)] ?? 0);
    } else if (type.kind === 'text') row[name] = ['', 'a', 'b', 'é'][roll(4)];
    else if (type.kind === 'integer') {
      row[name] =
        type.nullable === true && roll(3) === 0 ? null : [type.min, 200 + roll(3), type.min + roll(100)][roll(3)];
    } else if (type.kind === 'number') row[name] = roll(1000) / 8;
    else row[name] = '{}';
  }
  return row;
}

/** Both sides as rows of text: organization, slot, dimensions, then every sum of the measures. */
function compared(
  stream: StreamDeclaration,
  rollup: Rollup,
): { raw: Sql; rolled: Sql; rows: Rows<readonly unknown[]> } {
  const measures = rollup.measures.flatMap((name) => stream.measures.filter((measure) => measure.name === name));
  const keys = rollup.dimensions.map((name) => ident(name));
  const slot = sql`intDiv(toUnixTimestamp64Milli(time) + ${param.int64(SHIFT)}, ${param.int64(SLOT_MS)})`;
  const raw = measures.flatMap(({ aggregate }) => {
    if (aggregate.kind === 'rows') return [sql`count()`];
    if (aggregate.kind === 'sum') return [sql`sum(${ident(aggregate.field)})`];
    return [sql`sum(ifNull(${ident(aggregate.field)}, 0))`, sql`count(${ident(aggregate.field)})`];
  });
  const rolled = measures.flatMap((measure) => {
    const columns = rollupColumns(measure);
    if (columns === null) throw new Error(`${measure.name} is in no rollup`);
    return columns.kind === 'mean' ? [columns.sum, columns.rows] : [columns.sum];
  });
  const rolledSlot = sql`intDiv(toUnixTimestamp64Milli(slot) + ${param.int64(SHIFT)}, ${param.int64(SLOT_MS)})`;
  const names = keys.map((_, index) => ident(`k${index}`));
  const columns = (slotSql: Sql, sums: readonly Sql[]): Sql =>
    join([
      sql`organization`,
      sql`${slotSql} AS s`,
      ...keys.map((key, index) => sql`${key} AS ${names[index] ?? key}`),
      ...sums.map((sum) => sql`toString(${sum})`),
    ]);
  const group = join([sql`organization`, sql`s`, ...names]);
  return {
    raw: sql`SELECT ${columns(slot, raw)} FROM ${ident(stream.name)} GROUP BY ${group} ORDER BY ${group}`,
    rolled: sql`SELECT ${columns(
      rolledSlot,
      rolled.map((name) => sql`sum(${ident(name)})`),
    )} FROM ${ident(rollup.table)} GROUP BY ${group} ORDER BY ${group}`,
    rows: { reader: () => (values) => values },
  };
}

/** A whole number of slots that makes every time of the test positive, where division has only one direction. */
const SHIFT = SLOT_MS * 100_000_000;

describe.each(factsEngines)('rollups in $name', (engine) => {
  const facts = factsOf(engine);

  test.each(rollups)('$rollup.table holds what $stream.name holds', async ({ stream, rollup }) => {
    const roll = dice(7);
    for (let block = 0; block < 4; block += 1) {
      const rows = Array.from({ length: 500 }, () => randomRow(stream, roll));
      await facts().insert(stream.name, linesOf(rows), { token: `${rollup.table} ${block}`, rows: rows.length });
    }
    const { raw, rolled, rows } = compared(stream, rollup);
    const expected = await facts().query(raw, { tag: 'test', rows });
    expect(expected.length).toBeGreaterThan(50);
    expect(await facts().query(rolled, { tag: 'test', rows })).toEqual(expected);
    await facts().command(sql`OPTIMIZE TABLE ${ident(rollup.table)} FINAL`);
    expect(await facts().query(rolled, { tag: 'test', rows })).toEqual(expected);
  });

  test('a slot begins at its quarter of an hour, before 1970 as well', async () => {
    const times = [-1, 0, SLOT_MS - 1, SLOT_MS, -SLOT_MS, -SLOT_MS - 1];
    const rows = times.map((time, n) => ({ organization: 99, time, app: 'slots', key: `k${n}` }));
    await facts().insert('events', linesOf(rows), { token: 'slots', rows: rows.length });
    const query = sql`SELECT toUnixTimestamp64Milli(slot) FROM events_15m WHERE organization = 99 ORDER BY key`;
    expect(await facts().query(query, { tag: 'test', rows: tupleOf(column.integer) })).toEqual([
      [-SLOT_MS],
      [0],
      [0],
      [SLOT_MS],
      [-SLOT_MS],
      [-2 * SLOT_MS],
    ]);
  });
});
