import { readFileSync, writeFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { coreSettings } from '../../src/config/core-settings.ts';
import { dialects } from '../../src/dialects/registry.ts';
import { cliPage, settingsPage } from './reference-pages.ts';

/** With UPDATE=1 the page is written anew instead of compared. */
function expectPage(name: string, content: string): void {
  const file = fileURLToPath(new URL(`../../docs/reference/${name}`, import.meta.url));
  if (process.env['UPDATE'] === '1') writeFileSync(file, content);
  expect(readFileSync(file, 'utf8')).toBe(content);
}

test('docs/reference/cli.md tells every command as the program does', () => {
  const nowhere = { env: {}, stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  expectPage('cli.md', cliPage(createProgram(nowhere)));
});

test('docs/reference/settings.md tells every setting as it is declared', () => {
  const groups = [
    { title: 'The program', settings: coreSettings },
    ...dialects.map(({ title, settings }) => ({ title, settings })),
  ];
  expectPage('settings.md', settingsPage(groups));
});
