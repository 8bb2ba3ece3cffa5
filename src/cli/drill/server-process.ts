import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const READY = /^Tallyhouse is listening on (\S+)$/;
const START_TIMEOUT_MS = 60_000;

/** A server of the drill's own, started from this very program and ended without warning. */
export class ServerProcess {
  readonly url: string;
  /** From spawn to the line that says it listens, in milliseconds. */
  readonly startMs: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string, startMs: number) {
    this.#child = child;
    this.url = url;
    this.startMs = startMs;
  }

  static async start(program: string, env: NodeJS.ProcessEnv): Promise<ServerProcess> {
    const startedAt = performance.now();
    const child = spawn(process.execPath, [program, 'serve'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors = `${errors}${chunk.toString()}`.slice(-4_000)));
    const timeout = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT_MS);
    try {
      const lines = createInterface({ input: child.stdout });
      for await (const line of lines) {
        const url = READY.exec(line)?.[1];
        if (url === undefined) continue;
        // Keeps the pipe empty, so that a talkative server is not held up by it.
        lines.on('line', () => undefined);
        child.stdout.resume();
        return new ServerProcess(child, url, performance.now() - startedAt);
      }
    } finally {
      clearTimeout(timeout);
    }
    throw new Error(`the server did not start: ${errors.trim()}`);
  }

  /** kill -9, and wait until the process is gone. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Asks it to drain, and waits. Returns its exit code. */
  async stop(): Promise<number | null> {
    await this.#end('SIGTERM');
    return this.#child.exitCode;
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill(signal);
    await gone;
  }
}
