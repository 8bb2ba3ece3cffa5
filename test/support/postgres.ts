import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';

export interface TestPostgres {
  /** A fresh, empty database of the server. */
  createDatabase(): Promise<string>;
  /** As a power cut: no process of the server ends in order. `start` brings it back on the same port. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Ends the server and removes its directory. */
  stop(): Promise<void>;
}

const PROGRAMS = '/usr/lib/postgresql';
const START_LIMIT_MS = 60_000;

/** Fast, for tests that lose nothing when the machine stops; `durable` servers keep PostgreSQL's own defaults. */
const CARELESS = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

let shared: Promise<TestPostgres> | undefined;

/** The server that the tests of this process share. It ends with the process. */
export function sharedPostgres(): Promise<TestPostgres> {
  shared ??= startPostgres();
  return shared;
}

/**
 * A real PostgreSQL on a free port of the loopback interface, which ends with this process even if that is killed.
 * Texts are ordered by a dictionary there unless a column says otherwise, as on most people's servers.
 */
export async function startPostgres(options: { readonly durable?: boolean } = {}): Promise<TestPostgres> {
  const programs = findPrograms();
  const user = unprivilegedUser();
  const directory = await mkdtemp(join(tmpdir(), 'tallyhouse-postgres-'));
  if (user !== null) await chown(directory, user.uid, user.gid);
  const data = join(directory, 'data');
  const init = ['-D', data, '-U', 'tallyhouse', '--auth=trust', '--encoding=UTF8', '--no-sync'];
  const icu = ['--locale=C.UTF-8', '--locale-provider=icu', '--icu-locale=en'];
  await promisify(execFile)(join(programs, 'initdb'), [...init, ...icu], { ...user, cwd: directory });

  const port = await freePort();
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'shared_buffers=32MB',
    'max_connections=60',
    ...(options.durable === true ? [] : CARELESS),
  ];
  const url = (database: string): string => `postgres://tallyhouse@127.0.0.1:${port}/${database}`;
  let watchdog: ChildProcess | undefined;

  const start = async (): Promise<void> => {
    // Its input closes when this process is gone, however that happened.
    const script = '"$1" -D "$2/data" $3 >>"$2/log" 2>&1 & cat; kill -QUIT $!; wait; rm -rf "$2"';
    const flags = settings.map((setting) => `-c ${setting}`).join(' ');
    watchdog = spawn('/bin/sh', ['-c', script, 'postgres', join(programs, 'postgres'), directory, flags], {
      ...user,
      cwd: directory,
      stdio: ['pipe', 'ignore', 'ignore'],
      // A Ctrl-C in the terminal is for the tests; the server follows them.
      detached: true,
    });
    watchdog.unref();
    unref(watchdog.stdin);
    await untilReady(url('postgres'), join(directory, 'log'));
  };

  await start();
  return {
    start,
    async createDatabase() {
      const name = `test_${randomBytes(6).toString('hex')}`;
      await withClient(url('postgres'), (client) => client.query(`create database ${name}`));
      return url(name);
    },
    async kill() {
      const [postmaster] = (await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n').map(Number);
      if (postmaster === undefined) throw new Error('PostgreSQL is not running');
      // Stopped first, or it would see its children die and end in order; they outlive it for a moment.
      process.kill(postmaster, 'SIGSTOP');
      for (const child of childrenOf(postmaster)) process.kill(child, 'SIGKILL');
      process.kill(postmaster, 'SIGKILL');
      await untilGone(url('postgres'));
    },
    async stop() {
      const ended = new Promise((resolve) => watchdog?.once('exit', resolve));
      watchdog?.ref();
      watchdog?.stdin?.end();
      await ended;
    },
  };
}

function findPrograms(): string {
  const versions = existsSync(PROGRAMS) ? readdirSync(PROGRAMS) : [];
  const [newest] = versions
    .filter((version) => existsSync(join(PROGRAMS, version, 'bin', 'postgres')))
    .sort((a, b) => Number(b) - Number(a));
  if (newest === undefined) throw new Error('PostgreSQL 15 is missing: apt-get install postgresql');
  return join(PROGRAMS, newest, 'bin');
}

/** PostgreSQL refuses to run as root. */
function unprivilegedUser(): { readonly uid: number; readonly gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const found = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (found === undefined) throw new Error('PostgreSQL needs a user other than root: apt-get install postgresql');
  return { uid: Number(found[2]), gid: Number(found[3]) };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

async function untilReady(url: string, log: string): Promise<void> {
  const deadline = performance.now() + START_LIMIT_MS;
  for (;;) {
    try {
      await withClient(url, (client) => client.query('select 1'));
      return;
    } catch (error) {
      if (performance.now() < deadline) await sleep(50);
      else throw new Error(`PostgreSQL does not start: ${await readFile(log, 'utf8')}`, { cause: error });
    }
  }
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        // The name in parentheses may hold anything; after it come the state and the parent.
        const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
          .replace(/^.*\) /s, '')
          .split(' ');
        return Number(fields[1]) === parent;
      } catch {
        return false;
      }
    })
    .map(Number);
}

async function untilGone(url: string): Promise<void> {
  for (;;) {
    try {
      await withClient(url, (client) => client.query('select 1'));
    } catch {
      return;
    }
    await sleep(20);
  }
}

/** The pipe must not keep this process alive. */
function unref(stream: unknown): void {
  if (stream instanceof Object && 'unref' in stream && typeof stream.unref === 'function') stream.unref();
}
