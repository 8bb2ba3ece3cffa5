import type { DirectoryItem } from '../../../directory/resources/item.ts';
import type { MadeSecret } from '../../../directory/apply/report.ts';
import { formatRfc3339Utc } from '../../../domain/time/rfc3339.ts';

export type WireEntry = Readonly<Record<string, unknown>>;

/** An entry with the keys of the directory file, and what the file does not have: its path and its times. */
export function entryToWire(item: DirectoryItem, href: string): WireEntry {
  const { entry, prefix, createdAt, updatedAt } = item;
  return {
    href,
    ...(prefix === null ? {} : { prefix }),
    ...(createdAt === null ? {} : { created_at: formatRfc3339Utc(createdAt) }),
    ...(updatedAt === null ? {} : { updated_at: formatRfc3339Utc(updatedAt) }),
    ...entry,
  };
}

/** Secrets that were made up are part of the answer that made them, and of no other. */
export function withSecrets(entry: WireEntry, secrets: readonly MadeSecret[]): WireEntry {
  if (secrets.length === 0) return entry;
  return { ...entry, secrets: Object.fromEntries(secrets.map(({ field, value }) => [field, value])) };
}
