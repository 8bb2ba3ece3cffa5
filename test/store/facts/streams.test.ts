import { buffer, text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { column, tupleOf } from '../../../src/store/facts/rows.ts';
import { param, sql } from '../../../src/store/facts/sql.ts';
import { factsEngines, factsOf } from '../../support/facts.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const tag = 'test';
const MILLION = sql`SELECT number AS n, concat('row ', toString(number)) AS word FROM numbers(1000000)`;

describe.each(factsEngines)('streams of $name', (engine) => {
  const facts = factsOf(engine, { concurrentStreams: 2 });

  test('CSV has one header, whatever the size', async () => {
    const csv = await text(await facts().stream(MILLION, 'CSVWithNames', { tag }));
    const lines = csv.split('\n');
    expect(lines.slice(0, 3)).toEqual(['"n","word"', '0,"row 0"', '1,"row 1"']);
    expect(lines.length).toBe(1_000_002);
    expect(lines.filter((line) => line.startsWith('"n"'))).toHaveLength(1);
  });

  test('a CSV row that looks like the header stays', async () => {
    const query = sql`SELECT arrayJoin([${param.string('x')}, 'x']) AS x FROM numbers(200000)`;
    const csv = await text(await facts().stream(query, 'CSVWithNames', { tag }));
    expect(csv.split('\n').length).toBe(400_002);
  });

  test('a CSV of no rows has its header', async () => {
    const query = sql`SELECT number AS n FROM numbers(0)`;
    expect(await text(await facts().stream(query, 'CSVWithNames', { tag }))).toBe('"n"\n');
  });

  test('JSONEachRow is one object a line', async () => {
    const lines = (await text(await facts().stream(MILLION, 'JSONEachRow', { tag }))).split('\n');
    expect(lines.length).toBe(1_000_001);
    expect(lines[999_999]).toBe('{"n":999999,"word":"row 999999"}');
    expect(await text(await facts().stream(sql`SELECT 1 FROM numbers(0)`, 'JSONEachRow', { tag }))).toBe('');
  });

  test('LineAsString is the text itself', async () => {
    const query = sql`SELECT ${param.string('{"a":"b\\"c"}')} AS line FROM numbers(2)`;
    expect(await text(await facts().stream(query, 'LineAsString', { tag }))).toBe('{"a":"b\\"c"}\n{"a":"b\\"c"}\n');
  });

  test.each(['Parquet', 'Native'] as const)('%s is one document that the engine reads again', async (format) => {
    for (const [query, rows] of [
      [MILLION, 1_000_000],
      [sql`SELECT number AS n, 'x' AS word FROM numbers(0)`, 0],
    ] as const) {
      const file = join(temporaryDirectory(), `export.${format}`);
      writeFileSync(file, await buffer(await facts().stream(query, format, { tag })));
      const back = sql`SELECT count(), sum(n), uniqExact(word) FROM file(${param.string(file)}, ${param.string(format)},
        'n UInt64, word String')`;
      const sum = (rows * (rows - 1)) / 2;
      const answer = await facts().query(back, { tag, rows: tupleOf(column.count, column.count, column.count) });
      expect(answer).toEqual([[rows, rows === 0 ? 0 : sum, rows]]);
    }
  });

  test('an error before the first byte rejects', async () => {
    for (const format of ['CSVWithNames', 'Parquet'] as const) {
      const stream = facts().stream(sql`SELECT nothing`, format, { tag });
      await expect(stream).rejects.toMatchObject({ name: 'FactsError', kind: 'rejected', code: 47 });
    }
  });

  test('an error in the middle is an error of the stream, not the end of the data', async () => {
    const query = sql`SELECT number, throwIf(number = 900000) FROM numbers(1000000)`;
    const stream = await facts().stream(query, 'JSONEachRow', { tag });
    let seen = '';
    const reading = (async () => {
      for await (const piece of stream) seen = String(piece);
    })();
    await expect(reading).rejects.toMatchObject({ name: 'FactsError', code: 395 });
    expect(seen).toContain('"number"');
    expect(seen).not.toContain('__exception__');
  });

  test('one that takes too long ends with an error', async () => {
    const stream = await facts().stream(sql`SELECT number FROM numbers(1000000000000)`, 'JSONEachRow', {
      tag,
      timeoutMs: 500,
    });
    const reading = (async () => {
      for await (const _ of stream) continue;
    })();
    await expect(reading).rejects.toMatchObject({ name: 'FactsError', kind: 'timeout' });
  });

  test('a reader that leaves stops the query and frees its place', async () => {
    for (let turn = 0; turn < 5; turn += 1) {
      const stream = await facts().stream(sql`SELECT number FROM numbers(1000000000000)`, 'JSONEachRow', { tag });
      for await (const piece of stream) {
        expect(String(piece)).toContain('{"number":0}');
        break;
      }
    }
    await idle();
  });

  test('a reader that never reads and leaves frees its place', async () => {
    const stream = await facts().stream(sql`SELECT number FROM numbers(1000000000000)`, 'JSONEachRow', { tag });
    stream.destroy();
    await idle();
  });

  test('the caller’s signal ends it', async () => {
    const controller = new AbortController();
    const stream = await facts().stream(sql`SELECT number FROM numbers(1000000000000)`, 'JSONEachRow', {
      tag,
      signal: controller.signal,
    });
    const reading = (async () => {
      for await (const _ of stream) continue;
    })();
    await sleep(100);
    controller.abort();
    await expect(reading).rejects.toMatchObject({ kind: 'aborted' });
    await idle();
  });

  test('slow readers hold up neither queries nor inserts, and other exports wait', async () => {
    const open = () => facts().stream(sql`SELECT number FROM numbers(1000000000000)`, 'JSONEachRow', { tag });
    const slow = [await open(), await open()];
    const third = open();
    expect(facts().stats().streams).toEqual({ running: 2, waiting: 1 });
    expect(await facts().query(sql`SELECT 1`, { tag, rows: tupleOf(column.integer) })).toEqual([[1]]);
    await facts().insert('inventory', '{"organization":1,"time":0}\n', { token: 'beside', rows: 1 });
    for (const stream of slow) stream.destroy();
    (await third).destroy();
    await idle();
  });

  test('memory does not grow with the answer', async () => {
    const query = sql`SELECT number, repeat('x', 500) AS filling FROM numbers(1000000)`;
    const before = process.memoryUsage().rss;
    let most = 0;
    let bytes = 0;
    for await (const piece of await facts().stream(query, 'CSVWithNames', { tag })) {
      bytes += (piece as Buffer).length;
      most = Math.max(most, process.memoryUsage().rss);
    }
    expect(bytes).toBeGreaterThan(500_000_000);
    expect(most - before).toBeLessThan(250_000_000);
  });

  async function idle(): Promise<void> {
    for (let turn = 0; turn < 100; turn += 1) {
      const query = sql`SELECT count() FROM system.processes WHERE query LIKE '%1000000000000%'
        AND query NOT LIKE '%processes%'`;
      const [row] = await facts().query(query, { tag, rows: tupleOf(column.integer) });
      if (row?.[0] === 0 && facts().stats().streams.running === 0) return;
      await sleep(50);
    }
    throw new Error(`something still runs: ${JSON.stringify(facts().stats())}`);
  }
});
