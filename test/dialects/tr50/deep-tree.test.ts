import { expect, test } from 'vitest';
import type { TestServer } from '../../support/server.ts';
import { Client, send } from './support/client.ts';
import { serving } from './support/serving.ts';

/** One below the other, deeper than a function can call itself while it writes JSON. */
const DEPTH = 6000;

const DIRECTORY = `
users: [{email: ops@example.com, password: pass-the-deep}]
organizations:
  - {key: L0, name: L0, members: [{user: ops@example.com, role: owner}], native_keys: [{key: th_top, scopes: [ingest]}]}
${Array.from({ length: DEPTH - 1 }, (_, i) => `  - {key: L${i + 1}, name: L${i + 1}, parent: L${i}}`).join('\n')}
`;

let server: TestServer;
let client: Client;
let session: string;

serving({ directory: DIRECTORY }, async (started) => {
  ({ server, client } = started);
  session = await client.login('ops@example.com', 'pass-the-deep');
});

test(`4: session.org.list writes a tree of ${DEPTH} levels`, async () => {
  const body = `{"auth":{"sessionId":"${session}"},"a":{"command":"session.org.list"}}`;
  const { status, text } = await send(server.url, { body });
  expect(status).toBe(200);
  expect(text.slice(0, 40)).toBe('{"a":{"success":true,"params":{"result":');
  expect(text.match(/"orgKey"/g)).toHaveLength(DEPTH);
  expect(text.match(/"subOrgs":\[/g)).toHaveLength(DEPTH - 1);
  expect(text.endsWith(`"orgKey":"L${DEPTH - 1}","orgName":"L${DEPTH - 1}"}${']}'.repeat(DEPTH)}}}`)).toBe(true);
});

test('5.6: descendants of any depth are added', async () => {
  const deepest = `L${DEPTH - 1}`;
  await client.count('th_top', [
    { time: '2025-06-01T12:00:00Z', service: 'thing', count: 1 },
    { time: '2025-06-01T12:00:00Z', service: 'thing', count: 10, organization: deepest },
  ]);
  const window = { start: '2025-06-01T00:00:00Z', end: '2025-06-02T00:00:00Z', series: 'day', includeSubOrgs: true };
  expect(await client.call(session, 'usage.api.history', { ...window, dimension: 'org' })).toMatchObject({
    params: { counters: { L0: { thing: [1] }, [deepest]: { thing: [10] } }, total: 11 },
  });
  expect(await client.call(session, 'session.org.switch', { key: deepest })).toEqual({ success: true });
  expect(await client.call(session, 'session.info')).toMatchObject({ params: { orgKey: deepest, hasOrgAdmin: true } });
});
