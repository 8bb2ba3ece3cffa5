import { spawn } from 'node:child_process';
import { PROGRAM } from './server.ts';

export interface RunningDemo {
  readonly url: string;
  /** Everything it printed until it was ready. */
  readonly printed: string;
  kill(): void;
}

/** `tallyhouse demo`, ready to be asked. */
export async function startDemo(directory: string, env: Readonly<Record<string, string>> = {}): Promise<RunningDemo> {
  const child = spawn(process.execPath, [PROGRAM, 'demo', '--data', directory], {
    env: { ...process.env, TALLYHOUSE_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      if (printed.includes('Ctrl-C ends it.')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`the demo ended with ${code}: ${printed}`)));
  });
  return {
    url: /Tallyhouse is listening on (\S+)/.exec(printed)?.[1] ?? '',
    printed,
    kill: () => void child.kill('SIGKILL'),
  };
}
