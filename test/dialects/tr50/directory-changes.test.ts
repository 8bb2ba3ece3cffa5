import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { environment, PROGRAM, type TestServer } from '../../support/server.ts';
import { Client } from './support/client.ts';
import { DIRECTORY as SHARED } from './support/directory.ts';
import { serving } from './support/serving.ts';

// What a directory file leaves out stays as it is, so what these tests change is written out.
const DIRECTORY = SHARED.replace('bob-is-a-member}', 'bob-is-a-member, enabled: true}').replace(
  'name: North Laboratory',
  'name: North Laboratory\n    suspended: false',
);

let server: TestServer;
let client: Client;

serving({ directory: DIRECTORY, clock: '2025-06-03T12:00:00Z' }, async (started) => {
  ({ server, client } = started);
  await client.count('th_north', [{ time: '2025-06-01T12:00:00Z', service: 'thing' }]);
  await client.count('th_north_lab', [{ time: '2025-06-01T12:00:00Z', service: 'thing', count: 10 }]);
});

/** Applies the directory with one replacement beside the running server, and waits until the server has seen it. */
async function change(from: string, to: string): Promise<void> {
  expect(DIRECTORY).toContain(from);
  await apply(DIRECTORY.replace(from, to));
}

async function apply(yaml: string): Promise<void> {
  const env = environment(server.dataDirectory, {});
  execFileSync(process.execPath, [PROGRAM, 'apply', '--prune', '-'], { env, input: yaml });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
}

const invalid = {
  success: false,
  errorCodes: [-99003],
  errorMessages: [expect.stringMatching(/^Authentication session is invalid: Error: Session /)],
};
const rejected = { success: false, errorCodes: [-99004], errorMessages: [expect.any(String)] };
const login = (params: object) => ({ auth: { command: 'api.authenticate', params } });
const DAY = { start: '2025-06-01T00:00:00Z', end: '2025-06-02T00:00:00Z', includeSubOrgs: true };

test('a user who is disabled has no session any more and cannot log in', async () => {
  const bob = await client.login('bob@north.example', 'bob-is-a-member');
  await change('bob-is-a-member, enabled: true', 'bob-is-a-member, enabled: false');
  expect(await client.packet({ auth: { sessionId: bob } })).toEqual(invalid);
  expect(await client.packet(login({ username: 'bob@north.example', password: 'bob-is-a-member' }))).toEqual(rejected);
  await apply(DIRECTORY);
});

test('a user who is no admin any more loses what is below, and a session that stands there', async () => {
  const above = await client.login('lea@north.example', 'lea-in-the-lab');
  const below = await client.login('lea@north.example', 'lea-in-the-lab');
  await client.call(below, 'session.org.switch', { key: 'NORTH_LAB_COLD' });
  await change('user: lea@north.example, role: admin', 'user: lea@north.example, role: viewer');
  expect(await client.packet({ auth: { sessionId: below } })).toEqual(invalid);
  expect(await client.call(above, 'session.org.switch', { key: 'NORTH_LAB_COLD' })).toMatchObject({
    errorCodes: [-90008],
  });
  expect(await client.call(above, 'session.info')).toMatchObject({ params: { hasOrgAdmin: false } });
  await apply(DIRECTORY);
});

test('a membership that is withdrawn ends the sessions that stand in it', async () => {
  const bob = await client.login('bob@north.example', 'bob-is-a-member');
  await change('      - {user: bob@north.example, role: member}\n', '');
  expect(await client.packet({ auth: { sessionId: bob } })).toEqual(invalid);
  expect(await client.packet(login({ username: 'bob@north.example', password: 'bob-is-a-member' }))).toMatchObject({
    auth: { params: { orgKey: 'SOUTH' } },
  });
  await apply(DIRECTORY);
});

test('an application token that is removed ends the sessions of its applications', async () => {
  const thing = await client.loginThing('meter', 'tok_north', 'thing-1');
  expect(await client.call(thing, 'diag.ping')).toEqual({ success: true });
  await change('app_tokens: [tok_north]', 'app_tokens: []');
  expect(await client.packet({ auth: { sessionId: thing } })).toEqual(invalid);
  expect(await client.packet(login({ appId: 'meter', appToken: 'tok_north', thingKey: 'thing-1' }))).toEqual(rejected);
  await apply(DIRECTORY);
});

test('a suspended organization is open to Super-Ops only', async () => {
  const lea = await client.login('lea@north.example', 'lea-in-the-lab');
  const ada = await client.login('ada@north.example', 'correct-horse');
  const thing = await client.loginThing('meter', 'tok_lab', 'thing-2');
  const sam = await client.login('sam@ops.example', 'sam-sees-all');
  expect(await client.call(ada, 'usage.api.history', DAY)).toMatchObject({ params: { total: 11 } });

  await change('suspended: false', 'suspended: true');
  expect(await client.packet({ auth: { sessionId: lea } })).toEqual(invalid);
  expect(await client.packet({ auth: { sessionId: thing } })).toEqual(invalid);
  expect(await client.packet(login({ username: 'lea@north.example', password: 'lea-in-the-lab' }))).toEqual(rejected);
  expect(await client.packet(login({ appId: 'meter', appToken: 'tok_lab', thingKey: 'thing-2' }))).toEqual(rejected);
  expect(await client.call(ada, 'session.org.switch', { key: 'NORTH_LAB' })).toMatchObject({ errorCodes: [-90008] });
  expect(await client.call(ada, 'usage.api.history', DAY)).toMatchObject({ params: { total: 1 } });
  expect(await client.call(sam, 'session.org.switch', { key: 'NORTH_LAB' })).toEqual({ success: true });
  expect(await client.call(sam, 'usage.api.history', { ...DAY, showAll: true })).toMatchObject({
    params: { total: 11 },
  });

  await apply(DIRECTORY);
  expect(await client.call(lea, 'diag.ping')).toEqual({ success: true });
});

test('a new name, zone and parent show at once', async () => {
  const ada = await client.login('ada@north.example', 'correct-horse');
  await change('name: North\n    timezone: America/New_York', 'name: Nord\n    timezone: Europe/Berlin');
  expect(await client.call(ada, 'org.find')).toMatchObject({ params: { name: 'Nord', timezone: 'Europe/Berlin' } });
  const { params } = await client.call(ada, 'usage.api.history', {
    ...DAY,
    series: 'day',
    end: '2025-06-01T22:00:00Z',
  });
  expect(params).toMatchObject({ ts: ['2025-06-01T00:00:00+02:00'] });
  await apply(DIRECTORY);
});

test('logins of users and applications are in the audit log, with no secret', async () => {
  await client.packet(login({ username: 'ada@north.example', password: 'wrong-horse' }));
  await client.login('ada@north.example', 'correct-horse');
  await client.packet(login({ appId: 'meter', appToken: 'tok_wrong', thingKey: 'thing-9' }));
  await client.loginThing('meter', 'tok_north', 'thing-9');
  const response = await fetch(`${server.url}/api/v1/audit?limit=100`, {
    headers: { authorization: 'Bearer th_north' },
  });
  const text = await response.text();
  const { events } = JSON.parse(text) as { events: { event: string; actor: string; subject: string | null }[] };
  expect(events).toContainEqual(expect.objectContaining({ event: 'login.succeeded', actor: 'ada@north.example' }));
  expect(events).toContainEqual(
    expect.objectContaining({ event: 'login.succeeded', actor: 'meter', subject: 'thing-9' }),
  );
  expect(text).not.toMatch(/horse|tok_/);
});
