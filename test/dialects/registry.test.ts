import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { dialects } from '../../src/dialects/registry.ts';

const FOLDER = new URL('../../src/dialects/', import.meta.url);

it('the registry lists exactly the folders of src/dialects', () => {
  const folders = readdirSync(FOLDER, { withFileTypes: true }).filter((each) => each.isDirectory());
  expect(dialects.map(({ name }) => name).toSorted()).toEqual(folders.map(({ name }) => name).toSorted());
});

it('a dialect folder has a front door, a README and a table of problems', () => {
  for (const { name } of dialects) {
    const files = readdirSync(new URL(`${name}/`, FOLDER));
    expect(files).toEqual(expect.arrayContaining(['index.ts', 'README.md', 'problems.ts']));
  }
});
