import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { App } from '../app.ts';
import { dialects } from '../dialects/registry.ts';
import { parseDirectoryText } from '../directory/file/parse.ts';
import { CliError, type CliCommand, type Terminal } from './command.ts';
import { demoDirectory } from './demo/demo-directory.ts';
import { loadDemo } from './demo/load-demo.ts';
import { serveUntilSignal, startServing } from './serve.ts';

/** Marks a directory that the demo made and may make anew. */
const MARKER = '.tallyhouse-demo';

/** `tallyhouse demo`: a fresh data directory with 30 days of facts in every stream, served. */
export const demoCommand: CliCommand = (program, terminal) => {
  program
    .command('demo')
    .description('serve a fresh instance with 30 days of demo data')
    .option('--data <directory>', 'where to keep it; an earlier demo there is replaced', './demo-data')
    .action(async ({ data }: { data: string }) => {
      const directory = resolve(data);
      makeFresh(directory);
      const env = {
        ...terminal.env,
        TALLYHOUSE_DATA: directory,
        TALLYHOUSE_LOG: terminal.env['TALLYHOUSE_LOG'] ?? 'warn',
      };
      const app = await startServing({ ...terminal, env }, { announce: false });
      try {
        await fill(app, terminal);
      } catch (error) {
        await app.stop();
        throw error;
      }
      await serveUntilSignal(app, terminal);
    });
};

function makeFresh(directory: string): void {
  const marker = join(directory, MARKER);
  if (existsSync(directory) && readdirSync(directory).length > 0) {
    if (!existsSync(marker)) {
      throw new CliError(`${directory} is not empty and not a demo's; name another directory with --data`, 2);
    }
    rmSync(directory, { recursive: true });
  }
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeFileSync(marker, 'Made by tallyhouse demo, which may delete this directory.\n');
}
