import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config/config.ts';
import { version } from '../version.ts';
import { CliError, type CliCommand, type Terminal } from './command.ts';
import { applyCommand } from './apply.ts';
import { serveCommand } from './serve.ts';

const commands: readonly CliCommand[] = [serveCommand, applyCommand];

/** Runs one command and returns the exit code: 0 done, 1 failed, 2 wrong usage. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const program = new Command('tallyhouse')
    .description('One self-hosted analytics server that speaks five analytics APIs.')
    .version(version)
    .showHelpAfterError('(tallyhouse --help tells what there is)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
    });
  for (const add of commands) add(program, terminal);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof CliError) return say(terminal, error.message, error.exitCode);
    if (error instanceof ConfigError) return say(terminal, error.message, 2);
    return say(terminal, error instanceof Error ? error.message : String(error), 1);
  }
}

function say(terminal: Terminal, message: string, exitCode: number): number {
  terminal.stderr.write(`tallyhouse: ${message}\n`);
  return exitCode;
}
