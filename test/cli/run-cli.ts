import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { environment, PROGRAM, type TestServer } from '../support/server.ts';

export interface CliResult {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Null leaves it open, to be written by the test. */
  readonly stdin?: string | Buffer | null;
  readonly cwd?: string;
}

/** The built program in a process of its own, its output no terminal. */
export function startCli(
  args: readonly string[],
  { env = {}, stdin = '', cwd }: CliOptions = {},
): { readonly child: ChildProcessWithoutNullStreams; readonly done: () => Promise<CliResult> } {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: environment('/dev/null/no-data', { env }),
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  child.stdin.on('error', () => undefined);
  if (stdin !== null) child.stdin.end(stdin);
  const done = async (): Promise<CliResult> => {
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    return { code: child.exitCode, stdout, stderr };
  };
  return { child, done };
}

export async function cli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return startCli(args, options).done();
}

/** What a client of this server has in its environment. */
export function client(server: Pick<TestServer, 'url'>, key: string): Readonly<Record<string, string>> {
  return { TALLYHOUSE_URL: server.url, TALLYHOUSE_KEY: key };
}

/** A port of this machine that nobody listens on just now. */
export async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  listener.close();
  await once(listener, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('the listener has no port');
  return address.port;
}
