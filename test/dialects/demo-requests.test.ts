import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoDirectory } from '../../src/cli/demo/demo-directory.ts';
import { dialects } from '../../src/dialects/registry.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ directory: demoDirectory });
}, 60_000);
afterAll(() => server.stop());

test.each(dialects.map(({ name, demoRequest }) => [name, demoRequest] as const))(
  'the line that the demo prints for %s is answered when it is pasted into a shell',
  async (_name, demoRequest) => {
    const line = demoRequest(server.url);
    expect(line).not.toContain('\n');
    const { stdout } = await promisify(execFile)('sh', ['-c', line]);
    const answer = JSON.parse(stdout) as Record<string, unknown>;
    // What the dialects answer to a request they refuse.
    for (const refusal of ['error', 'detail', 'errorCodes', 'title', 'error_code', 'result'])
      expect(answer).not.toHaveProperty(refusal);
  },
);
