import { afterAll, beforeAll, expect, test } from 'vitest';
import { dialects } from '../../src/dialects/registry.ts';
import { invalidReferences, openApiMistakes } from '../dialects/native/support/openapi.ts';
import { startServer, type TestServer } from '../support/server.ts';

/** `/openapi/<dialect>.json` of every dialect: what the API reference is made of. */
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly securitySchemes?: Readonly<Record<string, unknown>> };
  readonly 'x-values'?: Readonly<Record<string, { readonly steps: readonly { readonly path: string }[] }>>;
}
interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, unknown>>;
}

let server: TestServer;
const documents = new Map<string, OpenApi>();
beforeAll(async () => {
  server = await startServer();
  for (const { name } of dialects) {
    documents.set(name, (await (await fetch(`${server.url}/openapi/${name}.json`)).json()) as OpenApi);
  }
});
afterAll(() => server.stop());

const names = dialects.map(({ name }) => name);
const documentOf = (name: string): OpenApi => documents.get(name) ?? { paths: {} };
const operationsOf = (name: string): [string, string, Operation][] =>
  Object.entries(documentOf(name).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, string, Operation] => [method, path, operation]),
  );

test.each(names)('%s: is valid OpenAPI 3.1 and refers to nothing that it does not have', (name) => {
  expect(openApiMistakes(documentOf(name))).toEqual([]);
  expect(invalidReferences(documentOf(name))).toEqual([]);
});

test.each(names)('%s: every request has a line that says what it does, a group and answers', (name) => {
  for (const [method, path, { summary = '', tags = [], responses }] of operationsOf(name)) {
    expect([method, path, summary !== '', tags.length, Object.keys(responses).length > 0]).toEqual([
      method,
      path,
      true,
      1,
      true,
    ]);
  }
});

test.each(names)('%s: declares the parameters of its paths, and credentials that it has', (name) => {
  const schemes = Object.keys(documentOf(name).components?.securitySchemes ?? {});
  for (const [method, path, { parameters = [], security = [] }] of operationsOf(name)) {
    const declared = parameters.flatMap((parameter) => (parameter.in === 'path' ? [parameter.name] : []));
    const named = [...path.matchAll(/\{([^}]+)\}/g)].map(([, parameter]) => parameter ?? '');
    expect([method, path, declared.toSorted(byText)]).toEqual([method, path, named.toSorted(byText)]);
    expect(schemes).toEqual(expect.arrayContaining(security.flatMap((alternative) => Object.keys(alternative))));
  }
});

test.each(names)('%s: every request that is described is served', async (name) => {
  for (const [method, path] of operationsOf(name)) {
    const url = path.replace('{format}', 'json').replaceAll(/\{[^}]+\}/g, '1');
    const served = (await fetch(`${server.url}${url}`, { method: method.toUpperCase(), redirect: 'manual' })).status;
    // Without a credential; some answer 400 or 409 before they look for one. What is not served is 404 and 405.
    expect([method, path, served]).not.toEqual([method, path, 404]);
    expect([method, path, served]).not.toEqual([method, path, 405]);
    expect(served).toBeLessThan(500);
  }
});

test.each(names)('%s: values are offered of kinds that it knows, from reads that it has', (name) => {
  const document = documentOf(name);
  const known = document['x-values'] ?? {};
  const asked = [...JSON.stringify(document.paths).matchAll(/"x-values-from":"([^"]+)"/g)].map(
    ([, kind]) => kind ?? '',
  );
  for (const kind of asked) expect(Object.keys(known)).toContain(kind);
  const paths = Object.entries(document.paths)
    .filter(([, methods]) => 'get' in methods)
    .map(([path]) => path);
  for (const step of Object.values(known).flatMap(({ steps }) => steps)) {
    const path = step.path.split('?', 1)[0] ?? '';
    const fits = paths.some((each) =>
      new RegExp(`^${each.replaceAll('.', '\\.').replaceAll(/\{[^}]+\}/g, '[^/]+')}$`).test(path),
    );
    expect([path, fits]).toEqual([path, true]);
  }
});

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
