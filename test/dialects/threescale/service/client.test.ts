import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { globalAgent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import threescale, { type Answer, type ThreescaleClient } from '3scale';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeCertificate } from '../../../operations/support/certificate.ts';
import { startServer, type TestServer } from '../../../support/server.ts';
import { directory } from './support/directory.ts';

let server: TestServer;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tallyhouse-client-'));
  const { cert, key } = makeCertificate(folder, 'server');
  const env = { TALLYHOUSE_TLS_CERT: cert, TALLYHOUSE_TLS_KEY: key };
  server = await startServer({ directory, clock: '2024-03-09T10:15:05Z', env });
  // The client has no way to name the certificate it should trust.
  globalAgent.options.ca = readFileSync(cert);
});
afterAll(async () => {
  delete globalAgent.options.ca;
  await server.stop();
  rmSync(folder, { recursive: true });
});

function client(providerKey?: string): ThreescaleClient {
  const { hostname: host, port } = new URL(server.url);
  return providerKey === undefined
    ? new threescale.Client({ host, port })
    : new threescale.Client(providerKey, { host, port });
}

const MAPS = { service_token: 'st_maps', service_id: '8' };
const WEATHER = { service_token: 'st_weather', service_id: '7' };

function asked(call: keyof ThreescaleClient, options: object, providerKey?: string): Promise<Answer> {
  const to = client(providerKey);
  return new Promise((resolve) => (to[call] as ThreescaleClient['authorize']).call(to, { ...options }, resolve));
}

test('authorize, with a service token and with a provider key', async () => {
  const allowed = await asked('authorize', { ...MAPS, app_id: 'keyed', app_key: 'key-one' });
  expect([allowed.is_success(), allowed.status_code, allowed.plan]).toEqual([true, 200, 'basic']);
  const refused = await asked('authorize', { service_id: '8', app_id: 'keyed', app_key: 'no' }, 'pk_north');
  expect([refused.is_success(), refused.status_code, refused.error_message]).toEqual([
    false,
    409,
    'application key "no" is invalid',
  ]);
});

test('authrep with a user key counts one hit by itself, up to the limit', async () => {
  const call = { ...WEATHER, user_key: 'uk_43' };
  const answers: [number, unknown][] = [];
  for (let turn = 0; turn < 4; turn += 1) {
    const { status_code, usage_reports } = await asked('authrep_with_user_key', call);
    answers.push([status_code, usage_reports?.[0]?.['current_value']]);
  }
  expect(answers).toEqual([
    [200, '1'],
    [200, '2'],
    [200, '3'],
    [409, '3'],
  ]);
});

test('usage reports have their periods and values', async () => {
  const { usage_reports } = await asked('authorize_with_user_key', { ...WEATHER, user_key: 'uk_41' });
  expect(usage_reports).toHaveLength(4);
  expect(usage_reports?.[1]).toMatchObject({ metric: 'hits', period: 'day', max_value: '100', current_value: '0' });
});

test('errors have a code and a message', async () => {
  const unknown = await asked('authrep', { ...MAPS, app_id: 'nobody' });
  expect([unknown.is_success(), unknown.error_code, unknown.error_message]).toEqual([
    false,
    'application_not_found',
    'application with id="nobody" was not found',
  ]);
});

test('report sends a list of transactions', async () => {
  const transactions = [
    { app_id: 'open', usage: { hits: 2, tile: 3 }, timestamp: '2024-03-09 10:00:00' },
    { app_id: 'keyed', usage: { hits: 1 } },
  ];
  const to = client('pk_north');
  const answer = await new Promise<Answer>((resolve) => to.report('8', transactions, resolve));
  expect([answer.is_success(), answer.status_code]).toEqual([true, 202]);
});

test('oauth_authorize', async () => {
  const answer = await asked('oauth_authorize', { service_token: 'st_login', service_id: '9', app_id: 'client' });
  expect([answer.is_success(), answer.plan]).toEqual([true, 'basic']);
});
