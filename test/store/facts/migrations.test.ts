import { describe, expect, test } from 'vitest';
import { FactsError } from '../../../src/store/facts/facts-error.ts';
import type { FactsStore } from '../../../src/store/facts/facts-store.ts';
import { migrate } from '../../../src/store/facts/migrate.ts';
import { migrations, type Migration } from '../../../src/store/facts/migrations/index.ts';
import { openFacts } from '../../../src/store/facts/open-facts.ts';
import { column, tupleOf } from '../../../src/store/facts/rows.ts';
import { ident, param, sql } from '../../../src/store/facts/sql.ts';
import { bridgeOf, factsEngines } from '../../support/facts.ts';
import { ask, countOf, linesOf } from './rows-of-requests.ts';

const NAMES = migrations.map((migration) => migration.name);
const SINGLE = { cluster: null, database: 'tallyhouse' };

/** Everything the migrations made, as the engine describes it. */
async function schema(facts: FactsStore): Promise<unknown[]> {
  const query = sql`SELECT name, create_table_query FROM system.tables WHERE database = currentDatabase() ORDER BY name`;
  return facts.query(query, { tag: 'test', rows: tupleOf(column.text, column.text) });
}

test('migrations are numbered in the order they run', () => {
  const numbers = migrations.map((migration) => migration.number);
  expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
  expect(new Set(NAMES).size).toBe(NAMES.length);
});

describe.each(factsEngines)('migrations in $name', (engine) => {
  test('run once, and again do nothing', async () => {
    const opened = await engine.open();
    const { store } = opened;
    try {
      expect(await store.migrate()).toEqual({ applied: NAMES, known: NAMES });
      const made = await schema(store);
      expect(await store.migrate()).toEqual({ applied: [], known: NAMES });
      expect(await schema(store)).toEqual(made);
    } finally {
      await opened.close();
    }
  });

  test('go on after an interruption at any statement, with the data there is', async () => {
    const opened = await engine.open();
    const { store } = opened;
    try {
      await store.migrate();
      const made = await schema(store);
      const total = migrations.flatMap((migration) => migration.statements(SINGLE)).length;
      for (const table of await tablesOf(store)) await store.command(sql`DROP TABLE ${table}`);

      for (let allowed = 0; allowed <= total + NAMES.length; allowed += 3) {
        let left = allowed + 1;
        const interrupted = {
          query: store.query.bind(store),
          command: async (...args: Parameters<FactsStore['command']>) => {
            left -= 1;
            if (left < 0) throw new Error('the process was killed here');
            await store.command(...args);
          },
        };
        await migrate(interrupted, SINGLE).catch((error: unknown) => expect(String(error)).toContain('killed here'));
      }
      await store.insert('usage', linesOf([{ organization: 1, time: 0, value: 4 }]), { token: 't', rows: 1 });
      await store.migrate();
      expect(await schema(store)).toEqual(made);
      expect(await ask(store, sql`SELECT sum(value) FROM usage_15m`)).toBe(4);
    } finally {
      await opened.close();
    }
  });

  test('refuse a store that a newer version made', async () => {
    const opened = await engine.open();
    const { store } = opened;
    try {
      await store.migrate();
      const next = Math.max(...migrations.map((migration) => migration.number)) + 1;
      const future: Migration = { number: next, name: 'future', statements: () => [] };
      expect(await migrate(store, SINGLE, [...migrations, future])).toEqual({
        applied: ['future'],
        known: [...NAMES, 'future'],
      });
      const refused = store.migrate();
      await expect(refused).rejects.toBeInstanceOf(FactsError);
      await expect(refused).rejects.toThrow(`its migration ${next} is unknown here`);
    } finally {
      await opened.close();
    }
  });
});

describe('two nodes that start at the same time', () => {
  const bridge = bridgeOf();

  test('both find the tables made', async () => {
    const nodes = await Promise.all([1, 2, 3].map(() => openFacts(bridge().url('together'))));
    try {
      await Promise.all(nodes.map((node) => node.migrate()));
      await Promise.all(
        nodes.map((node, n) =>
          node.insert('inventory', linesOf([{ organization: 1, time: n }]), { token: `${n}`, rows: 1 }),
        ),
      );
      for (const node of nodes) expect(await countOf(node, 'inventory')).toBe(3);
    } finally {
      await Promise.all(nodes.map((node) => node.close()));
    }
  });
});

async function tablesOf(facts: FactsStore) {
  const query = sql`SELECT name FROM system.tables WHERE database = ${param.string('tallyhouse')}
    OR database = currentDatabase() ORDER BY engine = 'MaterializedView' DESC`;
  const names = await facts.query(query, { tag: 'test', rows: tupleOf(column.text) });
  return [...new Set(names.map(([name]) => name))].map((name) => ident(name));
}
