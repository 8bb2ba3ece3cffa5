import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { ingest } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';

/*
 * The scripts of the vendor's tutorial as they were published. Before they run only the host is replaced, and what the
 * tutorial leaves to its reader: names in capitals are assigned above, <ACCESS_TOKEN>, the sample's refresh token and
 * the arrayKey are put in place.
 */
const PASSWORD_GRANT = `import requests
auth_data = {'grant_type' : 'password',
'username' : USERNAME,
'password' : PASSWORD,
'client_id' : CLIENT_ID }
response = requests.post("https://query.scanalyticsinc.com/o/token/", data=auth_data)
print(response.text)
`;

const CLIENT_CREDENTIALS = `import requests
auth_data = {'grant_type' : 'client_credentials',
'client_id' : CLIENT_ID,
'client_secret' : CLIENT_SECRET
}
response = requests.post("https://query.scanalyticsinc.com/o/token/", data=auth_data)
print(response.text)
`;

const REFRESH = `import requests
auth_data = {'grant_type' : 'refresh_token',
'client_id' : CLIENT_ID,
'refresh_token' : "8PzBAcr5tnAmwBrTxoc26HLvqCJh7p"}
response = requests.post("https://query.scanalyticsinc.com/o/token/", data=auth_data)
print(response.text)
`;

const WHOAMI = `import requests
headers = {'Authorization' : 'Bearer <ACCESS_TOKEN>'}
response = requests.get('https://query.scanalyticsinc.com/v1/whoami', headers=headers)
print(response.text)
`;

const DEPLOYMENTS = `import requests
headers = {'Authorization' : 'Bearer <ACCESS_TOKEN>'}
response = requests.get('https://query.scanalyticsinc.com/v1/deployment/list', headers=headers)
print(response.text)
`;

const AGGREGATE = `import requests
headers = {'Authorization' : 'Bearer <ACCESS_TOKEN>'}
response = requests.get('https://query.scanalyticsinc.com/v1/aggregate/arrayKey/visits/1h?start=2018-03-01T12:45:00&end=2018-03-08T16:45:00&timezone=America/Chicago', headers=headers)
print(response.text)
`;

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY });
  await ingest(server.url, [
    { time: '2018-03-01T12:50:00-06:00', device: 'D00017', count: 2 },
    { time: '2018-03-08T16:44:59-06:00', array: '1AMDK' },
  ]);
}, 60_000);
afterAll(() => server.stop());

interface Filled {
  readonly variables?: Readonly<Record<string, string>>;
  readonly texts?: Readonly<Record<string, string>>;
}

/** Runs a script with Debian's Python and its requests; what it printed, as JSON. */
async function run(script: string, { variables = {}, texts = {} }: Filled): Promise<unknown> {
  const assignments = Object.entries(variables).map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`);
  const host = { 'https://query.scanalyticsinc.com': server.url };
  const filled = Object.entries({ ...host, ...texts }).reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the script has no ${from}`);
    return text.replace(from, to);
  }, script);
  return JSON.parse(await python(assignments.join('') + filled));
}

function python(script: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('python3', ['-'], { stdio: ['pipe', 'pipe', 'pipe'] });
    let printed = '';
    let complained = '';
    child.stdout.on('data', (text: Buffer) => (printed += text.toString()));
    child.stderr.on('data', (text: Buffer) => (complained += text.toString()));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(printed);
      else reject(new Error(`python3 ended with ${code} (Debian package python3-requests): ${complained}`));
    });
    child.stdin.end(script);
  });
}

const REPLY = {
  access_token: expect.stringMatching(/^[A-Za-z0-9]{30}$/),
  expires_in: 86400,
  token_type: 'Bearer',
  scope: 'read write',
  refresh_token: expect.stringMatching(/^[A-Za-z0-9]{30}$/),
};

describe('the scripts of the tutorial run against this server', () => {
  const USER = { USERNAME: 'dana@museum.example', PASSWORD: 'open-at-nine', CLIENT_ID: 'scripts' };
  let refreshToken = '';
  let accessToken = '';

  test('password grant', async () => {
    const reply = (await run(PASSWORD_GRANT, { variables: USER })) as { refresh_token: string };
    expect(reply).toEqual(REPLY);
    refreshToken = reply.refresh_token;
  });

  test('client credentials', async () => {
    const variables = { CLIENT_ID: 'server', CLIENT_SECRET: 's3cret-of-server' };
    expect(await run(CLIENT_CREDENTIALS, { variables })).toEqual(REPLY);
  });

  test('refresh, once', async () => {
    const filled = { variables: { CLIENT_ID: 'scripts' }, texts: { '8PzBAcr5tnAmwBrTxoc26HLvqCJh7p': refreshToken } };
    const reply = (await run(REFRESH, filled)) as { access_token: string };
    expect(reply).toEqual(REPLY);
    accessToken = reply.access_token;
    expect(await run(REFRESH, filled)).toMatchObject({ error: 'invalid_grant' });
  });

  test('whoami', async () => {
    expect(await run(WHOAMI, { texts: { '<ACCESS_TOKEN>': accessToken } })).toEqual({
      email: 'Dana@Museum.example',
      firstName: 'Dana',
      lastName: 'Reyes',
      timezone: 'America/Chicago',
    });
  });

  test('deployments', async () => {
    const reply = await run(DEPLOYMENTS, { texts: { '<ACCESS_TOKEN>': accessToken } });
    expect(reply).toMatchObject([{ deploymentKey: '8RY3C' }, { deploymentKey: '7QX2B' }]);
  });

  test('visits by the hour, 173 of them', async () => {
    const texts = { '<ACCESS_TOKEN>': accessToken, 'aggregate/arrayKey/': 'aggregate/1AMDK/' };
    const reply = (await run(AGGREGATE, { texts })) as { total: number; data: unknown[] };
    expect([reply.total, reply.data.length]).toEqual([3, 173]);
    expect(reply.data[0]).toEqual({ timestamp: '2018-03-01T12:00:00-06:00', visits: 2 });
    expect(reply.data[172]).toEqual({ timestamp: '2018-03-08T16:00:00-06:00', visits: 1 });
    const unchanged = await run(AGGREGATE, { texts: { '<ACCESS_TOKEN>': accessToken } });
    expect(unchanged).toEqual({ detail: 'Not found.' });
  });
});
