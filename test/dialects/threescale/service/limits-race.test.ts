import { onTestFinished, describe, expect, test } from 'vitest';
import { Client } from '../../native/support/client.ts';
import { startClickHouseBridge } from '../../../support/clickhouse-http-bridge.ts';
import { startPostgres } from '../../../support/postgres.ts';
import { startServer, type TestServer } from '../../../support/server.ts';
import { serviceCalls } from './support/calls.ts';
import { directory } from './support/directory.ts';

const WEATHER = 'service_token=st_weather&service_id=7';
/** Of uk_49: 100 hits a day; of uk_47: 40 searches a month. */
const CLOCK = '2024-03-09T10:15:01Z';
const LIMIT = 100;
const CALLS = 200;

async function started(options: Parameters<typeof startServer>[0]): Promise<TestServer> {
  const server = await startServer({ clock: CLOCK, ...options });
  onTestFinished(async () => void (await server.stop()));
  return server;
}

/** 200 calls at once, in turn on the servers; how many each status was answered. */
async function race(servers: readonly TestServer[], call: string): Promise<ReadonlyMap<number, number>> {
  const clients = servers.map((server) => serviceCalls(() => server.url));
  const answers = await Promise.all(
    Array.from({ length: CALLS }, (_, index) => {
      const client = clients[index % clients.length];
      if (client === undefined) throw new Error('no server');
      return client.get('authrep', call);
    }),
  );
  const counts = new Map<number, number>();
  for (const { status } of answers) counts.set(status, (counts.get(status) ?? 0) + 1);
  return counts;
}

async function hits(server: TestServer): Promise<unknown> {
  return new Client(server.url, 'th_north').query({
    stream: 'usage',
    from: '2024-03-09T00:00:00Z',
    to: '2024-03-10T00:00:00Z',
    measures: ['value'],
    dimensions: ['metric'],
  });
}

describe('of 200 authreps at once on a limit', () => {
  test('exactly as many are authorized as it allows', async () => {
    const server = await started({ directory });
    const counts = await race([server], `${WEATHER}&user_key=uk_49&usage[hits]=1`);
    expect(Object.fromEntries(counts)).toEqual({ 200: LIMIT, 409: CALLS - LIMIT });
    expect(await hits(server)).toEqual([{ metric: 'hits', value: LIMIT }]);
    const { body } = await serviceCalls(() => server.url).get('authorize', `${WEATHER}&user_key=uk_49`);
    expect(body).toContain(`<max_value>${LIMIT}</max_value><current_value>${LIMIT}</current_value>`);
  });

  test('also when two nodes take them, and one of a method takes from its parent', async () => {
    const postgres = await startPostgres();
    onTestFinished(() => postgres.stop());
    const bridge = await startClickHouseBridge();
    onTestFinished(() => bridge.stop());
    const env = { TALLYHOUSE_RECORDS: await postgres.createDatabase(), TALLYHOUSE_FACTS: bridge.url() };
    const first = await started({ directory, env });
    const second = await started({ env });
    const [mine, others] = await Promise.all([
      race([first, second], `${WEATHER}&user_key=uk_49&usage[hits]=1`),
      race([second, first], `${WEATHER}&user_key=uk_47&usage[search]=1`),
    ]);
    expect(Object.fromEntries(mine)).toEqual({ 200: LIMIT, 409: CALLS - LIMIT });
    // 40 searches a month.
    expect(Object.fromEntries(others)).toEqual({ 200: 40, 409: CALLS - 40 });
    expect(await hits(second)).toEqual([
      { metric: 'hits', value: LIMIT + 40 },
      { metric: 'search', value: 40 },
    ]);
    // A report at one node is seen by the next call at the other.
    const [a, b] = [first, second].map((server) => serviceCalls(() => server.url));
    expect((await a?.report(`${WEATHER}&transactions[0][user_key]=uk_43&transactions[0][usage][hits]=4`))?.status).toBe(
      202,
    );
    expect((await b?.get('authorize', `${WEATHER}&user_key=uk_43`))?.status).toBe(409);
  }, 60_000);
});

test('what was acknowledged before a kill is counted after it, in facts and limits', async () => {
  const killed = await startServer({ directory, clock: CLOCK });
  const calls = serviceCalls(() => killed.url);
  let acknowledged = 0;
  let sent = 0;
  const load = async (): Promise<void> => {
    for (;;) {
      sent += 1;
      const answer = await calls
        .report(`${WEATHER}&transactions[0][user_key]=uk_48&transactions[0][usage][hits]=1`)
        .catch(() => null);
      if (answer?.status !== 202) return;
      acknowledged += 1;
    }
  };
  const loads = Array.from({ length: 8 }, load);
  await expect.poll(() => acknowledged, { timeout: 10_000, interval: 5 }).toBeGreaterThan(200);
  await killed.kill();
  await Promise.all(loads);

  const server = await started({ dataDirectory: killed.dataDirectory });
  const [row] = (await hits(server)) as { value: number }[];
  const stored = row?.value ?? 0;
  expect(stored).toBeGreaterThanOrEqual(acknowledged);
  expect(stored).toBeLessThanOrEqual(sent);
  const { body } = await serviceCalls(() => server.url).get('authorize', `${WEATHER}&user_key=uk_48`);
  expect(body).toContain(`<current_value>${stored}</current_value>`);
}, 60_000);
