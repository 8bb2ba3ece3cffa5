import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PASSWORD, USER, type Behaviour, type FromBridge, type ToBridge } from './bridge/protocol.ts';

export type { Behaviour } from './bridge/protocol.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PROGRAM = fileURLToPath(new URL('./bridge/bridge-process.ts', import.meta.url));

/** ClickHouse over HTTP, with the embedded engine behind it, in a process of its own. */
export interface ClickHouseBridge {
  /** For `openFacts` and `TALLYHOUSE_FACTS`; each name is a database of its own. */
  url(database?: string): string;
  /** From the next request on. */
  behave(behaviour: Behaviour): Promise<void>;
  /** The server is gone (`kill -9`); nothing listens on its port. */
  kill(): Promise<void>;
  /** On the same port and the same data. */
  start(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

export async function startClickHouseBridge(): Promise<ClickHouseBridge> {
  const directory = mkdtempSync(join(tmpdir(), 'tallyhouse-bridge-'));
  let port = 0;
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    const started = fork(PROGRAM, [directory, String(port)], { cwd: ROOT, execArgv: ['--import', 'tsx'] });
    child = started;
    const said = await nextMessage(started);
    if (!('port' in said)) throw new Error('the bridge did not say where it listens');
    port = said.port;
  }

  async function kill(): Promise<void> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  await start();
  return {
    url: (database = 'facts') => `http://${USER}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/${database}`,
    async behave(behaviour) {
      if (child === undefined) throw new Error('the bridge does not run');
      const heard = nextMessage(child);
      child.send({ behaviour } satisfies ToBridge);
      await heard;
    },
    start,
    kill,
    async stop() {
      await kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The next thing it says; rejects when it ends first. */
async function nextMessage(child: ChildProcess): Promise<FromBridge> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`the bridge ended with ${code}`));
    child.once('exit', ended);
    child.once('message', (message: FromBridge) => {
      child.off('exit', ended);
      resolve(message);
    });
  });
}
