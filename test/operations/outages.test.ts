import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Client } from '../dialects/tr50/support/client.ts';
import { startClickHouseBridge, type ClickHouseBridge } from '../support/clickhouse-http-bridge.ts';
import { sharedPostgres, startPostgres } from '../support/postgres.ts';
import { apply, ask, installation, KEY, serve, succeed } from './support/world.ts';

async function readiness(url: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${url}/readyz`);
  return { status: response.status, body: await response.json() };
}

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not within half a minute: ${what}`);
    await sleep(100);
  }
}

/** Sends a row of some size; the status of the answer, and when it says to come back. */
async function write(url: string, user: string, size = 10): Promise<{ status: number; retryAfter: string | null }> {
  const response = await fetch(`${url}/api/v1/facts/requests`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify([{ id: user, time: '2026-03-01T10:00:00Z', service: 'cdn', user, url: 'x'.repeat(size) }]),
  });
  await response.arrayBuffer();
  return { status: response.status, retryAfter: response.headers.get('retry-after') };
}

async function counted(url: string): Promise<unknown> {
  const question = { stream: 'requests', from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z' };
  return ask(url, { ...question, measures: ['rows', 'unique_users'] });
}

async function bridge(): Promise<ClickHouseBridge> {
  const started = await startClickHouseBridge();
  onTestFinished(() => started.stop());
  return started;
}

describe('a server on served stores', () => {
  test('is not ready while PostgreSQL is away, puts writes off, and goes on when it is back', async () => {
    const postgres = await startPostgres({ durable: true });
    onTestFinished(() => postgres.stop());
    const clickhouse = await bridge();
    const records = await postgres.createDatabase();
    const place = installation({ TALLYHOUSE_RECORDS: records, TALLYHOUSE_FACTS: clickhouse.url() });
    await apply(place);
    const server = await serve(place);
    expect(await readiness(server.url)).toEqual({
      status: 200,
      body: { status: 'ready', stores: { records: 'ok', facts: 'ok' } },
    });
    expect(await write(server.url, 'before')).toMatchObject({ status: 200 });

    await postgres.kill();
    expect(await readiness(server.url)).toEqual({
      status: 503,
      body: { status: 'not ready', stores: { records: 'unavailable', facts: 'ok' } },
    });
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    const refused = await write(server.url, 'during');
    expect(refused.status).toBe(503);
    expect(Number(refused.retryAfter)).toBeGreaterThan(0);

    await postgres.start();
    await until('ready again', async () => (await readiness(server.url)).status === 200);
    expect(await write(server.url, 'after')).toMatchObject({ status: 200 });
    expect(await counted(server.url)).toEqual([{ rows: 2, unique_users: 2 }]);
    expect(await server.stop()).toBe(0);
  }, 120_000);

  test('takes writes while ClickHouse is away until the outbox is full, then puts them off, and loads each row once', async () => {
    const clickhouse = await bridge();
    const records = await (await sharedPostgres()).createDatabase();
    const place = installation({
      TALLYHOUSE_RECORDS: records,
      TALLYHOUSE_FACTS: clickhouse.url(),
      TALLYHOUSE_OUTBOX_BYTES: '100K',
    });
    await apply(place);
    const server = await serve(place);
    expect(await write(server.url, 'before')).toMatchObject({ status: 200 });
    expect(await counted(server.url)).toEqual([{ rows: 1, unique_users: 1 }]);

    await clickhouse.kill();
    expect(await readiness(server.url)).toEqual({
      status: 503,
      body: { status: 'not ready', stores: { records: 'ok', facts: 'unavailable' } },
    });
    const acknowledged = ['before'];
    let refused: { status: number; retryAfter: string | null } | undefined;
    for (let number = 0; number < 200 && refused === undefined; number += 1) {
      const answer = await write(server.url, `during ${number}`, 2000);
      if (answer.status === 200) acknowledged.push(`during ${number}`);
      else refused = answer;
    }
    // 100 KiB at about 2.2 KB a row.
    expect(acknowledged.length).toBeGreaterThan(40);
    expect(acknowledged.length).toBeLessThan(60);
    expect(refused?.status).toBe(503);
    expect(Number(refused?.retryAfter)).toBeGreaterThan(0);
    // The outbox may be full before the loader has tried for the first time.
    await expect.poll(() => metric(server.url, 'tallyhouse_load_failing'), { timeout: 15_000 }).toBeGreaterThan(0);
    expect(await metric(server.url, 'tallyhouse_outbox_bytes')).toBeGreaterThan(100 * 1024);

    await clickhouse.start();
    await until('taking writes again', async () => (await write(server.url, 'after')).status === 200);
    acknowledged.push('after');
    expect((await readiness(server.url)).status).toBe(200);
    expect(await counted(server.url)).toEqual([{ rows: acknowledged.length, unique_users: acknowledged.length }]);
    // Repeats of what was acknowledged meanwhile are known.
    expect(await write(server.url, 'during 0', 2000)).toMatchObject({ status: 200 });
    expect(await counted(server.url)).toEqual([{ rows: acknowledged.length, unique_users: acknowledged.length }]);
    const report = await succeed(place, ['doctor']);
    expect(report).toContain(`${acknowledged.length} acknowledged = ${acknowledged.length} in the facts store`);
    expect(await server.stop()).toBe(0);
  }, 120_000);

  test('answers log-ins and says that it cannot count while ClickHouse is away', async () => {
    const clickhouse = await bridge();
    const place = installation({ TALLYHOUSE_FACTS: clickhouse.url() });
    await apply(place);
    const server = await serve(place);
    await clickhouse.kill();
    const client = new Client(server.url);
    const session = await client.login('ada', 'correct-horse');
    expect(await client.call(session, 'session.info')).toMatchObject({ success: true });
    const response = await fetch(`${server.url}/api/v1/query`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        stream: 'requests',
        from: '2026-03-01T00:00:00Z',
        to: '2026-03-02T00:00:00Z',
        measures: ['rows'],
      }),
    });
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await server.stop()).toBe(0);
  }, 60_000);

  test('does not start on stores it cannot reach, and says which, without its password', async () => {
    const clickhouse = await bridge();
    const url = clickhouse.url();
    await clickhouse.kill();
    const place = installation({ TALLYHOUSE_FACTS: url });
    const failure = await serve(place).catch((error: unknown) => String(error));
    expect(failure).toMatch(/ended with 1 before it listened/);
    expect(failure).toContain('ECONNREFUSED');
    expect(failure).not.toContain(decodeURIComponent(new URL(url).password));
    expect(failure).not.toContain(new URL(url).password);
  }, 60_000);
});

async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1]);
}
