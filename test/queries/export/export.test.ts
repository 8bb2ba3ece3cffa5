import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { OrganizationId } from '../../../src/domain/scope.ts';
import { streamNames, streams } from '../../../src/domain/streams/index.ts';
import type { ExportQuestion } from '../../../src/queries/export/export-question.ts';
import { createExports, type Exports } from '../../../src/queries/export/export.ts';
import { column, tupleOf } from '../../../src/store/facts/rows.ts';
import { param, sql } from '../../../src/store/facts/sql.ts';
import { NOW, worldOf, range } from '../world.ts';
import { factsEngines } from '../../support/facts.ts';

describe.each(factsEngines)('$name', (engine) => {
  const world = worldOf(engine);
  let exports: Exports;
  let north: OrganizationId;
  let south: OrganizationId;
  let organizations: ExportQuestion['organizations'];
  let barriers = 0;
  beforeAll(async () => {
    north = world.newOrganization();
    south = world.newOrganization();
    organizations = new Map([
      [north, 'blt0000000000000001'],
      [south, 'blt"2"'],
    ]);
    const barrier = (): Promise<typeof NOW> => {
      barriers++;
      return Promise.resolve(NOW);
    };
    exports = createExports({ facts: world.facts, barrier });
  });

  const DAY = range('2025-06-02T00:00:00Z', '2025-06-03T00:00:00Z');

  async function exported(
    question: Omit<ExportQuestion, 'organizations' | 'range'> & Partial<ExportQuestion>,
  ): Promise<Buffer> {
    const opened = await exports.open({ organizations, range: DAY, ...question }, { tag: 'test' });
    if (!opened.ok) throw new Error(JSON.stringify(opened.problem));
    return Buffer.concat(await opened.value.toArray());
  }

  describe('export', () => {
    test('rows in order of time, under their wire names; absent values left out of NDJSON and empty in CSV', async () => {
      await world.insert('requests', north, [
        {
          time: '2025-06-02T08:00:00.120Z',
          id: '17',
          service: 'search',
          url: '/a?b="c",\n\\d\t😀',
          method: 'GET',
          status: 200,
          bytes: Number.MAX_SAFE_INTEGER,
          application: 41,
          duration_ms: 0,
          count: 2,
        },
        { time: '2025-06-02T07:00:00Z', service: 'images' },
        { time: '2025-06-03T00:00:00Z', service: 'late' },
      ]);
      await world.insert('requests', south, [{ time: '2025-06-02T07:30:00Z', service: 'south' }]);
      const scope = { organizations: [north] };
      expect((await exported({ stream: 'requests', scope, format: 'ndjson' })).toString()).toBe(
        `{"time":"2025-06-02T07:00:00.000Z","organization":"blt0000000000000001","service":"images","bytes":0,"count":1}\n` +
          `{"time":"2025-06-02T08:00:00.120Z","organization":"blt0000000000000001","id":"17","service":"search",` +
          `"url":"/a?b=\\"c\\",\\n\\\\d\\t😀","method":"GET","status":200,"bytes":9007199254740991,"application":41,` +
          `"duration_ms":0,"count":2}\n`,
      );
      expect((await exported({ stream: 'requests', scope, format: 'csv' })).toString()).toBe(
        `"time","organization","id","service","url","method","status","bytes","cache","sdk","device","stack","project",` +
          `"environment","application","thing","user","duration_ms","ip","country","count"\n` +
          `"2025-06-02T07:00:00.000Z","blt0000000000000001","","images","","","",0,"","","","","","","","","","","","",1\n` +
          `"2025-06-02T08:00:00.120Z","blt0000000000000001","17","search","/a?b=""c"",\n\\d\t😀","GET","200",` +
          `9007199254740991,"","","","","","","41","","","0","","",2\n`,
      );
      const both = await exported({ stream: 'requests', scope: { organizations: [south, north] }, format: 'ndjson' });
      expect(both.toString().match(/"organization":"[^,]*",/g)).toEqual([
        '"organization":"blt0000000000000001",',
        '"organization":"blt\\"2\\"",',
        '"organization":"blt0000000000000001",',
      ]);
      expect(barriers).toBe(3);
    });

    test('json fields come out as they went in', async () => {
      const events = world.newOrganization();
      const segmentation = '{"b": 1.50, "a":12345678901234567890,"c":"\\u00e9é\\/","b":null}';
      await world.insert('events', events, [
        { time: '2025-06-02T08:00:00Z', app: 'a', device: 'd', key: 'k', sum: 0.1, duration: -1e-7, segmentation },
        { time: '2025-06-02T08:00:01Z', app: 'a', device: 'd', key: 'k', sum: 1e300 },
      ]);
      const question = {
        stream: 'events',
        scope: { organizations: [events] },
        organizations: new Map([[events, 'o']]),
      } as const;
      expect((await exported({ ...question, format: 'ndjson' })).toString()).toBe(
        `{"time":"2025-06-02T08:00:00.000Z","organization":"o","app":"a","device":"d","key":"k","count":1,"sum":0.1,` +
          `"duration":-1e-7,"segmentation":${segmentation}}\n` +
          `{"time":"2025-06-02T08:00:01.000Z","organization":"o","app":"a","device":"d","key":"k","count":1,"sum":1e300,"duration":0}\n`,
      );
      expect((await exported({ ...question, format: 'csv' })).toString().split('\n')[1]).toBe(
        `"2025-06-02T08:00:00.000Z","o","","a","d","k",1,0.1,-1e-7,"${segmentation.replaceAll('"', '""')}"`,
      );
    });

    test('what the server derives is left out: a row of a device names no array, and none its deployment', async () => {
      const floor = world.newOrganization();
      await world.insert('visits', floor, [
        { time: '2025-06-02T08:00:00Z', device: 'D1', array: 'A1', deployment: 'X', dwell_ms: 5 },
        { time: '2025-06-02T08:00:01Z', array: 'A1', deployment: 'X', direction: 'in' },
      ]);
      const names = new Map([[floor, 'o']]);
      const scope = { organizations: [floor] };
      expect((await exported({ stream: 'visits', scope, organizations: names, format: 'ndjson' })).toString()).toBe(
        `{"time":"2025-06-02T08:00:00.000Z","organization":"o","device":"D1","count":1,"dwell_ms":5}\n` +
          `{"time":"2025-06-02T08:00:01.000Z","organization":"o","array":"A1","count":1,"direction":"in"}\n`,
      );
      const only = { organizations: [floor], only: { device: ['D1'] } };
      const csv = (await exported({ stream: 'visits', scope: only, organizations: names, format: 'csv' })).toString();
      expect(csv).toBe(
        `"time","organization","id","device","array","count","dwell_ms","direction"\n` +
          `"2025-06-02T08:00:00.000Z","o","","D1","",1,"5",""\n`,
      );
    });

    test('Parquet with types and nulls', async () => {
      const typed = world.newOrganization();
      await world.insert('requests', typed, [{ time: '2025-06-02T08:00:00.001Z', service: 'a', bytes: 7, id: 'x' }]);
      const names = new Map([[typed, 'o']]);
      const file = await exported({
        stream: 'requests',
        scope: { organizations: [typed] },
        organizations: names,
        format: 'parquet',
      });
      expect([file.subarray(0, 4).toString(), file.subarray(-4).toString()]).toEqual(['PAR1', 'PAR1']);
      expect(await parquetRows(file)).toEqual([['2025-06-02 08:00:00.001', 'o', 'x', 'a', null, null, null, '7', '1']]);
    });

    test('every stream in every format, also when there is nothing', async () => {
      const nobody = { organizations: [world.newOrganization()] };
      for (const stream of streamNames) {
        const header = (await exported({ stream, scope: nobody, format: 'csv' })).toString();
        const names = streams[stream].fields.filter(({ derived }) => derived === undefined).map(({ name }) => name);
        expect(header).toBe(
          `${['time', 'organization', 'id', ...names.slice(1)].map((name) => `"${name}"`).join(',')}\n`,
        );
        expect((await exported({ stream, scope: nobody, format: 'ndjson' })).toString()).toBe('');
        expect((await exported({ stream, scope: nobody, format: 'parquet' })).subarray(0, 4).toString()).toBe('PAR1');
      }
    });

    test('many rows come in slices that are sorted one by one, and look like one piece', async () => {
      const many = world.newOrganization();
      const start = Date.parse('2025-06-02T00:00:00Z');
      // Slots of 1, 2, 3, … rows, put in backwards.
      const times = Array.from({ length: 20 }, (_, slot) =>
        Array.from({ length: slot + 1 }, (_each, index) => start + slot * 900_000 + index * 1_000),
      ).flat();
      await world.insert(
        'usage',
        many,
        times.toReversed().map((time) => ({ time, product: `p${time % 7}`, application: 1, metric: 'hits' })),
      );
      const sliced = createExports({ facts: world.facts, barrier: () => Promise.resolve(NOW), sliceRows: 10 });
      const read = async (format: 'csv' | 'ndjson' | 'parquet'): Promise<Buffer> => {
        const question = { stream: 'usage', scope: { organizations: [many] }, range: DAY, format } as const;
        const opened = await sliced.open({ ...question, organizations: new Map([[many, 'o']]) }, { tag: 'test' });
        if (!opened.ok) throw new Error(JSON.stringify(opened.problem));
        return Buffer.concat(await opened.value.toArray());
      };
      const expected = times.map((time) => new Date(time).toISOString());
      const lines = (await read('ndjson')).toString().trimEnd().split('\n');
      expect(lines.map((line) => line.slice(9, 33))).toEqual(expected);
      const [header, ...rows] = (await read('csv')).toString().trimEnd().split('\n');
      expect(header).toBe('"time","organization","id","product","application","metric","value","code"');
      expect(rows.map((row) => row.slice(1, 25))).toEqual(expected);
      expect((await read('parquet')).subarray(0, 4).toString()).toBe('PAR1');
    });

    test('a reader that leaves gives back what it held, whether it read or not', async () => {
      const many = world.newOrganization();
      const rows = Array.from({ length: 3_000 }, (_, index) => ({
        time: DAY.from + index * 10_000,
        service: 'x'.repeat(64),
      }));
      await world.insert('requests', many, rows);
      const sliced = createExports({ facts: world.facts, barrier: () => Promise.resolve(NOW), sliceRows: 1_000 });
      for (const pieces of [0, 1, 0, 1, 0]) {
        const question = { stream: 'requests', scope: { organizations: [many] }, range: DAY, format: 'csv' } as const;
        const opened = await sliced.open({ ...question, organizations: new Map([[many, 'o']]) }, { tag: 'test' });
        if (!opened.ok) throw new Error(JSON.stringify(opened.problem));
        if (pieces > 0) for await (const _ of opened.value) break;
        opened.value.destroy();
      }
      await vi.waitFor(() => expect(world.facts.stats().streams).toEqual({ running: 0, waiting: 0 }), 5_000);
    });

    test('a scope the stream cannot be narrowed by is refused', async () => {
      const scope = { organizations: [north], only: { app: ['a'] } };
      const opened = await exports.open(
        { stream: 'visits', scope, format: 'csv', organizations, range: DAY },
        { tag: 'test' },
      );
      expect(opened).toMatchObject({ ok: false, problem: { kind: 'invalid_field', field: 'scope.only.app' } });
    });
  });

  /** Read by the engine itself, as a file beside its data. */
  async function parquetRows(file: Buffer): Promise<unknown[]> {
    const directory = mkdtempSync(join(tmpdir(), 'tallyhouse-parquet-'));
    const path = join(directory, 'rows.parquet');
    writeFileSync(path, file);
    const text = column.nullable(column.text);
    try {
      return await world.facts.query(
        sql`SELECT toString(time), organization, id, service, url, toString(status), toString(duration_ms), toString(bytes), toString(count)
          FROM file(${param.string(path)}, 'Parquet')`,
        { tag: 'test', rows: tupleOf(text, text, text, text, text, text, text, text, text) },
      );
    } finally {
      rmSync(directory, { recursive: true });
    }
  }
});
