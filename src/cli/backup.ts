import { BackupError } from '../backup/backup-error.ts';
import { directFacts, type FactsAccess } from '../backup/facts-access.ts';
import type { Manifest } from '../backup/manifest.ts';
import { takeBackup } from '../backup/take-backup.ts';
import { findServer } from '../control/control-client.ts';
import { controlSocket, SOCKET_FILE } from '../control/socket.ts';
import { FactsError } from '../store/facts/facts-error.ts';
import { openFacts } from '../store/facts/open-facts.ts';
import { openRecords } from '../store/records/open-records.ts';
import type { Records } from '../store/records/records.ts';
import { version } from '../version.ts';
import type { CliCommand, Terminal } from './command.ts';
import { untilInterrupted } from './interruption.ts';
import { assertEmbeddedStoresExist, embeddedPath, storePlaces, type StorePlaces } from './store-places.ts';

/** `tallyhouse backup DIR`: both stores at one moment, also beside a running server. */
export const backupCommand: CliCommand = (program, terminal) => {
  program
    .command('backup')
    .description('write both stores into a new directory, also while the server runs, and check what was written')
    .argument('<directory>', 'a new or empty directory')
    .option('--json', 'print the manifest')
    .action(async (directory: string, { json }: { json?: true }) => {
      const manifest = await untilInterrupted((signal) => backup(directory, terminal, signal));
      terminal.stdout.write(json === true ? `${JSON.stringify(manifest, null, 2)}\n` : describe(directory, manifest));
    });
};

async function backup(directory: string, terminal: Terminal, signal: AbortSignal): Promise<Manifest> {
  const places = storePlaces(terminal);
  const { core, clock, keyFile, log } = places;
  assertEmbeddedStoresExist(core);
  const records = await openRecords(core.records, { log });
  try {
    const facts = await factsOf(places, records);
    try {
      return await takeBackup({
        records,
        facts,
        clock,
        directory,
        productVersion: version,
        sealing: core.secret === undefined ? { with: 'key_file', path: keyFile } : { with: 'secret' },
        say: (line) => void terminal.stderr.write(`${line}\n`),
        signal,
      });
    } finally {
      await facts.close();
    }
  } finally {
    await records.close();
  }
}

/** The store itself, or the server that has it open. */
async function factsOf({ core, clock, log }: StorePlaces, records: Records): Promise<FactsAccess> {
  const socket = embeddedPath(core.facts) === null ? null : controlSocket(core.dataDirectory);
  const server = socket === null ? null : await findServer(socket);
  if (server !== null) {
    return {
      migrations: async () => (await server.report([])).migrations,
      freeze: () => server.freeze(),
      // The server does.
      finishBegun: async () => {},
      close: async () => {},
    };
  }
  try {
    return directFacts(await openFacts(core.facts, { log }), records, clock);
  } catch (error) {
    if (!(error instanceof FactsError) || !error.inUse) throw error;
    throw new BackupError(
      `${error.message}, and no server answers on ${SOCKET_FILE} in TALLYHOUSE_DATA: ` +
        'run the command with the settings of that server, or stop it first',
      { cause: error },
    );
  }
}

function describe(directory: string, manifest: Manifest): string {
  const total = (rows: readonly { rows: number }[]): number => rows.reduce((sum, { rows: count }) => sum + count, 0);
  const facts = manifest.facts.filter(({ rows }) => rows > 0).map(({ stream, rows }) => `${stream} ${rows}`);
  const waiting = Object.entries(manifest.waiting).map(([stream, rows]) => `${stream} ${rows}`);
  const lines = [
    `Backup of ${manifest.created_at} in ${directory}, checked`,
    `  facts    ${total(manifest.facts)} rows${facts.length === 0 ? '' : ` (${facts.join(', ')})`}`,
    `  records  ${total(manifest.records)} rows in ${manifest.records.length} tables`,
  ];
  if (waiting.length > 0)
    lines.push(`  outbox   ${waiting.join(', ')}: on their way into the facts, part of the backup`);
  lines.push(`  key      ${KEY_ADVICE[manifest.sealed_with]}`);
  if (manifest.unfinished_requests > 0) {
    lines.push(
      `  note     ${manifest.unfinished_requests} large requests were begun and never acknowledged; repeating one ` +
        'after a restore may count its rows twice',
    );
  }
  return `${lines.join('\n')}\n`;
}

const KEY_ADVICE: Readonly<Record<Manifest['sealed_with'], string>> = {
  key_file: 'secret.key is included: keep the backup as safe as a password',
  secret: 'TALLYHOUSE_SECRET is not included: keep it elsewhere, a restore needs it',
  nothing: 'there is no key file: nothing was sealed yet',
};
