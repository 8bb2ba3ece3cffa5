import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config/config.ts';
import { version } from '../version.ts';
import { applyCommand } from './apply.ts';
import { clientCommand } from './client.ts';
import { backupCommand } from './backup.ts';
import { CliError, type CliCommand, type Terminal } from './command.ts';
import { demoCommand } from './demo.ts';
import { doctorCommand } from './doctor.ts';
import { drillCommand } from './drill.ts';
import { exportCommand } from './export.ts';
import { importCommand } from './import.ts';
import { keyCommand } from './key.ts';
import { queryCommand } from './query.ts';
import { reportCommand } from './report.ts';
import { restoreCommand } from './restore.ts';
import { serveCommand } from './serve.ts';
import { userCommand } from './user.ts';

/** In the order of the help: to try it, to run it, to set it up, to use it, to look after it. */
const commands: readonly CliCommand[] = [
  demoCommand,
  serveCommand,
  applyCommand,
  importCommand,
  exportCommand,
  queryCommand,
  reportCommand,
  userCommand,
  keyCommand,
  clientCommand,
  backupCommand,
  restoreCommand,
  doctorCommand,
  drillCommand,
];

/** The program with all its commands. */
export function createProgram(terminal: Terminal): Command {
  const program = new Command('tallyhouse')
    .description('One self-hosted analytics server that speaks analytics APIs people already script against.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
      outputError: (text, write) =>
        write(`tallyhouse: ${text.trim().replace(/^error: /, '')} (--help behind a command tells what it takes)\n`),
    });
  for (const add of commands) add(program, terminal);
  return program;
}

/** Runs one command and returns the exit code: 0 done, 1 failed, 2 wrong usage. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  // Whoever reads our output may have had enough of it (`| head`); what was asked for is done.
  let outputClosed = false;
  terminal.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    outputClosed = true;
  });
  try {
    await createProgram(terminal).parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (outputClosed) return 0;
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const message = error instanceof Error ? error.message : String(error);
    terminal.stderr.write(`tallyhouse: ${message}\n`);
    if (terminal.env['TALLYHOUSE_LOG'] === 'debug' && error instanceof Error) terminal.stderr.write(`${error.stack}\n`);
    if (error instanceof CliError) return error.exitCode;
    return error instanceof ConfigError ? 2 : 1;
  }
}
