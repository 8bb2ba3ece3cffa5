import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { environment, PROGRAM } from '../support/server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** Starts a server that cannot start; what it says on stderr, and its exit code. */
async function failing(env: Readonly<Record<string, string>>): Promise<{ code: unknown; stderr: string }> {
  return new Promise((resolve) => {
    const options = { env: environment(join(temporaryDirectory(), 'data'), { env }), timeout: 30_000 };
    execFile(process.execPath, [PROGRAM, 'serve'], options, (error, _stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, stderr });
    });
  });
}

test('a port that is taken is named with its variable', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  expect(await failing({ TALLYHOUSE_PORT: String(port) })).toEqual({
    code: 1,
    stderr: `tallyhouse: TALLYHOUSE_PORT: cannot listen on port ${port}: listen EADDRINUSE: address already in use 127.0.0.1:${port}\n`,
  });
}, 60_000);

test('an address that is not of this machine is named with its variable', async () => {
  const { code, stderr } = await failing({ TALLYHOUSE_HOST: '192.0.2.1' });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^tallyhouse: TALLYHOUSE_HOST: cannot listen on 192\.0\.2\.1: .*\n$/);
}, 60_000);

test('files of TLS that are not there, or hold something else, are named with their variables', async () => {
  const file = join(temporaryDirectory(), 'nonsense.pem');
  writeFileSync(file, 'nonsense');
  const absent = await failing({ TALLYHOUSE_TLS_CERT: '/nowhere/cert.pem', TALLYHOUSE_TLS_KEY: file });
  expect(absent.code).toBe(1);
  expect(absent.stderr).toMatch(
    /^tallyhouse: TALLYHOUSE_TLS_CERT: cannot read the file: ENOENT.*\/nowhere\/cert\.pem.*\n$/,
  );
  const nonsense = await failing({ TALLYHOUSE_TLS_CERT: file, TALLYHOUSE_TLS_KEY: file });
  expect(nonsense.code).toBe(1);
  expect(nonsense.stderr).toMatch(/^tallyhouse: TALLYHOUSE_TLS_CERT: .*nonsense\.pem is no PEM certificate: .*\n$/);
}, 60_000);

test('stores that do not answer are named with their variables, without their passwords', async () => {
  const facts = await failing({ TALLYHOUSE_FACTS: 'http://ann:hunter2hunter2@127.0.0.1:1/db' });
  expect(facts).toMatchObject({ code: 1, stderr: expect.stringContaining('TALLYHOUSE_FACTS') as unknown });
  expect(facts.stderr).not.toContain('hunter2');
  const records = await failing({ TALLYHOUSE_RECORDS: 'postgres://ann:hunter2hunter2@127.0.0.1:1/db' });
  expect(records).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('cannot use the records store') as unknown,
  });
  expect(records.stderr).not.toContain('hunter2');
}, 60_000);
