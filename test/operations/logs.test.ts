import { describe, expect, test } from 'vitest';
import { Client, send } from '../dialects/tr50/support/client.ts';
import { apply, ask, installation, KEY, run, serve, type Installation } from './support/world.ts';

/** What the directory file of the examples and this test give away, and must not be read in a log. */
const SECRETS = [
  'correct-horse',
  'staple-battery',
  KEY,
  'tok_tr50_1',
  'pk_north',
  'uk_41',
  's3cret',
  '0123456789abcdef0123456789abcdef',
  'guess-number-1',
  'th_wrong_key_in_query',
  'ada@north.example',
  'ann@lab.example',
  'Mozilla/5.0 (Log test)',
  'a-visitor-of-the-site',
  '203.0.113.77',
];

describe('the log', () => {
  test('at its most talkative holds no secret and no personal data', async () => {
    const place: Installation = installation({ TALLYHOUSE_LOG: 'trace', TALLYHOUSE_TRUST_PROXY: '1' });
    await apply(place);
    const server = await serve(place);
    const client = new Client(server.url);
    const session = await client.login('ada', 'correct-horse');
    await client.call(session, 'session.info');
    await client.login('ada@north.example', 'correct-horse');
    await client.loginThing('app', 'tok_tr50_1', 'thing');
    const guess = { username: 'ada@north.example', password: 'guess-number-1' };
    await client.packet({ auth: { command: 'api.authenticate', params: guess } });
    await send(server.url, { body: `{"auth":{"command":"api.authenticate","params":{"password":"guess-number-1"` });

    const headers = { 'user-agent': 'Mozilla/5.0 (Log test)', 'x-forwarded-for': '203.0.113.77' };
    const rows = [
      { time: '2026-03-01T10:00:00Z', service: 'cdn', user: 'a-visitor-of-the-site', ip: '203.0.113.77' },
      { time: 'no time', service: 'cdn', user: 'a-visitor-of-the-site' },
    ];
    const post = (path: string, body: string, more: Readonly<Record<string, string>>): Promise<Response> =>
      fetch(`${server.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers, ...more },
        body,
      });
    const authorized = { authorization: `Bearer ${KEY}` };
    expect((await post('/api/v1/facts/requests', JSON.stringify(rows), authorized)).status).toBe(200);
    expect((await post('/api/v1/facts/requests', '{"user":"a-visitor-of-the-site"', authorized)).status).toBe(400);
    expect((await post('/api/v1/query', '{"password":"guess-number-1"}', authorized)).status).toBe(400);
    expect((await post('/api/v1/query', '{}', { authorization: 'Bearer guess-number-1' })).status).toBe(401);
    expect((await fetch(`${server.url}/api/v1/live?access_token=th_wrong_key_in_query`, { headers })).status).toBe(401);
    expect((await fetch(`${server.url}/nowhere?user_key=uk_41&provider_key=pk_north`, { headers })).status).toBe(404);
    const question = { stream: 'requests', from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z' };
    await ask(server.url, { ...question, measures: ['rows'], dimensions: ['user'] });
    await run(place, ['apply', '/nowhere.yaml']);
    expect(await server.stop()).toBe(0);

    const log = server.output();
    // It did log: a line for each answer, with the route and not the address.
    expect(log).toMatch(/"route":"\/api\/v1\/facts\/:stream","status":200/);
    expect(log).toMatch(/"status":401/);
    expect(SECRETS.filter((secret) => log.includes(secret))).toEqual([]);
  }, 60_000);

  test('is lines of JSON, at the default level one for what matters and none for an answer', async () => {
    const place = installation({ TALLYHOUSE_LOG: 'info', TALLYHOUSE_UNKNOWN: '1' });
    await apply(place);
    const server = await serve(place);
    await fetch(`${server.url}/healthz`);
    expect(await server.stop()).toBe(0);
    const lines = server
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'));
    const said = lines.map((line) => JSON.parse(line) as { level: number; msg: string });
    expect(said).toContainEqual(
      expect.objectContaining({ level: 40, msg: 'TALLYHOUSE_UNKNOWN is not a setting and is ignored' }),
    );
    expect(said.filter(({ msg }) => msg === 'answered')).toEqual([]);
  }, 60_000);
});
