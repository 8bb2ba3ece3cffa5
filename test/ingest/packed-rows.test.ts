import { expect, test } from 'vitest';
import { organizationId } from '../../src/domain/scope.ts';
import { epochMs } from '../../src/domain/time/instant.ts';
import type { Entry } from '../../src/ingest/batch.ts';
import { fact } from '../../src/ingest/fact.ts';
import { isPlain, PackedRows } from '../../src/ingest/packed-rows.ts';
import { entry } from './support/ingest-parts.ts';

function row(n: number, user: string): Entry {
  const organization = organizationId(1 + (Math.floor(n / 3) % 2));
  return { organization, stream: 'requests', facts: [fact('requests', organization, epochMs(n), { user })] };
}

function packedOf(entries: readonly Entry[]): PackedRows {
  const packed = new PackedRows('requests');
  for (const each of entries) packed.add(each);
  return packed;
}

test('rows come out of it as they went in, whatever their texts and lengths', () => {
  const texts = ['plain', 'Zürich €', '\u{1f600}', 'a\nb "c" \\', '字'.repeat(400_000), 'x'.repeat(1_100_000), ''];
  const entries = Array.from({ length: 50 }, (_, n) => row(n, texts[n % texts.length] ?? ''));
  const packed = packedOf(entries);
  expect(packed.rows).toBe(50);
  expect(packed.runs.reduce((sum, { rows }) => sum + rows, 0)).toBe(50);
  expect(packed.entries()).toEqual(entries);
  const [insert] = packed.inserts();
  const lines = entries.flatMap(({ facts }) => facts.map(({ line }) => `${line}\n`));
  expect(Buffer.concat(insert?.pieces ?? []).toString()).toBe(lines.join(''));
});

test('an insert is 100,000 rows, and cut between two lines', () => {
  const entries = Array.from({ length: 200_001 }, (_, n) => row(n, `u${n}`));
  const inserts = packedOf(entries).inserts();
  expect(inserts.map(({ rows }) => rows)).toEqual([100_000, 100_000, 1]);
  for (const [number, { rows, pieces }] of inserts.entries()) {
    const lines = pieces.flatMap((piece) => piece.toString().trimEnd().split('\n'));
    expect(lines).toHaveLength(rows);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ time: number * 100_000, user: `u${number * 100_000}` });
  }
});

test('rows may be added after they were looked at', () => {
  const packed = packedOf([row(0, 'a')]);
  expect(packed.entries()).toHaveLength(1);
  packed.add(row(1, 'b'));
  expect(packed.entries()).toEqual([row(0, 'a'), row(1, 'b')]);
});

test('of nothing there is nothing to insert', () => {
  expect(new PackedRows('requests').inserts()).toEqual([]);
  expect(new PackedRows('requests').entries()).toEqual([]);
});

test('only what is one row and nothing decides about is plain', () => {
  const plain = entry(1);
  expect(isPlain(plain)).toBe(true);
  expect(isPlain({ ...plain, claim: 'row 1' })).toBe(false);
  expect(isPlain({ ...plain, steps: [] })).toBe(false);
  expect(isPlain({ ...plain, facts: [...plain.facts, ...plain.facts] })).toBe(false);
  expect(isPlain({ ...plain, facts: [] })).toBe(false);
  expect(isPlain({ ...plain, stream: 'requests' })).toBe(false);
  expect(isPlain({ ...plain, stream: null })).toBe(false);
});
