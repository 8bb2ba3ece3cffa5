import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { settings } from '../../../src/dialects/scanalytics/settings.ts';
import { readDirectoryFile } from '../../../src/directory/file/read.ts';
import { startServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
let document: {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly requestBody?: { content: object } }>>>>;
};
beforeAll(async () => {
  server = await startServer();
  document = (await (await fetch(`${server.url}/openapi/scanalytics.json`)).json()) as typeof document;
});
afterAll(() => server.stop());

const README = readFileSync(new URL('../../../src/dialects/scanalytics/README.md', import.meta.url), 'utf8');

test('the description has the current version of every endpoint once', () => {
  const listed = Object.entries(document.paths).map(
    ([path, methods]) => `${path} ${Object.keys(methods).toSorted().join()}`,
  );
  expect(listed.toSorted()).toEqual([
    '/o/revoke_token/ post',
    '/o/token/ post',
    '/v2/aggregate/{arrayKey}/visits/{bucket} get',
    '/v2/array/list get',
    '/v2/array/{key} get,patch,put',
    '/v2/deployment/list get',
    '/v2/deployment/{key} get,patch,put',
    '/v2/device/list get',
    '/v2/device/{key} get,patch,put',
    '/v2/whoami get',
  ]);
});

test('the token endpoint is described as a form', () => {
  const body = document.paths['/o/token/']?.['post']?.requestBody;
  expect(Object.keys(body?.content ?? {})).toEqual(['application/x-www-form-urlencoded']);
});

test('the README names every setting and its default', () => {
  for (const setting of Object.values(settings)) {
    expect(README).toContain(`| \`${setting.variable}\` | \`${setting.default ?? ''}\` |`);
  }
});

test('the directory file of the guide can be applied', () => {
  const guide = readFileSync(new URL('../../../docs/guide/move-from-scanalytics.md', import.meta.url), 'utf8');
  const yaml = /```yaml\n([\s\S]*?)```/.exec(guide)?.[1] ?? '';
  expect(readDirectoryFile(yaml)).toMatchObject({ ok: true, value: expect.anything() });
  expect(yaml).toContain('oauth_clients');
});
