import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig, type CoreConfig } from '../config/config.ts';
import { dialects } from '../dialects/registry.ts';
import { KEY_FILE } from '../directory/secrets/sealing.ts';
import { clockStartingAt, systemClock, type Clock } from '../domain/time/clock.ts';
import { CliError, type Terminal } from './command.ts';

/** Settings for commands that work on the stores themselves. */
export interface StorePlaces {
  readonly core: CoreConfig;
  readonly clock: Clock;
  /** The key file, whether or not it exists. */
  readonly keyFile: string;
  readonly log: { warn(data: object, message: string): void };
}

export function storePlaces(terminal: Terminal): StorePlaces {
  const { core } = readConfig(
    terminal.env,
    dialects.map((dialect) => dialect.settings),
  );
  return {
    core,
    clock: core.clock === undefined ? systemClock : clockStartingAt(core.clock),
    keyFile: join(core.dataDirectory, KEY_FILE),
    log: { warn: (_data, message) => void terminal.stderr.write(`${message}\n`) },
  };
}

/** Opening an embedded store would make it: a mistyped directory must not look like an empty store. */
export function assertEmbeddedStoresExist({ facts, records }: CoreConfig): void {
  for (const [variable, url] of [
    ['TALLYHOUSE_RECORDS', records],
    ['TALLYHOUSE_FACTS', facts],
  ] as const) {
    const path = embeddedPath(url);
    if (path === null || existsSync(path)) continue;
    throw new CliError(`there is no store at ${path}: set TALLYHOUSE_DATA or ${variable} as the server has it`);
  }
}

/** Where an embedded store is; null for the URL of a served one. */
export function embeddedPath(url: string): string | null {
  return /^(?:sqlite|chdb):(?:\/\/(?=\/))?(.+)$/s.exec(url)?.[1] ?? null;
}
