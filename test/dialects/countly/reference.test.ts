import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { settings } from '../../../src/dialects/countly/settings.ts';
import { readDirectoryFile } from '../../../src/directory/file/read.ts';
import { startServer, type TestServer } from '../../support/server.ts';

interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly { readonly name: string; readonly description?: string }[];
  readonly responses: Readonly<Record<string, { content: Record<string, { examples: Record<string, unknown> }> }>>;
}

let server: TestServer;
let paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
beforeAll(async () => {
  server = await startServer();
  const document = (await (await fetch(`${server.url}/openapi/countly.json`)).json()) as { paths: typeof paths };
  paths = document.paths;
});
afterAll(() => server.stop());

const README = readFileSync(new URL('../../../src/dialects/countly/README.md', import.meta.url), 'utf8');

test('the description has every endpoint, and GET and POST of each', () => {
  expect(Object.keys(paths).toSorted()).toEqual([
    '/api-key',
    '/i',
    '/i/apps/create',
    '/i/apps/delete',
    '/i/apps/reset',
    '/i/apps/update',
    '/i/bulk',
    '/i/users/create',
    '/i/users/delete',
    '/i/users/update',
    '/o',
    '/o/analytics/countries',
    '/o/analytics/dashboard',
    '/o/analytics/durations',
    '/o/analytics/events',
    '/o/analytics/frequency',
    '/o/analytics/loyalty',
    '/o/analytics/metric',
    '/o/analytics/sessions',
    '/o/analytics/tops',
    '/o/apps/all',
    '/o/apps/mine',
    '/o/ping',
    '/o/sdk',
    '/o/sdk/content',
    '/o/users/all',
    '/o/users/me',
  ]);
  for (const operations of Object.values(paths)) expect(Object.keys(operations).toSorted()).toEqual(['get', 'post']);
});

test('every endpoint has a summary, described parameters and an example of its answer', () => {
  for (const [path, operations] of Object.entries(paths)) {
    for (const { summary, tags, parameters = [], responses } of Object.values(operations)) {
      expect([path, summary]).toEqual([path, expect.stringMatching(/.{8}/)]);
      expect(tags).toHaveLength(1);
      for (const parameter of parameters)
        expect([path, parameter.name, parameter.description]).not.toContain(undefined);
      expect(Object.keys(responses['200']?.content['application/json']?.examples ?? {})).not.toEqual([]);
    }
  }
});

test('every method of /o is described with an example', () => {
  const examples = paths['/o']?.['get']?.responses['200']?.content['application/json']?.examples ?? {};
  expect(Object.keys(examples).toSorted()).toEqual([
    'app_versions',
    'carriers',
    'cities',
    'device_details',
    'devices',
    'events',
    'get_events',
    'live',
    'live_graph',
    'locations',
    'retention',
    'sessions',
    'total_users',
    'users',
  ]);
});

test('the README names every setting and its default', () => {
  for (const setting of Object.values(settings)) {
    const value = setting.default === undefined || setting.default === '' ? '' : `\`${setting.default}\``;
    expect(README).toContain(`| \`${setting.variable}\` | ${value}${value === '' ? '' : ' '}|`);
  }
});

test('the directory file of the guide can be applied', () => {
  const guide = readFileSync(new URL('../../../docs/guide/move-from-countly.md', import.meta.url), 'utf8');
  const yaml = /```yaml\n([\s\S]*?)```/.exec(guide)?.[1] ?? '';
  expect(readDirectoryFile(yaml)).toMatchObject({ ok: true, value: expect.anything() });
  expect(yaml).toContain('apps:');
});
