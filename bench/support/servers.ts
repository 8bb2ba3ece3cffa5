import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const KEY = 'th_bench_0123456789';
/** A second tenant, with a tenth of the rows. */
export const SMALL_KEY = 'th_bench_small_012345';
const DIRECTORY = `
organizations:
  - {key: BENCH, name: Bench, native_keys: [{key: ${KEY}, scopes: [ingest, read, admin]}]}
  - {key: SMALL, name: Small, native_keys: [{key: ${SMALL_KEY}, scopes: [ingest, read, admin]}]}
`;
const PROGRAM = fileURLToPath(new URL('../../dist/tallyhouse.js', import.meta.url));
const BARE = fileURLToPath(new URL('./bare-server.mjs', import.meta.url));

export interface Running {
  readonly url: string;
  readonly dataDirectory: string;
  /** Resident memory of the process, bytes. */
  readonly memory: () => number;
  readonly stop: () => Promise<void>;
}

/** A fresh data directory with the bench's tenants, or those of a directory file, and the environment that names it. */
export function prepareData(
  extra: NodeJS.ProcessEnv = {},
  directoryFile = DIRECTORY,
): { directory: string; env: NodeJS.ProcessEnv } {
  const directory = mkdtempSync(join(tmpdir(), 'tallyhouse-bench-'));
  const env = {
    ...process.env,
    TALLYHOUSE_DATA: join(directory, 'data'),
    TALLYHOUSE_PORT: '0',
    TALLYHOUSE_LOG: 'error',
    ...extra,
  };
  writeFileSync(join(directory, 'directory.yaml'), directoryFile);
  const applied = spawnSync(process.execPath, [PROGRAM, 'apply', join(directory, 'directory.yaml')], { env });
  if (applied.status !== 0) throw new Error(applied.stderr.toString());
  return { directory, env };
}

/** The built program with a fresh data directory of its own. */
export async function startTallyhouse(extra: NodeJS.ProcessEnv = {}, directoryFile = DIRECTORY): Promise<Running> {
  const { directory, env } = prepareData(extra, directoryFile);
  const child = spawn(process.execPath, [PROGRAM, 'serve'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  return running(child, directory, () => rmSync(directory, { recursive: true, force: true }));
}

export async function startBareServer(): Promise<Running> {
  return running(spawn(process.execPath, [BARE], { stdio: ['ignore', 'pipe', 'inherit'] }), '', () => undefined);
}

async function running(child: ChildProcess, dataDirectory: string, clean: () => void): Promise<Running> {
  const url = await new Promise<string>((resolve, reject) => {
    if (child.stdout === null) throw new Error('no output to read');
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /^Tallyhouse is listening on (\S+)$/.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', () => reject(new Error('the server ended before it listened')));
  });
  return {
    url,
    dataDirectory,
    memory: () => {
      const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
      return Number(kilobytes) * 1024;
    },
    stop: async () => {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
      clean();
    },
  };
}
