import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { App } from '../app.ts';
import { dialects } from '../dialects/registry.ts';
import { applyDirectory } from '../directory/apply/apply.ts';
import { mistakeText } from '../directory/file/mistake.ts';
import { readDirectoryFile } from '../directory/file/read.ts';
import { createPasswords } from '../directory/secrets/passwords.ts';
import { createSealing } from '../directory/secrets/sealing.ts';
import { CliError, type CliCommand } from './command.ts';
import { developersDirectory } from './demo/demo-developers.ts';
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
      terminal.stderr.write('Loading demo data.\n');
      const app = await startServing({ ...terminal, env }, (started) => fill(started, directory, env));
      terminal.stdout.write(introduction(app.url));
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

async function fill(app: App, dataDirectory: string, env: NodeJS.ProcessEnv): Promise<void> {
  const sealing = createSealing({ secret: env['TALLYHOUSE_SECRET'], dataDirectory });
  const { records, clock } = app;
  const parts = { records, clock, passwords: createPasswords(), sealing };
  for (const text of [demoDirectory, developersDirectory(clock.now())]) {
    const file = readDirectoryFile(text);
    const applied = file.ok ? await applyDirectory(parts, file.value, { actor: 'demo' }) : file;
    if (!applied.ok) throw new Error(`the demo directory is wrong: ${applied.problem.map(mistakeText).join('; ')}`);
  }
  await app.directory.refresh();
  const tree = await app.directory.organizations();
  await loadDemo(app, (key) => {
    const organization = tree.byKey(key);
    if (organization === undefined) throw new Error(`the demo directory has no organization ${key}`);
    return organization.id;
  });
}

/** What a visitor needs: where it is, who may log in, and a line to paste for each dialect. */
function introduction(url: string): string {
  return [
    '',
    `  Open ${url}/ or the API reference at ${url}/docs`,
    '',
    '  Log-ins (e-mail address, password):',
    '    ada@north.example        correct-horse       owner of North Weather',
    '    selin@shop.example       kedi-ve-kopek       owner of Corner Shop',
    '    dana@museum.example      open-at-nine        owner of City Museums',
    '    ops@tallyhouse.example   night-shift-42      Super-Ops',
    '  Keys of the native API: th_demo_north, th_demo_shop, th_demo_museum; 3scale: pk_demo_north, at_demo_north',
    '',
    '  One line for each dialect:',
    ...dialects.flatMap((dialect) => [`  ${dialect.title}`, `    ${dialect.demoRequest(url)}`]),
    '',
    '  Ctrl-C ends it.',
    '',
  ].join('\n');
}
