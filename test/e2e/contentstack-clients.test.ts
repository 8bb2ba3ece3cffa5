import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDemo, type RunningDemo } from '../support/demo.ts';
import { temporaryDirectoryOfSuite } from '../support/temporary-directory.ts';

const POSTMAN = fileURLToPath(new URL('../../examples/postman/', import.meta.url));
const require = createRequire(import.meta.url);
const NEWMAN = require.resolve('newman/bin/newman.js');

/** What is used of the vendor's client; its own declarations do not compile. */
interface VendorClient {
  login(user: { email: string; password: string }): Promise<{ user: { email: string; authtoken: string } }>;
  logout(authtoken: string): Promise<unknown>;
  getUser(): Promise<unknown>;
  organization(): { fetchAll(): Promise<{ items: { uid: string; name: string }[] }> };
  organization(uid: string): { stacks(): Promise<{ items: { api_key: string }[] }> };
}
const { client } = require('@contentstack/management') as { client: (options: { endpoint: string }) => VendorClient };

/** What others wrote for the real service, against `tallyhouse demo`. */
let demo: RunningDemo;
const directory = temporaryDirectoryOfSuite();
beforeAll(async () => {
  // Long enough for a result to be asked for too early.
  const slow = { TALLYHOUSE_TESTING: '1', TALLYHOUSE_JOB_HOLD_MS: '400' };
  demo = await startDemo(join(directory(), 'demo'), slow);
});
afterAll(() => demo.kill());

interface Report {
  readonly run: {
    readonly executions: readonly {
      readonly item: { readonly name: string };
      readonly response: { readonly code: number; readonly stream: { readonly data: readonly number[] } };
    }[];
    readonly failures: readonly { readonly error: { readonly message: string } }[];
  };
}

const READS = [
  'Subscription Usage',
  'Device Usage',
  'Usage Analytics',
  'Top URLs',
  'Status Code',
  'Cache Usage',
  'SDK Usage',
];

describe('the Postman collection', () => {
  test('runs unattended: each request, and its result once the job is done', { timeout: 120_000 }, async () => {
    const report = join(directory(), 'report.json');
    const { host } = new URL(demo.url);
    const given = { base_url: host, poll_ms: '250' };
    await promisify(execFile)(process.execPath, [
      NEWMAN,
      'run',
      join(POSTMAN, 'contentstack-analytics.postman_collection.json'),
      '--environment',
      join(POSTMAN, 'demo.postman_environment.json'),
      ...Object.entries(given).flatMap(([name, value]) => ['--env-var', `${name}=${value}`]),
      '--reporters',
      'json',
      '--reporter-json-export',
      report,
    ]);
    const { run } = JSON.parse(readFileSync(report, 'utf8')) as Report;
    expect(run.failures.map(({ error }) => error.message)).toEqual([]);

    const answered = run.executions.filter(({ response }) => response.code !== 429);
    const asked = answered.map(({ item, response }) => {
      const text = Buffer.from(response.stream.data).toString();
      return text.includes('"Job active"') ? 'Job active' : item.name;
    });
    expect(asked.filter((name) => name !== 'Job active')).toEqual([
      'Log in',
      ...READS.flatMap((name) => [name, 'Retrieve Data']),
    ]);
    expect(asked.filter((name) => name === 'Job active').length).toBeGreaterThanOrEqual(READS.length);
  });

  test('is of version 2.1, and its requests are those of the contract', () => {
    const collection = JSON.parse(
      readFileSync(join(POSTMAN, 'contentstack-analytics.postman_collection.json'), 'utf8'),
    ) as { info: { schema: string }; item: { name: string; request: { method: string; url: { path: string[] } } }[] };
    expect(collection.info.schema).toBe('https://schema.getpostman.com/json/collection/v2.1.0/collection.json');
    expect(collection.item.map(({ request }) => `${request.method} /${request.url.path.join('/')}`)).toEqual([
      'POST /api/v3/user-session',
      'GET /analytics/v2/subscription',
      'GET /analytics/v2/devices',
      'GET /analytics/v2/usage',
      'GET /analytics/v2/url',
      'GET /analytics/v2/http-statuses',
      'GET /analytics/v2/hit-miss-ratio',
      'GET /analytics/v2/sdk',
      'GET /analytics/v2/job/{{jobId}}/data',
    ]);
  });
});

describe("the vendor's own client", () => {
  test('logs in, lists organizations and stacks, and logs out', async () => {
    const contentstack = client({ endpoint: `${demo.url}/v3` });
    const { user } = await contentstack.login({ email: 'ada@north.example', password: 'correct-horse' });
    expect(user).toMatchObject({ email: 'ada@north.example', authtoken: expect.stringMatching(/^blt[0-9a-f]{16}$/) });
    const { items } = await contentstack.organization().fetchAll();
    expect(items.map(({ uid, name }) => [uid, name])).toContainEqual(['blt0000000000000001', 'North Weather']);
    const stacks = await contentstack.organization('blt0000000000000001').stacks();
    expect(stacks.items.map((stack) => stack.api_key).toSorted()).toEqual(['bltstack00000001', 'bltstack00000002']);
    expect(await contentstack.getUser()).toMatchObject({ email: 'ada@north.example' });
    await contentstack.logout(user.authtoken);
    await expect(contentstack.getUser()).rejects.toThrow();
  });

  test('tells a wrong password as the vendor does', async () => {
    const wrong = client({ endpoint: `${demo.url}/v3` }).login({ email: 'ada@north.example', password: 'wrong' });
    await expect(wrong).rejects.toThrow(/104/);
  });
});
