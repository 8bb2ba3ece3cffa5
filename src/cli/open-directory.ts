import { mkdirSync } from 'node:fs';
import { readConfig } from '../config/config.ts';
import { dialects } from '../dialects/registry.ts';
import type { ApplyParts } from '../directory/apply/apply.ts';
import { createPasswords } from '../directory/secrets/passwords.ts';
import { createSealing } from '../directory/secrets/sealing.ts';
import { clockStartingAt, systemClock } from '../domain/time/clock.ts';
import { openRecords } from '../store/records/open-records.ts';
import type { Terminal } from './command.ts';

/**
 * Opens the records store that the settings name, brings its tables up to date, and closes it after the work. A server
 * may run on the same store meanwhile; it sees the changes within a second.
 */
export async function withDirectory<T>(terminal: Terminal, work: (parts: ApplyParts) => Promise<T>): Promise<T> {
  const { core } = readConfig(
    terminal.env,
    dialects.map((dialect) => dialect.settings),
  );
  mkdirSync(core.dataDirectory, { recursive: true, mode: 0o700 });
  const log = { warn: (_data: object, message: string): void => void terminal.stderr.write(`${message}\n`) };
  const records = await openRecords(core.records, { log });
  try {
    await records.migrate();
    return await work({
      records,
      clock: core.clock === undefined ? systemClock : clockStartingAt(core.clock),
      passwords: createPasswords(),
      sealing: createSealing({ secret: core.secret, dataDirectory: core.dataDirectory }),
    });
  } finally {
    await records.close();
  }
}
