import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { applyDirectory, environment, startServer, type TestServer } from '../../support/server.ts';
import { bearer, DANA, postForm, send, SERVER, tokens, type Tokens } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';

let dataDirectory: string;
let server: TestServer | null = null;
beforeEach(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'tallyhouse-tokens-'));
});
afterEach(async () => {
  await server?.stop();
  server = null;
  rmSync(dataDirectory, { recursive: true, force: true });
});

/** The same server at another time; the clock runs on from there. */
async function at(clock: string, env: Record<string, string> = {}): Promise<string> {
  await server?.stop();
  server = await startServer({ dataDirectory, clock, env });
  return server.url;
}

async function whoami(url: string, { access_token }: Tokens): Promise<number> {
  return (await send(url, '/v2/whoami', { headers: bearer(access_token) })).status;
}

const refreshBody = ({ refresh_token }: Tokens): string =>
  `grant_type=refresh_token&client_id=scripts&refresh_token=${refresh_token}`;

test('an access token lives a day, also over a restart, and its refresh token without end (contract 3.4, 3.5)', async () => {
  const start = '2026-03-01T12:00:00Z';
  await applyDirectory(DIRECTORY, environment(dataDirectory, { clock: start }));
  const issued = await tokens(await at(start), DANA);
  expect(await whoami(await at('2026-03-02T11:59:55Z'), issued)).toBe(200);
  expect(await whoami(await at('2026-03-02T12:00:30Z'), issued)).toBe(401);
  const later = await tokens(await at('2027-05-01T00:00:00Z'), refreshBody(issued));
  expect(await whoami(server?.url ?? '', later)).toBe(200);
}, 60_000);

test('a new password and a disabled user end all tokens of the user (contract 3.4)', async () => {
  await applyDirectory(DIRECTORY, environment(dataDirectory, { clock: '2026-03-01T11:00:00Z' }));
  const url = await at('2026-03-01T12:00:00Z');
  const [dana, server_, omar] = [
    await tokens(url, DANA),
    await tokens(url, SERVER),
    await tokens(url, DANA.replace('dana', 'omar').replace('open-at-nine', 'omar-owns-it')),
  ];
  expect(await whoami(url, dana)).toBe(200);
  const changed = DIRECTORY.replace('open-at-nine', 'open-at-ten').replace(
    'password: omar-owns-it',
    'password: omar-owns-it, enabled: false',
  );
  await applyDirectory(changed, environment(dataDirectory, { clock: '2026-03-01T13:00:00Z' }));
  for (const each of [dana, server_, omar]) expect(await whoami(url, each)).toBe(401);
  expect((await postForm(url, '/o/token/', refreshBody(dana))).text).toContain('invalid_grant');
  expect((await postForm(url, '/o/token/', refreshBody(omar))).text).toContain('invalid_grant');
}, 60_000);

test('rights that were lost are taken out of a refreshed scope (contract 3.5)', async () => {
  await applyDirectory(DIRECTORY, environment(dataDirectory, {}));
  server = await startServer({ dataDirectory });
  const issued = await tokens(server.url, DANA);
  expect(issued.scope).toBe('read write');
  await applyDirectory(
    DIRECTORY.replace('{user: dana@museum.example, right: edit}', '{user: dana@museum.example, right: view}'),
    environment(dataDirectory, {}),
  );
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect((await tokens(server.url, refreshBody(issued))).scope).toBe('read');
});

test('with the switch on, a replay ends the whole chain and no other (contract 3.5)', async () => {
  await applyDirectory(DIRECTORY, environment(dataDirectory, {}));
  server = await startServer({ dataDirectory, env: { TALLYHOUSE_OAUTH_REVOKE_FAMILY: '1' } });
  const { url } = server;
  const [first, other] = [await tokens(url, DANA), await tokens(url, DANA)];
  const second = await tokens(url, refreshBody(first));
  expect(await whoami(url, second)).toBe(200);
  expect((await postForm(url, '/o/token/', refreshBody(first))).status).toBe(400);
  expect(await whoami(url, second)).toBe(401);
  expect((await postForm(url, '/o/token/', refreshBody(second))).status).toBe(400);
  expect(await whoami(url, other)).toBe(200);
});
