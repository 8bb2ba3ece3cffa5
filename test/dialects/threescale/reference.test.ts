import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exampleOf } from '../../../src/dialects/threescale/examples/examples.ts';
import { settings } from '../../../src/dialects/threescale/settings.ts';
import { readDirectoryFile } from '../../../src/directory/file/read.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { openApiMistakes } from '../native/support/openapi.ts';
import { exampleRequests, exampleUse } from './support/example-requests.ts';
import { ask, DIRECTORY, NOW, timeless, use } from './support/world.ts';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required?: boolean;
  readonly description?: string;
  readonly example?: string | number;
  readonly schema: { readonly enum?: readonly string[]; readonly default?: string | number };
}
interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly responses: Readonly<
    Record<string, { readonly content: Readonly<Record<string, { readonly example?: unknown }>> }>
  >;
}

let server: TestServer;
let paths: Readonly<Record<string, { readonly get?: Operation }>>;
let whole: unknown;
beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY, clock: NOW });
  whole = await (await fetch(`${server.url}/openapi/threescale.json`)).json();
  ({ paths } = whole as { paths: typeof paths });
  await use(server.url, exampleUse);
}, 60_000);
afterAll(() => server.stop());

/** Sections 3 and 4 of the contract, in its order. */
const READS = [
  '/admin/api/applications',
  '/admin/api/applications/find',
  '/admin/api/accounts/{account_id}/applications',
  '/admin/api/accounts/{account_id}/applications/find',
  '/admin/api/accounts/{account_id}/applications/{id}',
  '/admin/api/accounts',
  '/admin/api/accounts/find',
  '/admin/api/accounts/{account_id}',
  '/admin/api/accounts/{account_id}/users',
  '/admin/api/accounts/{account_id}/users/{id}',
  '/admin/api/services',
  '/admin/api/services/{service_id}',
  '/admin/api/services/{service_id}/metrics',
  '/admin/api/services/{service_id}/metrics/{metric_id}',
  '/admin/api/services/{service_id}/metrics/{metric_id}/methods',
  '/admin/api/services/{service_id}/metrics/{metric_id}/methods/{id}',
  '/admin/api/application_plans',
  '/admin/api/services/{service_id}/application_plans',
  '/admin/api/services/{service_id}/application_plans/{plan_id}',
  '/admin/api/application_plans/{plan_id}/limits',
  '/admin/api/application_plans/{plan_id}/metrics/{metric_id}/limits',
  '/stats/applications/{application_id}/usage',
  '/stats/services/{service_id}/usage',
  '/stats/backend_apis/{backend_id}/usage',
  '/stats/applications/{application_id}/usage_response_code',
  '/stats/services/{service_id}/usage_response_code',
  '/stats/services/{service_id}/top_applications',
  '/stats/applications/{application_id}/summary',
  '/stats/services/{service_id}/summary',
];

describe('the description at /openapi/threescale.json', () => {
  test('is valid OpenAPI 3.1', () => {
    expect(openApiMistakes(whole)).toEqual([]);
  });

  test('lists the reads of the contract in its order, then the calls, then the report', () => {
    const listed = Object.keys(paths).map((path) => path.replace('.{format}', ''));
    expect(listed.filter((path) => READS.includes(path))).toEqual(READS);
    const index = (path: string) => listed.indexOf(path);
    expect(index('/transactions/authrep.xml')).toBeGreaterThan(index(READS.at(-1) ?? ''));
    expect(index('/stats/reports/engagement')).toBe(listed.length - 1);
  });

  test.each(READS)('%s is served as it is described', async (path) => {
    const described = paths[`${path}.{format}`]?.get;
    if (described === undefined) throw new Error('not described');
    const { parameters = [], responses } = described;
    expect(described.summary).toBeTruthy();
    const ids = path.matchAll(/\{(\w+)\}/g);
    for (const [, name] of ids) expect(parameters.map((parameter) => parameter.name)).toContain(name);
    for (const { name, description, schema } of parameters) {
      expect([name, description ?? schema.enum ?? '']).not.toEqual([name, '']);
    }
    const formats = parameters.find(({ name }) => name === 'format')?.schema.enum ?? [];
    const status = path.includes('backend_apis') ? 404 : 200;
    // What the description itself suggests to send.
    const value = ({ example, schema }: Parameter) => String(example ?? schema.default ?? schema.enum?.[0] ?? '');
    const filled = parameters
      .filter((parameter) => parameter.in === 'path' && parameter.name !== 'format')
      .reduce((text, parameter) => text.replace(`{${parameter.name}}`, value(parameter)), path);
    const names: Record<string, string> = {};
    for (const each of parameters) if (each.in === 'query' && each.required === true) names[each.name] = value(each);
    if (path.includes('usage')) Object.assign(names, { period: 'year' });
    if (path.endsWith('/find'))
      Object.assign(names, path.includes('applications') ? { id: '41' } : { username: 'ann' });
    for (const format of formats) {
      const answer = await ask(server.url, `${filled}.${format}?${new URLSearchParams(names).toString()}`);
      expect([format, answer.status]).toEqual([format, status]);
      const documented = Object.keys(responses[String(status)]?.content ?? {});
      expect(documented).toContain(answer.type.split(';')[0]);
    }
    for (const other of ['xml', 'json', 'csv', 'txt'].filter((format) => !formats.includes(format))) {
      expect((await ask(server.url, `${filled}.${other}`)).status).toBe(406);
    }
  });
});

describe('each example is what is answered', () => {
  test.each(Object.entries(exampleRequests))('%s', async (name, [path, query]) => {
    const example = exampleOf(name);
    expect(Object.keys(example).length).toBeGreaterThan(0);
    for (const [format, shown] of Object.entries(example)) {
      const { text } = await ask(server.url, `${path}.${format}?${query}`);
      const written = typeof shown === 'string' ? shown : JSON.stringify(shown);
      expect(timeless(text.replaceAll(server.url, 'https://tallyhouse.example'))).toBe(timeless(written));
    }
  });
});

const read = (file: string) => readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');

test('the README names every setting and its default', () => {
  for (const setting of Object.values(settings)) {
    expect(read('src/dialects/threescale/README.md')).toContain(
      `| \`${setting.variable}\` | \`${setting.default ?? ''}\` |`,
    );
  }
});

test('the directory file of the guide can be applied', () => {
  const yaml = /```yaml\n([\s\S]*?)```/.exec(read('docs/guide/move-from-3scale.md'))?.[1] ?? '';
  expect(yaml).toContain('provider_key');
  expect(readDirectoryFile(yaml)).toMatchObject({ ok: true });
});
