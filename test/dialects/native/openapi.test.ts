import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { native } from '../../../src/dialects/native/index.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { Client } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';
import { invalidReferences, openApiMistakes } from './support/openapi.ts';

/** `/openapi/native.json`: an OpenAPI 3.1 document of just the routes that are served. */
let server: TestServer;
let document: OpenApi;

interface OpenApi {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly securitySchemes: unknown };
}
interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly security: unknown;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, unknown>>;
}

beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY });
  document = (await new Client(server.url, null).send('/openapi/native.json')).json as OpenApi;
});
afterAll(() => server.stop());

const operations = (): [string, string, Operation][] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, string, Operation] => [method, path, operation]),
  );

describe('the document', () => {
  test('is valid OpenAPI 3.1', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(openApiMistakes(document)).toEqual([]);
  });

  test('would be found wrong if it were', () => {
    const broken = JSON.parse(JSON.stringify(document)) as {
      paths: Record<string, Record<string, object>>;
      openapi: string;
    };
    broken.openapi = '3.0.3';
    broken.paths['/api/v1/query'] = {
      post: { parameters: [{ name: 'x', in: 'path', schema: { type: 'text' } }], responses: { ok: {} }, colour: 'red' },
    };
    expect(openApiMistakes(broken)).toEqual([
      'openapi: is not 3.1',
      'post /api/v1/query.colour: is no field of an operation',
      'post /api/v1/query.parameters[0]: of a path has to be required',
      'post /api/v1/query.parameters[0]: is not in the path',
      'post /api/v1/query.responses.ok: is no status',
      'post /api/v1/query.responses.ok.description: is required',
      '.paths./api/v1/query.post.parameters[0].schema.type: "text" is no type',
    ]);
  });

  test('refers to nothing that it does not have', () => {
    expect(invalidReferences(document)).toEqual([]);
  });

  test('has the paths of the design', () => {
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        '/api/v1/facts/{stream}',
        '/api/v1/query',
        '/api/v1/streams',
        '/api/v1/export/{stream}',
        '/api/v1/live',
        '/api/v1/organizations',
        '/api/v1/organizations/{organization}/accounts/{account}/applications/{application}',
      ]),
    );
  });

  test('names each operation once, says what it does, and how to show who one is', () => {
    const ids = operations().map(([, , { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, , operation] of operations()) {
      expect(operation.summary).not.toBe('');
      // Who is logged in is told to whoever asks.
      expect(operation.security).toEqual(operation.operationId === 'session' ? [] : [{ key: expect.any(Array) }]);
    }
    expect(document.components.securitySchemes).toEqual(native.securitySchemes);
  });
});

describe('every operation of it', () => {
  test('is served: without a key it answers 401, and not that there is no such path', async () => {
    const nobody = new Client(server.url, null);
    for (const [method, path] of operations()) {
      const reply = await nobody.send(path.replaceAll(/\{[^}]+\}/g, 'x'), { method: method.toUpperCase() });
      const open = method === 'get' && path === '/api/v1/session';
      expect([method, path, reply.status]).toEqual([method, path, open ? 200 : 401]);
    }
  });

  test('declares the parameters of its path', () => {
    for (const [method, path, { parameters = [] }] of operations()) {
      const declared = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
      const named = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
      expect([method, path, declared]).toEqual([method, path, named]);
    }
  });
});

test('what is served is in the document, but for PUT, which does what PATCH does', async () => {
  const client = new Client(server.url, 'th_north_all');
  for (const [path, methods] of Object.entries(document.paths)) {
    const listed = Object.keys(methods).map((method) => method.toUpperCase());
    const reply = await client.send(path.replaceAll(/\{[^}]+\}/g, 'x'), { method: 'OPTIONS' });
    const served = (reply.headers.get('allow') ?? '')
      .split(', ')
      .filter((method) => method !== 'HEAD' && method !== 'PUT');
    expect([path, reply.status, served]).toEqual([path, 405, listed.sort()]);
  }
});
