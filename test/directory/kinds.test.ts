import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { REQUIRED } from '../../src/directory/kinds/field.ts';
import { KINDS } from '../../src/directory/kinds/registry.ts';
import { RESOURCES } from '../../src/directory/resources/resource.ts';
import { engines, migrated, untyped } from '../store/records/engines.ts';

describe.each(engines)('declarations and tables on $name', ({ newStore }) => {
  test('every column that a kind names is one of its table', async () => {
    const db = untyped(await migrated(newStore));
    const tables = new Map(
      (await db.introspection.getTables()).map((table) => [table.name, table.columns.map(({ name }) => name)]),
    );
    for (const kind of KINDS) {
      const columns = Object.values(kind.fields).flatMap((field) => [
        field.column,
        ...(field.is === 'value' && field.companion !== null ? [field.companion.column] : []),
        ...(field.is === 'secret' ? [field.digest, field.sealed, field.prefix].filter((one) => one !== null) : []),
      ]);
      const named = [
        ...columns,
        kind.key,
        ...kind.primaryKey,
        ...Object.keys(kind.ancestors),
        ...Object.keys(kind.fixed),
        ...kind.unique.flatMap((one) => one.columns),
        ...(kind.position === null ? [] : [kind.position.column, ...kind.position.per]),
      ];
      expect(tables.get(kind.table), kind.name).toEqual(expect.arrayContaining([...new Set(named)]));
    }
  });
});

describe('docs/reference/directory-file.md', () => {
  const sections = new Map(
    readFileSync('docs/reference/directory-file.md', 'utf8')
      .split('\n### ')
      .slice(1)
      .map((section): [string, string] => [section.split('\n')[0] ?? '', section]),
  );

  test('has a section for each list, in their order', () => {
    expect([...sections.keys()]).toEqual(RESOURCES.map(({ name }) => name));
  });

  test.each(RESOURCES.map(({ name, kind }) => [name, kind] as const))(
    '%s: the keys, which are required, which identify',
    (name, kind) => {
      const rows = [...(sections.get(name) ?? '').matchAll(/^\| `(\w+)` \|.*\| (.*) ?\|$/gm)];
      const written = new Map(rows.map(([, key = '', rule = '']) => [key, rule]));
      if (kind.form === 'texts') return expect([...written.keys()]).toEqual([]);
      const fields = Object.entries(kind.fields).filter(([, field]) => field.schema !== null);
      expect([...written.keys()].toSorted()).toEqual(fields.map(([key]) => key).toSorted());
      for (const [key, field] of fields) {
        expect([key, written.get(key)?.startsWith('required')]).toEqual([key, field.initial === REQUIRED]);
      }
    },
  );
});
