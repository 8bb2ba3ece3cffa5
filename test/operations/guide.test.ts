import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { coreSettings } from '../../src/config/core-settings.ts';
import { dialects } from '../../src/dialects/registry.ts';
import { apply, installation, KEY, serve } from './support/world.ts';

const GUIDE = readFileSync(fileURLToPath(new URL('../../docs/guide/operations.md', import.meta.url)), 'utf8');

/** Metrics and their labels as a row of the guide's table has them. */
function listed(): Map<string, string[]> {
  const rows = GUIDE.matchAll(/^\| `(tallyhouse_\w+)` \|([^|]*)\|/gm);
  return new Map([...rows].map(([, name = '', labels = '']) => [name, (labels.match(/\w+/g) ?? []).toSorted()]));
}

describe('docs/guide/operations.md', () => {
  test('lists every metric of a server with its labels, and no other', async () => {
    const place = installation();
    await apply(place);
    const server = await serve(place);
    const row = [{ time: '2026-03-01T10:00:00Z', service: 'cdn' }];
    await fetch(`${server.url}/api/v1/facts/requests`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(row),
    });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const text = await (await fetch(`${server.url}/metrics`)).text();
    await server.stop();

    const served = [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name = '']) => name);
    expect(served.filter((name) => !/^(tallyhouse|process|nodejs)_/.test(name))).toEqual([]);
    const ours = served.filter((name) => name.startsWith('tallyhouse_'));
    expect(ours.toSorted()).toEqual([...listed().keys()].toSorted());
    // Labels can be told where the metric has a value by now.
    for (const [name, labels] of listed()) {
      const line = new RegExp(`^${name}(?:_bucket|_count|_sum)?\\{(.*)\\} `, 'm').exec(text)?.[1];
      if (line === undefined) continue;
      const found = [...line.matchAll(/(\w+)="/g)].map(([, label = '']) => label).filter((label) => label !== 'le');
      expect({ name, labels: found.toSorted() }).toEqual({ name, labels });
    }
    expect(text).toMatch(/^tallyhouse_outbox_oldest_seconds \d/m);
  }, 60_000);

  test('names no setting that there is not', () => {
    const known = new Set([
      'TALLYHOUSE_CONFIG',
      ...[coreSettings, ...dialects.map((dialect) => dialect.settings)].flatMap((group) =>
        Object.values(group).map(({ variable }) => variable as string),
      ),
    ]);
    const named = new Set(GUIDE.match(/TALLYHOUSE_[A-Z_]*[A-Z]/g) ?? []);
    expect([...named].filter((name) => !known.has(name))).toEqual([]);
  });

  test('points to files that are there', () => {
    for (const [, target = ''] of GUIDE.matchAll(/\]\((?!#)([^)#]+)\)/g)) {
      const file = fileURLToPath(new URL(target, new URL('../../docs/guide/', import.meta.url)));
      expect(() => readFileSync(file)).not.toThrow();
    }
    const headings = new Set(
      [...GUIDE.matchAll(/^##+ (.+)$/gm)].map(([, title = '']) => title.toLowerCase().replaceAll(' ', '-')),
    );
    for (const [, anchor = ''] of GUIDE.matchAll(/\]\(#([^)]+)\)/g)) expect(headings).toContain(anchor);
  });
});
