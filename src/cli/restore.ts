import { mkdirSync } from 'node:fs';
import type { Manifest } from '../backup/manifest.ts';
import { readManifest } from '../backup/read-backup.ts';
import { restoreBackup } from '../backup/restore-backup.ts';
import { verifyBackup } from '../backup/verify-backup.ts';
import { openFacts } from '../store/facts/open-facts.ts';
import { openRecords } from '../store/records/open-records.ts';
import type { CliCommand, Terminal } from './command.ts';
import { storePlaces } from './store-places.ts';

/** `tallyhouse restore DIR`: a backup into two empty stores, of whatever engines. */
export const restoreCommand: CliCommand = (program, terminal) => {
  program
    .command('restore')
    .description('fill two empty stores from a backup; the server must not run')
    .argument('<directory>', 'what tallyhouse backup wrote')
    .option('--verify-only', 'read and check the backup and touch no store')
    .action(async (directory: string, { verifyOnly }: { verifyOnly?: true }) => {
      const manifest = await readManifest(directory);
      await verifyBackup(directory, manifest);
      const of = `the backup of ${manifest.created_at}`;
      if (verifyOnly === true) {
        terminal.stdout.write(`${directory}: ${of} is whole\n`);
        return;
      }
      await restore(directory, manifest, terminal);
      const facts = manifest.facts.reduce((sum, { rows }) => sum + rows, 0);
      const records = manifest.records.reduce((sum, { rows }) => sum + rows, 0);
      terminal.stdout.write(`Restored ${of}: ${facts} facts, ${records} records. Start the server.\n`);
    });
};

async function restore(directory: string, manifest: Manifest, terminal: Terminal): Promise<void> {
  const { core, keyFile, log } = storePlaces(terminal);
  mkdirSync(core.dataDirectory, { recursive: true, mode: 0o700 });
  // The lock of an embedded store tells whether a server runs, so it comes first.
  const facts = await openFacts(core.facts, { log });
  try {
    const records = await openRecords(core.records, { log });
    try {
      await restoreBackup({
        directory,
        manifest,
        records,
        facts,
        key: { path: keyFile, secretIsSet: core.secret !== undefined },
        say: (line) => void terminal.stderr.write(`${line}\n`),
      });
    } finally {
      await records.close();
    }
  } finally {
    await facts.close();
  }
}
