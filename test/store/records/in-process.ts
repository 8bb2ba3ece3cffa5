import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./process.ts', import.meta.url));

/** Runs a task of `process.ts` on the store in a process of its own; resolves with what it sends. */
export async function inProcess<T>(task: string, url: string, ...values: readonly string[]): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = fork(PROGRAM, [task, url, ...values], { execArgv: ['--import', 'tsx'] });
    child.once('message', (message) => resolve(message as T));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the process ended with ${code} and said nothing`)));
  });
}
