import type { RecordsDatabase } from '../store/records/records.ts';
import { directoryVersion } from '../store/records/directory-version.ts';

/** How often the version is looked at: a change made by another process is seen well within a second. */
const POLL_MS = 250;

/** Reads a part of the directory as it is now, from memory while nothing has changed. */
export type Snapshot<T> = () => Promise<T>;

/** Parts of the directory kept in memory until the directory's version moves. */
export interface Snapshots {
  /** `load` runs at first use and after each change, once however many ask. */
  snapshot<T>(load: (db: RecordsDatabase) => Promise<T>): Snapshot<T>;
  /** Calls back after every change, for caches of another shape. */
  onChange(listener: () => void): void;
  /** Looks at the version now instead of at the next poll; for whoever just changed the directory. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

export async function createSnapshots(
  db: RecordsDatabase,
  onError: (error: unknown) => void = () => undefined,
): Promise<Snapshots> {
  let version = await directoryVersion(db);
  const listeners: (() => void)[] = [];
  let looking: Promise<void> | null = null;
  let failing = false;

  const look = (): Promise<void> => {
    looking ??= directoryVersion(db)
      .then((now) => {
        failing = false;
        if (now === version) return;
        version = now;
        for (const listener of listeners) listener();
      })
      .catch((error: unknown) => {
        // Once for each outage, not four times a second.
        if (!failing) onError(error);
        failing = true;
      })
      .finally(() => {
        looking = null;
      });
    return looking;
  };
  const timer = setInterval(() => void look(), POLL_MS);
  timer.unref();

  return {
    snapshot(load) {
      let kept: { version: number; value: ReturnType<typeof load> } | null = null;
      return () => {
        if (kept === null || kept.version !== version) {
          const value = load(db);
          const mine = { version, value };
          kept = mine;
          // A failed read is not kept: the next one tries again.
          value.catch(() => {
            if (kept === mine) kept = null;
          });
        }
        return kept.value;
      };
    },
    onChange: (listener) => void listeners.push(listener),
    async refresh() {
      // One that is under way may have read the version before the change.
      await looking;
      await look();
    },
    async close() {
      clearInterval(timer);
      await looking;
    },
  };
}
