import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startServer, type TestServer } from '../support/server.ts';
import { cli, client, type CliResult } from './run-cli.ts';

// Each test starts several processes, perhaps on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const DIRECTORY = `
organizations:
  - key: NORTH
    uid: north
    name: North
    timezone: Europe/Berlin
    native_keys: [{key: th_north, scopes: [ingest, read, admin]}, {key: th_read, scopes: [read]}]
    products:
      - {id: 7, system_name: weather, name: Weather, metrics: [{id: 11, system_name: hits}], plans: [{id: 3, system_name: evaluation, name: evaluation}]}
    accounts:
      - id: 17
        org_name: Ann's lab
        state: approved
        users: [{id: 23, username: ann, email: ann@lab.example, first_name: Ann, last_name: Lee, role: admin}]
        applications: [{id: 41, product: weather, plan: evaluation, name: Weather widget, state: live, user_key: uk, created_at: "2024-03-02T08:15:00Z"}]
`;

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY, clock: '2024-03-10T12:00:00Z' });
  const sent = await cli(['import', 'usage', '-', '--format', 'ndjson'], {
    env: client(server, 'th_north'),
    stdin: '{"time":"2024-03-09T10:00:00Z","product":"weather","application":41,"metric":"hits","value":5}\n',
  });
  expect(sent).toMatchObject({ code: 0, stderr: '' });
});
afterAll(() => server.stop());

async function report(args: readonly string[], key = 'th_north'): Promise<CliResult> {
  return cli(['report', 'engagement', ...args], { env: client(server, key) });
}

async function served(parameters: string): Promise<string> {
  const url = `${server.url}/api/v1/reports/engagement?${parameters}`;
  return (await fetch(url, { headers: { authorization: 'Bearer th_north' } })).text();
}

describe('report engagement', () => {
  test('prints the report of the server as a table, CSV and JSON', async () => {
    const table = await report(['--plan', 'evaluation']);
    expect(table).toEqual({ code: 0, stderr: '', stdout: await served('plan_name=evaluation&format=txt') });
    expect(table.stdout).toContain('Window          2024-03-01 to 2024-03-10, 10 days, Europe/Berlin\n');
    const csv = await report(['--plan', 'evaluation', '--format', 'csv']);
    expect(csv).toEqual({ code: 0, stderr: '', stdout: await served('plan_name=evaluation&format=csv') });
    const json = await report(['--plan', 'evaluation', '--format', 'json']);
    expect(json).toEqual({ code: 0, stderr: '', stdout: `${await served('plan_name=evaluation')}\n` });
  });

  test('hands its options on', async () => {
    const options = [
      '--plan-id',
      '3',
      '--service',
      '7',
      '--state',
      'live',
      '--days',
      '5',
      '--metric',
      'hits',
      '--zone',
      'Asia/Kolkata',
      '--until',
      '2024-03-09',
      '--organization',
      'north',
    ];
    const { stdout } = await report([...options, '--format', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({
      parameters: {
        plan_id: 3,
        service_id: 7,
        state: 'live',
        days: 5,
        metric_name: 'hits',
        timezone: 'Asia/Kolkata',
        since: '2024-03-05',
        until: '2024-03-09',
      },
    });
  });

  test.each([
    [[], 1, 'tallyhouse: "plan_name" is required.\n'],
    [['--plan', 'gold'], 1, 'tallyhouse: "plan_name": plan gold not found.\n'],
    [
      ['--plan', 'evaluation', '--until', '2024-03-11'],
      1,
      'tallyhouse: "until": until should not be later than today.\n',
    ],
  ])('%o fails: exit code %i', async (args, code, stderr) => {
    expect(await report(args)).toEqual({ code, stdout: '', stderr });
  });

  test('wrong usage and a poor key are told', async () => {
    expect(await report(['--plan', 'evaluation', '--days', '1'])).toMatchObject({ code: 2, stdout: '' });
    expect(await report(['--plan', 'evaluation', '--format', 'xml'])).toMatchObject({ code: 2, stdout: '' });
    expect(await report(['--plan', 'evaluation'], 'th_read')).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'tallyhouse: the key may not do this: This needs a key with the scopes "read" and "admin", for it shows names and e-mail addresses.\n',
    });
  });
});
