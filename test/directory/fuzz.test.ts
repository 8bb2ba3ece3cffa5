import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { readDirectoryFile } from '../../src/directory/file/read.ts';
import { directoryVersion } from '../../src/store/records/directory-version.ts';
import { engines, migrated } from '../store/records/engines.ts';
import { worldOn } from './support/world.ts';

const EXAMPLE = readFileSync('examples/directory.yaml', 'utf8');

test('no text makes reading throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json(), mutatedText()), (text) => {
      const result = readDirectoryFile(text);
      if (!result.ok) expect(result.problem.length).toBeGreaterThan(0);
    }),
    { numRuns: 2000, seed: 20_261_121 },
  );
});

/** The example with a part cut out or doubled, as a slip of the hand would leave it. */
function mutatedText(): fc.Arbitrary<string> {
  const place = fc.integer({ min: 0, max: EXAMPLE.length });
  return fc.tuple(place, place, place).map(([from, to, into]) => {
    const part = EXAMPLE.slice(Math.min(from, to), Math.min(Math.max(from, to), from + 40));
    return EXAMPLE.slice(0, into) + part + EXAMPLE.slice(into);
  });
}

const ANYTHING = fc.oneof(
  fc.constantFrom(
    null,
    true,
    0,
    -1,
    1.5,
    1e308,
    2 ** 53,
    '',
    ' ',
    'x',
    '__proto__',
    'a\u0000b',
    '\ud800',
    '🔑',
    '%',
    "'; --",
  ),
  fc.string(),
  fc.array(fc.integer(), { maxLength: 2 }),
  fc.dictionary(fc.string(), fc.integer(), { maxKeys: 2 }),
);

test.each(engines)(
  'no file makes applying throw, and one with a mistake changes nothing, on $name',
  { timeout: 120_000 },
  async ({ newStore }) => {
    const world = worldOn(await migrated(newStore));
    await world.apply(EXAMPLE);
    const paths = leaves(parse(EXAMPLE), []);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...paths), ANYTHING), { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        async (changes, prune) => {
          const file = parse(EXAMPLE) as unknown;
          for (const [path, value] of changes) setAt(file, path, value);
          const before = await directoryVersion(world.records.db);
          const mistakes = await world.mistakes(JSON.stringify(file), { prune });
          if (mistakes.length > 0) expect(await directoryVersion(world.records.db)).toBe(before);
        },
      ),
      { numRuns: 150, seed: 20_261_121 },
    );
  },
);

type Path = readonly (string | number)[];

/** Paths of everything in a value: lists, entries and their fields. */
function leaves(value: unknown, at: Path): Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  const inner = Array.isArray(value)
    ? value.flatMap((item, index) => leaves(item, [...at, index]))
    : Object.entries(value).flatMap(([key, item]) => leaves(item, [...at, key]));
  return at.length === 0 ? inner : [at, ...inner];
}

function setAt(value: unknown, path: Path, replacement: unknown): void {
  let target = value as Record<string | number, unknown> | undefined;
  for (const step of path.slice(0, -1)) target = target?.[step] as typeof target;
  const last = path.at(-1);
  if (typeof target === 'object' && target !== null && last !== undefined) target[last] = replacement;
}
