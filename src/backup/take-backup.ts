import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatRfc3339Utc } from '../domain/time/rfc3339.ts';
import type { Clock } from '../domain/time/clock.ts';
import { streamNames } from '../domain/streams/index.ts';
import { LoadingPause } from '../ingest/loading-pause.ts';
import type { FrozenTables } from '../store/facts/frozen-tables.ts';
import type { Records } from '../store/records/records.ts';
import { BackupError } from './backup-error.ts';
import { draftFolder, type DraftFolder } from './draft-folder.ts';
import type { FactsAccess } from './facts-access.ts';
import { FORMAT_VERSION, KEY_COPY, type Manifest } from './manifest.ts';
import { copyRecords, type RecordsCopy } from './copy-records.ts';
import { verifyBackup } from './verify-backup.ts';

/** Longer than any insert may take that a dead node left unfinished. */
const SETTLE_LIMIT_MS = 180_000;
const POLL_MS = 50;

export interface BackupParts {
  readonly records: Records;
  readonly facts: FactsAccess;
  readonly clock: Clock;
  /** Absent or empty. */
  readonly directory: string;
  readonly productVersion: string;
  readonly sealing: { readonly with: 'secret' } | { readonly with: 'key_file'; readonly path: string };
  /** Told what is going on when it takes longer. */
  readonly say: (line: string) => void;
  /** Ends the work; what was written is removed. */
  readonly signal: AbortSignal;
}

/**
 * Writes both stores as they were at one moment into a folder, beside a server that goes on working, and checks what was
 * written. Facts are moved from the outbox (records) to the facts store all the time; for the moment in which both are
 * pinned no node does so. Throws BackupError when it cannot be done; then nothing is left behind.
 */
export async function takeBackup(parts: BackupParts): Promise<Manifest> {
  const migrations = await migrationsOf(parts);
  const draft = await draftFolder(parts.directory, parts.signal);
  try {
    const createdAt = parts.clock.now();
    const copies = await copyStores(parts, draft);
    const manifest: Manifest = {
      format: 'tallyhouse-backup',
      format_version: FORMAT_VERSION,
      id: randomUUID(),
      product_version: parts.productVersion,
      created_at: formatRfc3339Utc(createdAt),
      migrations,
      ...(await copyKey(parts, draft)),
      ...copies,
    };
    await draft.writeManifest(manifest);
    await verifyBackup(draft.path, manifest);
    await draft.finish();
    return manifest;
  } catch (error) {
    await draft.abandon();
    throw error;
  }
}

/** The program has to know the tables it copies: a server of another version may have made them. */
async function migrationsOf({ records, facts }: BackupParts): Promise<Manifest['migrations']> {
  const states = { facts: await facts.migrations(), records: await records.migrations() };
  for (const [store, { missing }] of Object.entries(states)) {
    const [first] = missing;
    if (first === undefined) continue;
    throw new BackupError(
      `the ${store} store has not had the migration ${first} of this version: ` +
        'back up with the version that serves it, or start the server once',
    );
  }
  return { facts: [...states.facts.applied], records: [...states.records.applied] };
}

type Copies = Pick<Manifest, 'facts' | 'records' | 'numbers' | 'waiting' | 'unfinished_requests'>;

async function copyStores(parts: BackupParts, draft: DraftFolder): Promise<Copies> {
  const { records, facts } = parts;
  const pause = await LoadingPause.begin(records);
  if (pause === null) throw new BackupError('another backup keeps the facts store still: try again when it has ended');
  let frozen: FrozenTables | undefined;
  try {
    await untilSettled(pause, parts);
    const tables = await facts.freeze();
    frozen = tables;
    const recordsCopy = await records.snapshot(async (at): Promise<RecordsCopy> => {
      // Both are pinned. Where the facts stay as they are by themselves, loading goes on after less than a second.
      if (tables.lasting) await end(pause);
      return copyRecords(records, at, draft);
    });
    const factsCopy = await copyFacts(tables, draft);
    await end(pause);
    return { facts: factsCopy, ...recordsCopy };
  } finally {
    await pause.end();
    await frozen?.release();
  }
}

async function untilSettled(pause: LoadingPause, { facts, say, signal }: BackupParts): Promise<void> {
  const deadline = performance.now() + SETTLE_LIMIT_MS;
  let told = false;
  for (;;) {
    const { batches, rows } = await pause.unfinished();
    if (batches === 0) return;
    const inserts = `${batches} ${batches === 1 ? 'insert' : 'inserts'} of ${rows} rows`;
    if (performance.now() > deadline) {
      throw new BackupError(`the facts store does not finish ${inserts}: see tallyhouse doctor and the server's log`);
    }
    if (!told && performance.now() > deadline - SETTLE_LIMIT_MS + 5_000) {
      say(`waiting for ${inserts} to be finished`);
      told = true;
    }
    await facts.finishBegun();
    await sleep(POLL_MS, undefined, { signal });
  }
}

async function end(pause: LoadingPause): Promise<void> {
  if (await pause.end()) return;
  throw new BackupError('a server went on loading facts before both stores were copied: try again');
}

async function copyFacts(tables: FrozenTables, draft: DraftFolder): Promise<Manifest['facts']> {
  const copies: Manifest['facts'] = [];
  for (const stream of streamNames) {
    const file = await draft.write(`facts/${stream}.native`, await tables.stream(stream));
    copies.push({ stream, rows: tables.rows(stream), file });
  }
  return copies;
}

/** Without the key the sealed secrets of the records are lost, so it goes where they go. */
async function copyKey(
  { sealing }: BackupParts,
  draft: DraftFolder,
): Promise<Pick<Manifest, 'sealed_with' | 'key_file'>> {
  if (sealing.with === 'secret') return { sealed_with: 'secret', key_file: null };
  let key: Buffer;
  try {
    key = await readFile(sealing.path);
  } catch (error) {
    // Stores that never sealed anything have none.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return { sealed_with: 'nothing', key_file: null };
    }
    throw error;
  }
  return { sealed_with: 'key_file', key_file: await draft.write(KEY_COPY, [key]) };
}
