import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CliError, type CliCommand, type Terminal } from './command.ts';
import { drill, drillPassed, type DrillFigures } from './drill/drill.ts';
import { ServerProcess } from './drill/server-process.ts';
import { wholeNumber } from './option-values.ts';

const KEY = 'th_drill_0123456789';
const DIRECTORY = `
organizations:
  - {key: DRILL, name: Drill, native_keys: [{key: ${KEY}, scopes: [ingest, read]}]}
`;

/** `tallyhouse drill`: proves the promise of an acknowledged write on this machine, by kill -9. */
export const drillCommand: CliCommand = (program, terminal) => {
  program
    .command('drill')
    .description('kill a server of its own at random moments under load, and compare what it acknowledged and has')
    .option('--kills <n>', 'how often', wholeNumber(1, 10_000), 30)
    .option('--clients <n>', 'clients that write at the same time', wholeNumber(1, 256), 16)
    .option('--seed <n>', 'for another course of events', wholeNumber(0, 4_294_967_295), 1)
    .option('--longest <ms>', 'longest time between ready and kill', wholeNumber(1, 60_000), 1_500)
    .option('--json', 'print the figures as JSON')
    .action(async (options: { kills: number; clients: number; seed: number; longest: number; json?: true }) => {
      const directory = mkdtempSync(join(tmpdir(), 'tallyhouse-drill-'));
      try {
        const figures = await drillIn(directory, options, terminal);
        terminal.stdout.write(options.json === true ? `${JSON.stringify(figures)}\n` : describe(figures));
        if (!drillPassed(figures)) throw new CliError('the drill failed: see the figures above');
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    });
};

async function drillIn(
  directory: string,
  options: { kills: number; clients: number; seed: number; longest: number },
  terminal: Terminal,
): Promise<DrillFigures> {
  const program = process.argv[1];
  if (program === undefined) throw new CliError('the drill starts this program anew and cannot find its file');
  const env: NodeJS.ProcessEnv = {
    PATH: terminal.env['PATH'],
    TALLYHOUSE_DATA: join(directory, 'data'),
    TALLYHOUSE_PORT: '0',
    TALLYHOUSE_LOG: 'error',
  };
  const file = join(directory, 'directory.yaml');
  writeFileSync(file, DIRECTORY);
  const applied = spawnSync(process.execPath, [program, 'apply', file], { env, encoding: 'utf8' });
  if (applied.status !== 0) throw new CliError(`the drill's directory was refused: ${applied.stderr.trim()}`);
  return drill({
    kills: options.kills,
    seed: options.seed,
    clients: options.clients,
    longestRoundMs: options.longest,
    start: () => ServerProcess.start(program, env),
    key: KEY,
    progress: (line) => void terminal.stderr.write(`${line}\n`),
  });
}

function describe(figures: DrillFigures): string {
  const lines: [string, string | number][] = [
    ['kills', figures.kills],
    ['requests acknowledged', figures.acknowledgedRequests],
    ['rows acknowledged', figures.acknowledgedRows],
    ['rows sent again after a kill', figures.repeatedRows],
    ['rows lost', figures.lost],
    ['rows counted twice', figures.countedTwice],
    ['rows never sent', figures.unknown],
    ['rows without answer: stored', figures.unansweredStored],
    ['rows without answer: not stored', figures.unansweredNotStored],
    ['repeats reported as duplicates', `${figures.repeatsReported} of ${figures.repeatsSent}`],
    ['rows in the store', figures.storedRows],
    ['counted by the rollups', figures.rollupCount],
    ['median time to start', `${figures.medianStartMs} ms`],
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  return `${lines.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n')}\n`;
}
