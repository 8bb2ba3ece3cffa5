import { pino } from 'pino';
import { startApp, type App } from '../app.ts';
import { readConfig } from '../config/config.ts';
import { dialects } from '../dialects/registry.ts';
import type { CliCommand, Terminal } from './command.ts';

/** `tallyhouse serve`: serves until SIGTERM or SIGINT, then drains. */
export const serveCommand: CliCommand = (program, terminal) => {
  program
    .command('serve')
    .description('serve all dialects; settings come from TALLYHOUSE_* variables and the file in TALLYHOUSE_CONFIG')
    .action(async () => {
      await serveUntilSignal(await startServing(terminal), terminal);
    });
};

/** Starts a server from the environment and says where it listens once it is ready, `prepare` included. */
export async function startServing(terminal: Terminal, prepare?: (app: App) => Promise<void>): Promise<App> {
  const config = readConfig(
    terminal.env,
    dialects.map((dialect) => dialect.settings),
  );
  const log = pino({ level: config.core.logLevel }, pino.destination({ dest: 1, sync: false }));
  const app = await startApp(config, log);
  try {
    await prepare?.(app);
  } catch (error) {
    await app.stop();
    throw error;
  }
  terminal.stdout.write(`Tallyhouse is listening on ${app.url}\n`);
  return app;
}

/** Resolves after a signal and a drain; a second signal ends the process at once. */
export async function serveUntilSignal(app: App, terminal: Terminal): Promise<void> {
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
  const impatient = (): never => process.exit(1);
  process.once('SIGTERM', impatient);
  process.once('SIGINT', impatient);
  terminal.stderr.write('Stopping: finishing what runs.\n');
  await app.stop();
}
