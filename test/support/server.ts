import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The built program; vitest's global set-up builds it before the first test. */
export const PROGRAM = fileURLToPath(new URL('../../dist/tallyhouse.js', import.meta.url));

const START_MS = 60_000;
const STOP_MS = 30_000;
const READY = /^Tallyhouse is listening on (\S+)$/m;

export interface ServerOptions {
  /** Directory file (YAML) that is applied before the server starts. */
  readonly directory?: string;
  /** Further settings, e.g. `{ TALLYHOUSE_LOG: 'debug' }`. */
  readonly env?: Readonly<Record<string, string>>;
  /** RFC 3339; where the server's clock starts. */
  readonly clock?: string;
  /** Data of an earlier server, which stays when this one ends. Without it the server gets a fresh one of its own. */
  readonly dataDirectory?: string;
}

export interface TestServer {
  readonly url: string;
  readonly dataDirectory: string;
  readonly pid: number;
  /** Everything it wrote so far, stdout and stderr. */
  output(): string;
  /** SIGTERM; resolves with the exit code once it is gone, and removes a data directory of its own. */
  stop(): Promise<number | null>;
  /** SIGKILL; the data directory stays, so that another server can be started on it. */
  kill(): Promise<void>;
}

/** A whole server in a process of its own, on a free port. Fails with the server's own words when it does not start. */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const own = options.dataDirectory === undefined;
  const dataDirectory = options.dataDirectory ?? mkdtempSync(join(tmpdir(), 'tallyhouse-test-'));
  const env = environment(dataDirectory, options);
  if (options.directory !== undefined) await applyDirectory(options.directory, env);

  const child = spawn(process.execPath, [PROGRAM, 'serve'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let written = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (written += text.toString()));
  const abandon = (): void => void child.kill('SIGKILL');
  process.once('exit', abandon);
  const clean = (): void => {
    process.off('exit', abandon);
    if (own) rmSync(dataDirectory, { recursive: true, force: true });
  };

  const url = await listening(child, () => written).catch((error: unknown) => {
    abandon();
    clean();
    throw error;
  });
  return {
    url,
    dataDirectory,
    pid: child.pid ?? -1,
    output: () => written,
    async stop() {
      const code = await ended(child, 'SIGTERM', () => written);
      clean();
      return code;
    },
    async kill() {
      await ended(child, 'SIGKILL', () => written);
      process.off('exit', abandon);
    },
  };
}

/** Runs `tallyhouse apply` beside or before a server; resolves with what it printed. */
export async function applyDirectory(yaml: string, env: NodeJS.ProcessEnv): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'tallyhouse-directory-'));
  const file = join(folder, 'directory.yaml');
  try {
    writeFileSync(file, yaml);
    return await new Promise((resolve, reject) => {
      execFile(process.execPath, [PROGRAM, 'apply', file], { env, encoding: 'utf8' }, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`the directory was not applied: ${stderr}${stdout}`));
      });
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Settings of the tests' own and nothing of whoever runs them. */
export function environment(dataDirectory: string, { env = {}, clock }: ServerOptions): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('TALLYHOUSE_'));
  return {
    ...Object.fromEntries(inherited),
    TALLYHOUSE_DATA: dataDirectory,
    TALLYHOUSE_PORT: '0',
    TALLYHOUSE_LOG: 'warn',
    ...(clock === undefined ? {} : { TALLYHOUSE_TESTING: '1', TALLYHOUSE_CLOCK: clock }),
    ...env,
  };
}

async function listening(child: ChildProcess, written: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer);
      reject(new Error(`the server ${why}:\n${written()}`));
    };
    const timer = setTimeout(() => fail(`does not listen after ${START_MS} ms`), START_MS);
    child.stdout?.on('data', () => {
      const url = READY.exec(written())?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    });
    child.once('exit', (code, signal) => fail(`ended with ${signal ?? code} before it listened`));
    child.once('error', (error) => fail(error.message));
  });
}

async function ended(child: ChildProcess, signal: NodeJS.Signals, written: () => string): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const gone = once(child, 'exit');
  child.kill(signal);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, STOP_MS);
  await gone;
  clearTimeout(timer);
  if (late) throw new Error(`the server did not end within ${STOP_MS} ms of ${signal}:\n${written()}`);
  return child.exitCode;
}
