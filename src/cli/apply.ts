import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { applyDirectory } from '../directory/apply/apply.ts';
import { changeText, type ApplyReport } from '../directory/apply/report.ts';
import { mistakeText, pathText, type Mistake } from '../directory/file/mistake.ts';
import { readDirectoryFile } from '../directory/file/read.ts';
import { CliError, type CliCommand, type Terminal } from './command.ts';
import { withDirectory } from './open-directory.ts';
import { secretLines } from './secret-lines.ts';

interface ApplyOptions {
  readonly dryRun?: true;
  readonly prune?: true;
  readonly json?: true;
}

/** `tallyhouse apply FILE`: brings the directory in line with a file (design 8), also beside a running server. */
export const applyCommand: CliCommand = (program, terminal) => {
  program
    .command('apply')
    .description('bring users, organizations and what belongs to them in line with a directory file')
    .argument('<file>', 'YAML or JSON; - for standard input')
    .option('--dry-run', 'print what would change, and change nothing')
    .option('--prune', 'also remove what the lists of the file leave out')
    .option('--json', 'print changes, generated secrets and mistakes as JSON')
    .action(async (file: string, options: ApplyOptions) => {
      await apply(file, options, terminal);
    });
};

async function apply(file: string, options: ApplyOptions, terminal: Terminal): Promise<void> {
  const content = file === '-' ? await text(terminal.stdin) : readNamed(file);
  const name = file === '-' ? 'standard input' : file;
  const read = readDirectoryFile(content);
  if (!read.ok) throw refused(read.problem, name, options, terminal);
  const { dryRun = false, prune = false } = options;
  const result = await withDirectory(terminal, (parts) =>
    applyDirectory(parts, read.value, { actor: 'cli', dryRun, prune }),
  );
  if (!result.ok) throw refused(result.problem, name, options, terminal);
  terminal.stdout.write(options.json === true ? asJson(result.value, dryRun) : asText(result.value, dryRun));
}

function readNamed(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CliError(`cannot read the file: ${error instanceof Error ? error.message : String(error)}`, 2);
  }
}

/** Prints every mistake; the error that ends the command sums them up. */
function refused(mistakes: readonly Mistake[], name: string, options: ApplyOptions, terminal: Terminal): CliError {
  for (const mistake of mistakes) terminal.stderr.write(`${mistakeText(mistake)}\n`);
  if (options.json === true) {
    const list = mistakes.map(({ kind, at, reason, line }) => ({ kind, path: pathText(at), reason, line }));
    terminal.stdout.write(`${JSON.stringify({ mistakes: list })}\n`);
  }
  const many = mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`;
  return new CliError(`${name} has ${many}; nothing was changed`);
}

function asText({ changes, secrets }: ApplyReport, dryRun: boolean): string {
  if (changes.length === 0) return 'nothing to change\n';
  const heading = dryRun ? ['Nothing was changed; without --dry-run this would be:'] : [];
  return `${[...heading, ...changes.map(changeText), ...secretLines(secrets)].join('\n')}\n`;
}

function asJson({ changes, secrets }: ApplyReport, dryRun: boolean): string {
  return `${JSON.stringify({ dry_run: dryRun, changes, secrets })}\n`;
}
