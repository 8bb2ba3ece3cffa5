import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeCertificate, type Certificate } from '../../operations/support/certificate.ts';
import { startServer, type TestServer } from '../../support/server.ts';

/** The scripts of `examples/` against a server of https, as 3scale's own script needs it; their result is the report's. */
const COHORT = 12;
const OLD = 110;
/** Still the 5th in New York; the ten days before have the change of its clock in them. */
const CLOCK = '2026-11-06T03:12:00Z';
/** Noon, or an hour later, of a day there, counted from October 27, the first of the ten. */
const noon = (day: number): string => new Date(Date.UTC(2026, 9, 27 + day, 17)).toISOString();
/** The last moment of October 26 there, and the first of the 27th. */
const CREATED = new Map([
  [2, '2026-10-27T03:59:59Z'],
  [3, '2026-10-27T04:00:00Z'],
]);
/** More than one page of a hundred, of which the newest are in the middle and at the end. */
const applications = Array.from({ length: COHORT + OLD }, (_, index) => {
  const id = index + 1;
  const isNew = id % 10 === 1 && id / 10 < COHORT;
  return { id, account: (id % 5) + 1, createdAt: CREATED.get(id) ?? noon(isNew ? 9 - (id % 9) : -30), isNew };
});
const DIRECTORY = `
organizations:
  - key: NORTH
    name: North
    timezone: America/New_York
    native_keys: [{key: th_north, scopes: [ingest, read, admin]}]
    provider: {provider_key: pk_north, access_tokens: [{token: at_north, scopes: [stats, account_management], permission: ro}]}
    products:
      - id: 7
        system_name: weather
        name: Weather
        metrics: [{id: 11, system_name: hits}]
        plans: [{id: 3, system_name: evaluation, name: evaluation}, {id: 4, system_name: pro, name: pro}]
    accounts:
${[1, 2, 3, 4, 5]
  .map((account) => {
    const users = [
      `{id: ${account * 10}, username: m${account}, email: m${account}@x.example, role: member}`,
      `{id: ${account * 10 + 1}, username: a${account}, email: a${account}@x.example, first_name: Ann, last_name: "O'Lee, ${account}", role: admin}`,
      `{id: ${account * 10 + 2}, username: b${account}, email: b${account}@x.example, role: admin}`,
    ];
    const own = applications
      .filter((each) => each.account === account)
      .map(
        ({ id, createdAt }) =>
          `{id: ${id}, product: weather, plan: ${id % 10 === 5 ? 'pro' : 'evaluation'}, name: A${id}, state: live, user_key: k${id}, created_at: "${createdAt}"}`,
      );
    return `      - {id: ${account}, org_name: O${account}, state: approved, users: [${account === 5 ? '' : users.join(', ')}], applications: [${own.join(', ')}]}`;
  })
  .join('\n')}
`;

let server: TestServer;
let certificate: Certificate;
const folder = mkdtempSync(join(tmpdir(), 'tallyhouse-test-'));
beforeAll(async () => {
  certificate = makeCertificate(folder, 'server');
  server = await startServer({
    directory: DIRECTORY,
    clock: CLOCK,
    env: { TALLYHOUSE_TLS_CERT: certificate.cert, TALLYHOUSE_TLS_KEY: certificate.key },
  });
  const rows = applications
    .filter(({ isNew }) => isNew)
    .flatMap(({ id }) =>
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
        // Some never, some early, some late, some always.
        .filter((day) => (id % 3 === 1 ? true : id % 3 === 2 ? day < 3 + (id % 4) : false))
        .map((day) => ({
          time: noon(day),
          product: 'weather',
          application: id,
          metric: 'hits',
          value: 1 + ((id * 7 + day * day) % 13),
        })),
    );
  const sent = await send('/api/v1/facts/usage', { method: 'POST', key: 'th_north', body: JSON.stringify(rows) });
  expect(JSON.parse(sent)).toMatchObject({ accepted: rows.length });
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

function send(path: string, { method = 'GET', key = '', body = '' } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${key}`, ...(body === '' ? {} : { 'content-type': 'application/json' }) };
    const ca = readFileSync(certificate.cert);
    const outgoing = request(new URL(path, server.url), { ca, method, headers }, (response) => {
      text(response).then(resolve, reject);
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

/** The columns of the scripts out of the report, in the order of the ids. */
async function reported(): Promise<string[]> {
  const csv = await send('/stats/reports/engagement.csv?plan_name=evaluation', { key: 'pk_north' });
  const [header = '', ...lines] = csv.trimEnd().split('\r\n');
  const names = header.split(',');
  // No cell of this world but the name has a comma in it.
  const rows = lines.map((line) => {
    const cells = line.match(/"(?:[^"]|"")*"|[^,]+|(?<=,|^)(?=,|$)/g) ?? [];
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
  });
  return rows
    .toSorted((a, b) => Number(a['application_id']) - Number(b['application_id']))
    .map((row) => COLUMNS.map((name) => row[name] ?? '').join(','));
}

const COLUMNS = ['group', 'application_id', 'account_id', 'name', 'email', 'hits_total', 'growth_percent'];
const example = (name: string): string => fileURLToPath(new URL(`../../../examples/${name}`, import.meta.url));

async function run(program: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<string[]> {
  const { stdout } = await promisify(execFile)(program, args, { env: { ...process.env, ...env } });
  const [header, ...rows] = stdout.trimEnd().split(/\r?\n/);
  expect(header).toBe(COLUMNS.join(','));
  return rows.toSorted((a, b) => Number(a.split(',')[1]) - Number(b.split(',')[1]));
}

async function expectReported(script: () => Promise<string[]>): Promise<void> {
  const [expected, rows] = [await reported(), await script()];
  expect(rows).toEqual(expected);
  expect(rows.length).toBeGreaterThan(COHORT / 2);
  expect(rows.map((row) => row.split(',')[1]).slice(0, 2)).toEqual(['1', '3']);
  for (const group of ['never_used', 'stopped', 'consistent']) {
    expect(rows.some((row) => row.startsWith(group))).toBe(true);
  }
}

test('the Ruby script, made as the one of 3scale, gives what the report gives', { timeout: 120_000 }, async () => {
  const args = [example('engagement.rb'), new URL(server.url).host, 'pk_north'];
  await expectReported(() => run('ruby', args, { SSL_CERT_FILE: certificate.cert }));
});

test('the TypeScript script gives what the report gives', { timeout: 120_000 }, async () => {
  const tsx = fileURLToPath(new URL('../../../node_modules/.bin/tsx', import.meta.url));
  const args = [example('engagement.ts'), server.url, 'at_north', 'evaluation', '10'];
  await expectReported(() => run(tsx, args, { NODE_EXTRA_CA_CERTS: certificate.cert }));
});

test('a wrong key is told without being shown', async () => {
  const args = [example('engagement.rb'), new URL(server.url).host, 'pk_wrong'];
  const failed = await run('ruby', args, { SSL_CERT_FILE: certificate.cert }).catch((error: unknown) => String(error));
  expect(failed).toContain('403');
});
