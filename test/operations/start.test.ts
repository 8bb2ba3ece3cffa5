import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openRecords } from '../../src/store/records/open-records.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { apply, installation, KEY, run, serve } from './support/world.ts';

describe('a server that cannot start', () => {
  test('names every setting that is wrong, the accepted form, and ends with 2', async () => {
    const { code, stderr } = await run(
      installation({ TALLYHOUSE_PORT: '99999', TALLYHOUSE_FACTS: 'clickhouse://x', TALLYHOUSE_OUTBOX_BYTES: '2 GB' }),
      ['serve'],
    );
    expect(code).toBe(2);
    expect(stderr.split('\n')).toEqual([
      'tallyhouse: TALLYHOUSE_PORT: "99999" is not accepted; give a whole number from 0 to 65535',
      expect.stringMatching(/^TALLYHOUSE_FACTS: "clickhouse:\/\/x" is not accepted; give chdb:DIRECTORY or http/),
      expect.stringMatching(/^TALLYHOUSE_OUTBOX_BYTES: "2 GB" is not accepted; give a size in bytes/),
      '',
    ]);
  });

  test('keeps the clock of tests for tests', async () => {
    const place = installation({ TALLYHOUSE_CLOCK: '2026-03-01T00:00:00Z' });
    expect(await run(place, ['serve'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'tallyhouse: TALLYHOUSE_CLOCK is for tests; it needs TALLYHOUSE_TESTING=1\n',
    });
  });

  test('says that another one has the data directory, and leaves that one alone', async () => {
    const place = installation();
    await apply(place);
    const first = await serve(place);
    const second = await run(place, ['serve']);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(`process ${first.pid} has it open`);
    expect(second.stdout).not.toContain('listening');
    const response = await fetch(`${first.url}/readyz`);
    expect(response.status).toBe(200);
    // Its socket for commands is still its own.
    expect((await run(place, ['backup', join(temporaryDirectory(), 'backup')])).code).toBe(0);
    expect(await first.stop()).toBe(0);
  }, 60_000);

  test('starts again on the directory of one that was killed', async () => {
    const place = installation();
    await apply(place);
    await (await serve(place)).kill();
    const again = await serve(place);
    expect((await fetch(`${again.url}/readyz`)).status).toBe(200);
    expect((await run(place, ['backup', join(temporaryDirectory(), 'backup')])).code).toBe(0);
    expect(await again.stop()).toBe(0);
  }, 60_000);

  test('says that the port is taken', async () => {
    const listener = createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    onTestFinished(() => void listener.close());
    const address = listener.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const { code, stderr } = await run(installation({ TALLYHOUSE_PORT: String(address.port) }), ['serve']);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      new RegExp(`^tallyhouse: TALLYHOUSE_PORT: cannot listen on port ${address.port}: .*EADDRINUSE`, 'm'),
    );
  }, 60_000);

  test('after an interrupted restore waits for it to be finished', async () => {
    const place = installation();
    await apply(place);
    const records = await openRecords(`sqlite:${join(place.dataDirectory, 'records.db')}`);
    await records.db.insertInto('settings').values({ key: 'restore_under_way', value: 'of a backup' }).execute();
    await records.close();
    expect(await run(place, ['serve'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('a restore into these stores was interrupted: run tallyhouse restore again'),
    });
  }, 60_000);
});

test('a restore is refused beside a running server, and into stores that are in use', async () => {
  const place = installation();
  await apply(place);
  const server = await serve(place);
  const backup = join(temporaryDirectory(), 'backup');
  expect((await run(place, ['backup', backup])).code).toBe(0);
  expect(await run(place, ['restore', backup])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`process ${server.pid} has it open`),
  });
  await server.stop();
  expect(await run(place, ['restore', backup])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('the records store is not empty'),
  });
}, 60_000);

describe('the configuration file', () => {
  test('is read from TALLYHOUSE_CONFIG; variables stand above it', async () => {
    const file = join(temporaryDirectory(), 'tallyhouse.yaml');
    writeFileSync(file, 'zone: Asia/Kathmandu\nlog: debug\ndialects: [native]\noutbox_bytes: 5M\n');
    const place = installation({ TALLYHOUSE_CONFIG: file, TALLYHOUSE_LOG: 'info' });
    await apply(place);
    const server = await serve(place);
    expect((await fetch(`${server.url}/api/v1/streams`, { headers: { authorization: `Bearer ${KEY}` } })).status).toBe(
      200,
    );
    expect((await fetch(`${server.url}/api`, { method: 'POST', body: '{}' })).status).toBe(404);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toContain(`tallyhouse_outbox_limit_bytes ${5 * 1024 * 1024}\n`);
    expect(server.output()).not.toContain('"level":20');
    expect(await server.stop()).toBe(0);
  }, 60_000);

  test('is refused when it names no setting, is no YAML, or is not there', async () => {
    const folder = temporaryDirectory();
    const start = async (name: string, content?: string): Promise<string> => {
      const file = join(folder, name);
      if (content !== undefined) writeFileSync(file, content);
      const { code, stderr } = await run(installation({ TALLYHOUSE_CONFIG: file }), ['serve']);
      expect(code).toBe(2);
      return stderr;
    };
    expect(await start('typo.yaml', 'prot: 4000\n')).toBe(
      'tallyhouse: TALLYHOUSE_CONFIG: the file has an unknown key "prot"\n',
    );
    expect(await start('broken.yaml', 'port: [\n')).toMatch(
      /^tallyhouse: TALLYHOUSE_CONFIG: cannot use .*broken\.yaml: /,
    );
    expect(await start('absent.yaml')).toMatch(/^tallyhouse: TALLYHOUSE_CONFIG: cannot use .*absent\.yaml: ENOENT/);
  });
});

describe('request ids', () => {
  test('are given, or taken over from the caller, in every answer and every problem', async () => {
    const place = installation();
    await apply(place);
    const server = await serve(place);
    const own = await fetch(`${server.url}/healthz`);
    expect(own.headers.get('x-request-id')).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    const refused = await fetch(`${server.url}/api/v1/streams`, { headers: { 'x-request-id': 'from-the-proxy:17' } });
    expect(refused.headers.get('x-request-id')).toBe('from-the-proxy:17');
    expect(await refused.json()).toMatchObject({ request_id: 'from-the-proxy:17' });
    const strange = await fetch(`${server.url}/healthz`, { headers: { 'x-request-id': 'two words "quoted"' } });
    expect(strange.headers.get('x-request-id')).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    await server.stop();
  }, 60_000);
});
