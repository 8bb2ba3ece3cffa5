import type { FileEntry } from '../file/entries.ts';
import type { Path } from '../file/mistake.ts';
import type { Stored } from '../kinds/field.ts';
import type { EntryView, Kind, Row } from '../kinds/kind.ts';

/** The key of an entry that the store numbers when it is inserted. */
export interface Pending {
  readonly keyOf: PlannedEntry;
}

/** What a column will hold. */
export type Planned = Stored | Pending;

export function isPending(value: Planned | undefined): value is Pending {
  return typeof value === 'object' && value !== null;
}

export interface PlannedSecret {
  readonly text: string;
  /** Made here and not given: it is told once. */
  readonly generated: boolean;
}

/** An entry of the file on its way into the store: what it says, which row it is, and what becomes of the row. */
export class PlannedEntry {
  readonly kind: Kind;
  readonly at: Path;
  readonly parent: PlannedEntry | null;
  readonly source: FileEntry;
  /** What the file says, by column; for a new entry also what it leaves out. */
  readonly columns = new Map<string, Planned>();
  /** Texts of secrets and passwords, by field. */
  readonly secrets = new Map<string, PlannedSecret>();
  /** What its references name, by field: an entry of the file or a stored row. */
  readonly referred = new Map<string, PlannedEntry | Row>();
  /** Reference fields that name nothing. */
  readonly unknown = new Set<string>();
  /** The stored row that the entry is; null for a new one. */
  row: Row | null = null;
  /** Columns of the row that change. */
  readonly changes = new Map<string, Planned>();
  /** Fields that change, in the words of the file. */
  readonly changedFields = new Set<string>();
  /** Number given by the store to a new one. */
  number: number | null = null;

  constructor(source: FileEntry, parent: PlannedEntry | null) {
    this.kind = source.kind;
    this.at = source.at;
    this.parent = parent;
    this.source = source;
  }

  get isNew(): boolean {
    return this.row === null;
  }

  /** Whether the row is kept and no longer counts. */
  get isRevoked(): boolean {
    return this.changes.has(this.kind.revokedColumn ?? '');
  }

  /** What the column will hold when all is done; undefined when nobody said so far. */
  column(name: string): Planned | undefined {
    return this.columns.get(name) ?? (this.columns.has(name) ? null : this.row?.[name]);
  }

  /** As `column`, for rules and defaults, which never look at keys that are still to come. */
  value(name: string): Stored {
    const planned = this.column(name);
    return planned === undefined || isPending(planned) ? null : planned;
  }

  /** What others refer to it by. */
  get key(): Planned {
    const { key } = this.kind;
    const stored = this.row?.[key];
    if (stored !== undefined) return stored;
    const planned = this.columns.get(key);
    // A provider's key is its organization's; otherwise a key that nobody chose is a number of the store.
    return planned === undefined ? { keyOf: this } : planned;
  }

  /** The nearest entry of the kind around this one, itself included. */
  within(kind: string): PlannedEntry | null {
    if (this.kind.name === kind) return this;
    return this.parent?.within(kind) ?? null;
  }

  gives(field: string): boolean {
    const given = this.source.given.get(field);
    return given !== undefined && given !== null;
  }

  get view(): EntryView {
    return {
      isNew: this.isNew,
      gives: (field) => this.gives(field),
      column: (name) => this.value(name),
      stored: (name) => this.row?.[name] ?? null,
    };
  }

  /** What it is called in messages: its title, or the text that names the person or thing it is about. */
  get title(): string {
    const title = this.kind.title((name) => {
      for (const [field, declared] of Object.entries(this.kind.fields)) {
        const given = this.source.given.get(field);
        if (declared.is === 'reference' && declared.column === name && typeof given === 'string') return given;
      }
      return this.value(name);
    });
    return title === null ? '' : String(title);
  }
}

/** A text that is the same for the same values; null when one of them is absent, which equals nothing. */
export function tupleOf(values: readonly (Planned | undefined)[]): string | null {
  let text = '';
  for (const value of values) {
    if (value === undefined || value === null) return null;
    if (isPending(value)) text += `#${value.keyOf.at.join('/')}|`;
    else text += typeof value === 'number' ? `${value}|` : `${JSON.stringify(value)}|`;
  }
  return text;
}

/** The value of a column once the entry that it refers to is stored. */
export function settled(planned: Planned): Stored {
  if (!isPending(planned)) return planned;
  const { number } = planned.keyOf;
  if (number === null) throw new Error(`${planned.keyOf.kind.name} has no number yet`);
  return number;
}
