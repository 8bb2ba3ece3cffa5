import { writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { countNativeRows } from '../../src/backup/native-rows.ts';
import { findServer, type ServerFacts } from '../../src/control/control-client.ts';
import { startControl } from '../../src/control/control-server.ts';
import { streamNames } from '../../src/domain/streams/index.ts';
import { controlSocket } from '../../src/control/socket.ts';
import { LoadingPause } from '../../src/ingest/loading-pause.ts';
import { column, tupleOf } from '../../src/store/facts/rows.ts';
import { sql } from '../../src/store/facts/sql.ts';
import type { Records } from '../../src/store/records/records.ts';
import { engines, migrated } from '../store/records/engines.ts';
import { factsEngines, factsOf } from '../support/facts.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { NOON } from './support/small-world.ts';

const [embedded] = factsEngines;
const [sqlite] = engines;

describe('what a server tells commands on its machine', () => {
  const facts = factsOf(embedded);

  /** A server's side on a socket of its own, and a command's side of it. */
  async function started(): Promise<{ socket: string; records: Records; server: ServerFacts; close(): Promise<void> }> {
    if (sqlite === undefined) throw new Error('no engine to test on');
    const records = await migrated(sqlite.newStore);
    const socket = join(temporaryDirectory(), 'control.sock');
    const control = await startControl({ socket, facts: facts(), records, log: { warn: () => {} } });
    onTestFinished(() => control.close());
    const server = await findServer(socket);
    if (server === null) throw new Error('nobody listens');
    return { socket, records, server, close: () => control.close() };
  }

  async function paused(records: Records): Promise<void> {
    const pause = await LoadingPause.begin(records);
    onTestFinished(async () => void (await pause?.end()));
  }

  async function clones(): Promise<number> {
    const query = sql`SELECT count() FROM system.tables WHERE startsWith(name, 'backup_')`;
    return (await facts().query(query, { tag: 'test', rows: tupleOf(column.integer) }))[0]?.[0] ?? -1;
  }

  async function insert(rows: number, token: string): Promise<void> {
    const line = JSON.stringify({ organization: 1, time: NOON, array: 'a', count: 1 });
    await facts().insert('visits', `${line}\n`.repeat(rows), { token, rows });
  }

  test('only its own user may ask', async () => {
    const { socket } = await started();
    expect((await stat(socket)).mode & 0o777).toBe(0o600);
  });

  test('frozen facts stay as they were while rows are added, until the command lets go', async () => {
    const { records, server } = await started();
    await insert(10, 'first');
    await paused(records);
    const frozen = await server.freeze();
    const rows = frozen.rows('visits');
    await insert(5, 'second');
    expect(frozen.lasting).toBe(true);
    expect(await countNativeRows(await frozen.stream('visits'))).toBe(rows);
    expect((await server.report([])).rows?.visits).toBe(rows + 5);
    expect(await clones()).toBe(streamNames.length);
    await frozen.release();
    while ((await clones()) > 0) await sleep(20);
  });

  test('a command that dies lets go as well', async () => {
    const { records, socket } = await started();
    await paused(records);
    const held = request({ socketPath: socket, method: 'POST', path: '/facts/frozen', agent: false });
    held.on('error', () => {});
    held.end();
    await once(held, 'response');
    expect(await clones()).toBe(streamNames.length);
    held.destroy();
    while ((await clones()) > 0) await sleep(20);
  });

  test('facts are not frozen for a command that paused another records store', async () => {
    const { server } = await started();
    await expect(server.freeze()).rejects.toThrow(
      'the server works on another records store: check TALLYHOUSE_RECORDS',
    );
    expect(await clones()).toBe(0);
  });

  test('one backup at a time', async () => {
    const { records, server } = await started();
    await paused(records);
    const frozen = await server.freeze();
    await expect(server.freeze()).rejects.toThrow('another backup is under way');
    expect(await countNativeRows(await frozen.stream('usage'))).toBe(0);
    await frozen.release();
  });

  test('a server that stops breaks the copy off, so that it is not taken for whole', async () => {
    const world = await started();
    const { records, server } = world;
    await insert(100_000, `many ${Math.random()}`);
    await paused(records);
    const frozen = await server.freeze();
    const stream = await frozen.stream('visits');
    await world.close();
    await expect(buffer(stream)).rejects.toThrow();
    expect(await clones()).toBe(0);
  });

  test('unknown commands and streams are told so', async () => {
    const { socket, records, server } = await started();
    await paused(records);
    const frozen = await server.freeze();
    await expect(frozen.stream('nothing')).rejects.toThrow('no frozen stream nothing');
    await frozen.release();
    for (const [method, path] of [
      ['DELETE', '/facts'],
      ['GET', '/'],
      ['POST', '/facts/frozen/visits'],
    ]) {
      const asked = request({ socketPath: socket, method, path, agent: false });
      asked.end();
      const [response] = (await once(asked, 'response')) as [import('node:http').IncomingMessage];
      expect([response.statusCode, await text(response)]).toEqual([404, expect.stringContaining('does not know')]);
    }
  });

  test('nobody is found on a socket that is not there, is no socket, or was left behind', async () => {
    const folder = temporaryDirectory();
    expect(await findServer(join(folder, 'absent.sock'))).toBeNull();
    writeFileSync(join(folder, 'file.sock'), '');
    expect(await findServer(join(folder, 'file.sock'))).toBeNull();
  });

  test('a socket that another server listens on is left to it', async () => {
    const { socket, records } = await started();
    const second = startControl({ socket, facts: facts(), records, log: { warn: () => {} } });
    await expect(second).rejects.toThrow(`another server uses ${socket}`);
    expect(await findServer(socket)).not.toBeNull();
  });

  test('something else on the socket is not taken for a server', async () => {
    const socket = join(temporaryDirectory(), 'control.sock');
    const other = createServer((connection) => connection.end('SSH-2.0-other\r\n')).listen(socket);
    onTestFinished(() => void other.close());
    await once(other, 'listening');
    await expect(findServer(socket)).rejects.toThrow(`cannot reach the server on ${socket}`);
  });
});

test('the name of a socket has to fit into what the system takes', () => {
  expect(controlSocket('/var/lib/tallyhouse')).toBe('/var/lib/tallyhouse/control.sock');
  expect(controlSocket(`/${'x'.repeat(93)}`)).toHaveLength(107);
  expect(controlSocket(`/${'x'.repeat(94)}`)).toBeNull();
  expect(controlSocket(`/${'é'.repeat(50)}`)).toBeNull();
});
