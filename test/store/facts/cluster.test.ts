import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { streams } from '../../../src/domain/streams/index.ts';
import { migrate } from '../../../src/store/facts/migrate.ts';
import { migrations } from '../../../src/store/facts/migrations/index.ts';
import { renderLiterals } from '../../../src/store/facts/render.ts';
import { insertSettings } from '../../../src/store/facts/settings.ts';
import { ident, param, sql, type Sql } from '../../../src/store/facts/sql.ts';
import { factsEngines, factsOf } from '../../support/facts.ts';
import { openOneShard } from './one-shard.ts';
import { ask, countOf, linesOf } from './rows-of-requests.ts';

const CLUSTER = { cluster: 'north', database: 'facts' };

/** Every statement a migration of an empty cluster sends, in order. */
async function statements(topology: { cluster: string | null; database: string }): Promise<string[]> {
  const sent: string[] = [];
  const recorder = {
    query: async () => [],
    command: async (statement: Sql) => {
      sent.push(renderLiterals(statement).replace(/\s+/g, ' '));
    },
  };
  await migrate(recorder, topology);
  return sent;
}

describe('a cluster of one shard', () => {
  test('takes inserts once, and answers under the logical names', async () => {
    const shard = await openOneShard();
    const { store } = shard;
    try {
      await store.migrate();
      expect(await store.migrate()).toMatchObject({ applied: [] });
      const rows = Array.from({ length: 1_000 }, (_, n) => ({
        organization: 1 + (n % 2),
        time: n * 100_000,
        array: 'A',
        device: `D${n % 5}`,
        count: 2,
      }));
      for (const token of ['a', 'b', 'a', 'b']) {
        await store.insert('visits', linesOf(rows), { token, rows: rows.length });
      }
      for (const table of ['visits', 'visits_local']) expect(await countOf(store, table)).toBe(2_000);
      for (const table of ['visits_15m', 'visits_15m_local']) {
        expect(await ask(store, sql`SELECT sum(count) FROM ${ident(table)}`)).toBe(4_000);
      }
      const devices = sql`SELECT uniqExact(device) FROM visits WHERE organization = 1`;
      expect(await ask(store, devices)).toBe(5);
      const bad = store.insert('visits', '{"organization":1,"time":"never"}\n', { token: 'bad', rows: 1 });
      await expect(bad).rejects.toMatchObject({ kind: 'rejected' });
      const csv = await text(await store.stream(sql`SELECT count() AS n FROM visits`, 'CSVWithNames', { tag: 'test' }));
      expect(csv).toBe('"n"\n2000\n');
    } finally {
      await shard.close();
    }
  });
});

describe('on a cluster', () => {
  const facts = factsOf(factsEngines[0]);

  test('every statement is one the engine can read', async () => {
    const sent = await statements(CLUSTER);
    expect(sent.length).toBeGreaterThan(20);
    for (const text of sent) {
      // EXPLAIN AST parses and does nothing more.
      const parsed = sql`SELECT length(formatQuery(${param.string(text)}))`;
      expect([text, Number(await ask(facts(), parsed)) > 0]).toEqual([text, true]);
    }
    const broken = sql`SELECT length(formatQuery('CREATE TABLE x ENGINE ='))`;
    await expect(ask(facts(), broken)).rejects.toMatchObject({ code: 62 });
  });

  test('each logical table is spread over the shards, replicated, and written everywhere', async () => {
    const sent = await statements(CLUSTER);
    const tables = Object.values(streams).flatMap((stream) => [
      stream.name,
      ...stream.rollups.map((rollup) => rollup.table),
      ...(stream.derivedTables ?? []),
    ]);
    for (const table of tables) {
      const local = sent.find((text) => text.startsWith(`CREATE TABLE IF NOT EXISTS \`${table}_local\` ON CLUSTER`));
      expect(local).toContain(`MergeTree('/clickhouse/tables/{shard}/{database}/${table}_local', '{replica}'`);
      expect(local).toMatch(/ENGINE = Replicated(Summing|Aggregating)?MergeTree/);
      const logical = sent.find((text) => text.startsWith(`CREATE TABLE IF NOT EXISTS \`${table}\` ON CLUSTER`));
      expect(logical).toContain(
        `ENGINE = Distributed(\`north\`, \`facts\`, \`${table}_local\`, cityHash64(organization,`,
      );
    }
    const views = sent.filter((text) => text.startsWith('CREATE MATERIALIZED VIEW'));
    expect(views).toHaveLength(tables.length - Object.keys(streams).length);
    for (const view of views)
      expect(view).toMatch(/ ON CLUSTER `north` TO `\w+_local` AS .* FROM `\w+_local` (GROUP BY|ARRAY JOIN|WHERE) /);
  });

  test('the columns are those of a single node', async () => {
    const columns = (sent: readonly string[], suffix: string): Map<string, string> =>
      new Map(
        sent.flatMap((text) => {
          const found =
            /^CREATE TABLE IF NOT EXISTS `(\w+?)`(?: ON CLUSTER `north`)? \((.*)\) ENGINE = \S*MergeTree/.exec(text);
          return found?.[1] === undefined ? [] : [[found[1].replace(suffix, ''), found[2] ?? ''] as const];
        }),
      );
    const single = columns(await statements({ cluster: null, database: 'facts' }), '');
    expect(columns(await statements(CLUSTER), '_local')).toEqual(single);
    expect(single.size).toBe(18);
  });

  test('inserts are acknowledged by the shards, and remembered for a week', async () => {
    expect(insertSettings('t', 'north')).toMatchObject({
      distributed_foreground_insert: 1,
      insert_deduplication_token: 't',
    });
    const local = (await statements(CLUSTER)).filter((text) => /Replicated(Summing|Aggregating)?MergeTree/.test(text));
    for (const text of local) expect(text).toContain('replicated_deduplication_window_seconds = 604800');
  });

  test('nothing of a cluster is left on a single node', async () => {
    for (const text of await statements({ cluster: null, database: 'facts' })) {
      expect(text).not.toMatch(/ON CLUSTER|Replicated|Distributed|_local/);
    }
    expect(migrations.every((migration) => migration.statements(CLUSTER).length > 0)).toBe(true);
  });
});
