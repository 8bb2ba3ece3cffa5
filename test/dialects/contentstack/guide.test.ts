import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';

const GUIDE = readFileSync(
  fileURLToPath(new URL('../../../docs/guide/move-from-contentstack-analytics.md', import.meta.url)),
  'utf8',
);

/** The code blocks of the guide in one language, in their order. */
const blocks = (language: string): string[] =>
  [...GUIDE.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, block = '']) => block);

const shell = async (script: string): Promise<string> => (await promisify(execFile)('sh', ['-c', script])).stdout;

let server: TestServer;
beforeAll(async () => {
  const [directory = ''] = blocks('yaml');
  server = await startServer({ directory, clock: '2026-11-21T12:00:00Z' });
});
afterAll(() => server.stop());

test('whoever follows docs/guide/move-from-contentstack-analytics.md gets the answers it promises', async () => {
  const here = (script: string): string => script.replaceAll('https://tallyhouse.example.com', server.url);
  const scripts = blocks('sh').map(here);
  const send = scripts.find((script) => script.includes('/api/v1/facts/requests')) ?? '';
  expect(JSON.parse(await shell(send))).toEqual({ accepted: 1, duplicate: 0, rejected: [] });

  // Its two fetches follow each other at once; here the first one is given the time that the guide speaks of.
  const flow = scripts.find((script) => script.includes('/v3/user-session')) ?? '';
  const output = await shell(flow.replace('# Fetch the result', 'sleep 2\n# Fetch the result'));
  const [result, missingPage, loggedOut] = output
    .split(/(?<=\})(?=\{)/)
    .map((text) => JSON.parse(text) as Record<string, unknown>);
  expect(result).toMatchObject({
    total: 120,
    totalDocs: 1,
    data: [{ count: 120, type: 'cdn', sdk: 'delivery-js/4.2.0', date: '2026-11-20' }],
    meta: { orgUid: 'blt0123456789abcdef', services: '["cdn","cma"]', duration: 'day', includeCount: true },
  });
  expect(missingPage).toMatchObject({ errors: { page: [expect.any(String)] } });
  expect(loggedOut).toEqual({ notice: expect.any(String) });
});
