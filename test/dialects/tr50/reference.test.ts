import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commands } from '../../../src/dialects/tr50/commands.ts';
import { CODES } from '../../../src/dialects/tr50/problems.ts';
import { settings } from '../../../src/dialects/tr50/settings.ts';
import { startServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
let document: { readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>> };

beforeAll(async () => {
  server = await startServer();
  document = (await (await fetch(`${server.url}/openapi/tr50.json`)).json()) as typeof document;
});
afterAll(() => server.stop());

const README = readFileSync(new URL('../../../src/dialects/tr50/README.md', import.meta.url), 'utf8');

test('the description has one route with one method', () => {
  expect(Object.entries(document.paths).map(([path, methods]) => [path, Object.keys(methods)])).toEqual([
    ['/api', ['post']],
  ]);
});

test('the description has an example of each command and its reply', () => {
  const { '/api': { post: route } = {} } = document.paths;
  const { requestBody, responses } = route as {
    requestBody: { content: { 'application/json': { examples: object } } };
    responses: Record<string, { content: { 'application/json': { examples: object } } }>;
  };
  const requests = Object.keys(requestBody.content['application/json'].examples);
  const replies = Object.keys(responses['200']?.content['application/json'].examples ?? {});
  for (const name of ['api.authenticate', ...commands.keys()]) {
    expect(requests).toContain(name);
    expect(replies).toContain(name);
  }
});

test('the description names every error code', () => {
  const text = JSON.stringify(document);
  for (const { code } of Object.values(CODES)) expect(text).toContain(`| ${code} |`);
});

test('the README names every command and setting', () => {
  for (const name of commands.keys()) expect(README).toContain(`| \`${name}\` |`);
  for (const { variable } of Object.values(settings)) expect(README).toContain(`| \`${variable}\` |`);
});
