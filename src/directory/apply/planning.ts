import type { Mistake, Mistakes, Path } from '../file/mistake.ts';
import type { Stored } from '../kinds/field.ts';
import type { Kind, Row, Unique } from '../kinds/kind.ts';
import type { Passwords } from '../secrets/passwords.ts';
import type { Sealing } from '../secrets/sealing.ts';
import type { PlannedEntry } from './planned-entry.ts';
import { rowName, type StoredRows } from './stored-rows.ts';

/** How an apply goes about it. */
export interface ApplyOptions {
  /** Also removes what the lists of the file do not name. */
  readonly prune: boolean;
  /** Rows to be removed, by primary key. */
  readonly remove: readonly { readonly kind: Kind; readonly rowKey: readonly Stored[] }[];
}

/** A stored row that goes. */
export interface Removal {
  readonly kind: Kind;
  readonly row: Row;
  /** The list that does not name it. */
  readonly at: Path;
}

/** Everything that is known while a plan is made. */
export class Planning {
  readonly stored: StoredRows;
  readonly mistakes: Mistakes;
  readonly options: ApplyOptions;
  readonly passwords: Passwords;
  readonly sealing: Sealing;
  readonly now: number;
  readonly #entries = new Map<string, PlannedEntry[]>();
  /** Which entry each row is. */
  readonly #claims = new Map<string, PlannedEntry>();
  readonly #removals = new Map<string, Removal>();
  readonly #seen = new Map<string, Map<string, PlannedEntry>>();
  /** The largest id of each table and organization so far. */
  readonly largestIds = new Map<string, number>();
  /** Removals that have to come first, because others want their names. */
  readonly urgent = new Set<Removal>();

  constructor(parts: Pick<Planning, 'stored' | 'mistakes' | 'options' | 'passwords' | 'sealing' | 'now'>) {
    this.stored = parts.stored;
    this.mistakes = parts.mistakes;
    this.options = parts.options;
    this.passwords = parts.passwords;
    this.sealing = parts.sealing;
    this.now = parts.now;
  }

  entriesOf(kind: string): readonly PlannedEntry[] {
    return this.#entries.get(kind) ?? [];
  }

  setEntries(kind: Kind, entries: PlannedEntry[]): void {
    this.#entries.set(kind.name, entries);
  }

  claimant(kind: Kind, row: Row): PlannedEntry | undefined {
    return this.#claims.get(rowName(kind, row));
  }

  claim(row: Row, entry: PlannedEntry): void {
    entry.row = row;
    this.#claims.set(rowName(entry.kind, row), entry);
  }

  remove(removal: Removal): void {
    this.#removals.set(rowName(removal.kind, removal.row), removal);
  }

  removal(kind: Kind, row: Row): Removal | undefined {
    return this.#removals.get(rowName(kind, row));
  }

  get removals(): readonly Removal[] {
    return [...this.#removals.values()];
  }

  allEntries(): readonly PlannedEntry[] {
    return [...this.#entries.values()].flat();
  }

  /** Entries by what `unique` says about them, over all kinds that share the table. */
  seen(table: string, unique: Unique): Map<string, PlannedEntry> {
    const name = `${table} ${unique.columns.join(' ')}`;
    const seen = this.#seen.get(name) ?? new Map<string, PlannedEntry>();
    this.#seen.set(name, seen);
    return seen;
  }

  blame(entry: PlannedEntry, field: string, reason: string, kind: Mistake['kind'] = 'invalid'): void {
    this.mistakes.add(kind, fieldPath(entry, field), reason);
  }
}

/** Path of a field; an item that is just a text is itself the field. */
export function fieldPath(entry: PlannedEntry, field: string): Path {
  return entry.kind.form === 'texts' ? entry.at : [...entry.at, field];
}
