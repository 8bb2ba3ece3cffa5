import type { Given, Stored } from '../kinds/field.ts';
import type { Kind } from '../kinds/kind.ts';
import { HITS, metric, product } from '../kinds/products.ts';
import { kindsUnder } from '../kinds/registry.ts';
import type { Path } from './mistake.ts';

/** One entry of a checked file. */
export interface FileEntry {
  readonly kind: Kind;
  readonly at: Path;
  readonly parent: FileEntry | null;
  /** What the entry says; null where the key stands with nothing behind it. */
  readonly given: ReadonlyMap<string, Given | null>;
  /** The lists that stand in the entry, empty ones too: what `prune` may remove from. */
  readonly lists: ReadonlySet<string>;
  /** Primary key of the row it is, where that is known beforehand; a file never knows. */
  readonly rowKey?: readonly Stored[];
  /** Whether a stored entry with the same name is a mistake instead of the entry that is meant. */
  readonly mustBeNew?: boolean;
  /** Values for columns that no file gives. */
  readonly columns?: Readonly<Record<string, Stored>>;
}

/** A checked file taken apart. */
export interface DirectoryFile {
  /** Each after the one it stands in. */
  readonly entries: readonly FileEntry[];
  /** The lists at the top. */
  readonly lists: ReadonlySet<string>;
  readonly lineOf: LineOf;
}

/** Line of the file on which something stands, from 1; null when there are no lines. */
export type LineOf = (at: Path) => number | null;

type Checked = Readonly<Record<string, unknown>>;

/** Takes a checked value apart; see `checkValue` for its form. */
export function takeApart(file: unknown, lineOf: LineOf): DirectoryFile {
  const entries: FileEntry[] = [];
  const lists = collect(null, file as Checked, [], null, entries);
  return { entries, lists, lineOf };
}

function collect(
  kind: Kind | null,
  value: Checked,
  at: Path,
  parent: FileEntry | null,
  entries: FileEntry[],
): ReadonlySet<string> {
  const lists = new Set<string>();
  for (const child of kindsUnder(kind)) {
    const listed = value[child.list];
    if (listed === undefined || listed === null) continue;
    lists.add(child.name);
    const items = child.form === 'single' ? [listed] : (listed as readonly unknown[]);
    items.forEach((item, index) => {
      const place = child.form === 'single' ? [...at, child.list] : [...at, child.list, index];
      addEntry(child, item, place, parent, entries);
    });
  }
  if (kind === product && parent !== null && !hasHits(value)) entries.push(hitsOf(parent));
  return lists;
}

function addEntry(kind: Kind, item: unknown, at: Path, parent: FileEntry | null, entries: FileEntry[]): void {
  const given = new Map<string, Given | null>();
  const lists = new Set<string>();
  const entry: FileEntry = { kind, at, parent, given, lists };
  entries.push(entry);
  for (const [name, field] of Object.entries(kind.fields)) {
    if (field.schema === null) continue;
    const value = kind.form === 'texts' ? item : (item as Checked)[name];
    if (value !== undefined) given.set(name, value as Given | null);
  }
  if (kind.form === 'texts') return;
  for (const list of collect(kind, item as Checked, at, entry, entries)) lists.add(list);
}

function hasHits(value: Checked): boolean {
  const metrics = (value[metric.list] ?? []) as readonly Checked[];
  return metrics.some((one) => one['system_name'] === HITS);
}

/** Every product has the metric, listed or not (threescale.md 1). */
export function hitsOf(parent: FileEntry): FileEntry {
  return { kind: metric, at: parent.at, parent, given: new Map([['system_name', HITS]]), lists: new Set() };
}
