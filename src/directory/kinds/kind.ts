import type { RecordsSchema } from '../../store/records/schema/index.ts';
import type { Field, Stored } from './field.ts';

/**
 * One kind of entry of the directory: how it is written in the file, where it is kept, and what makes two of them the
 * same. Reading, checking, applying, listing and the reference are all made from these declarations, so a new kind is
 * one file and a line in `registry.ts`.
 */
export interface Kind {
  /** Singular, as it is called in messages and changes. */
  readonly name: string;
  /** Key under which the file lists it. */
  readonly list: string;
  /** `texts`: each item is just the text of the only field. `single`: there is at most one, and no list around it. */
  readonly form: 'list' | 'texts' | 'single';
  /** The kind it is listed in; null at the top of the file. */
  readonly under: string | null;
  readonly table: keyof RecordsSchema;
  /** What others refer to it by. */
  readonly key: string;
  /** The columns that name a row for good; they never change. */
  readonly primaryKey: readonly string[];
  /** Columns filled with the key of an entry further up: column to kind. */
  readonly ancestors: Readonly<Record<string, string>>;
  /** Columns that have the same value in every row of the kind; they tell kinds apart that share a table. */
  readonly fixed: Readonly<Record<string, Stored>>;
  readonly fields: Readonly<Record<string, Field>>;
  readonly unique: readonly Unique[];
  /**
   * Fields by which an entry that gives none of its identifying ones is recognized: the first such entry of the file
   * stands for the first such row, and so on. Without them it would be made anew each time the file is applied.
   */
  readonly alike: readonly string[];
  /** What tells it from its siblings in messages: a name, or the first characters of a secret. */
  readonly title: (column: (name: string) => Stored) => Stored;
  readonly timestamps: 'both' | 'created' | 'none';
  /** Order in the file, kept as a number among the rows that agree in the columns of `per`. */
  readonly position: { readonly column: string; readonly per: readonly string[] } | null;
  /** Mistakes that concern several fields at once. */
  readonly check: (entry: EntryView) => readonly FieldMistake[];
  /** Rows that stay although the file leaves them out. */
  readonly keeps: (row: Row) => boolean;
  /** Set in rows that no longer count and must not come back, although they are kept. */
  readonly revokedColumn: string | null;
  /** Credentials: creating, changing and removing one is put on record. */
  readonly audited: string | null;
}

export type Row = Readonly<Record<string, Stored>>;

/** Columns that no two rows agree in. */
export interface Unique {
  readonly columns: readonly string[];
  /** Field that is blamed when two agree. */
  readonly field: string;
  /** Whether an entry of the file is the row that agrees with it. */
  readonly identifies: boolean;
}

/** An entry as the file and the stored row together describe it. */
export interface EntryView {
  readonly isNew: boolean;
  /** Whether the file gives the field (null does not count). */
  gives(field: string): boolean;
  column(name: string): Stored;
  /** What the row holds now; null for a new entry. */
  stored(name: string): Stored;
}

export interface FieldMistake {
  readonly field: string;
  readonly reason: string;
}

type Defaulted = 'form' | 'under' | 'key' | 'ancestors' | 'fixed' | 'alike' | 'timestamps' | 'position' | 'check';
type Rest = 'keeps' | 'revokedColumn' | 'audited';

/** A kind with the usual answers where it says nothing. */
export function kind(declaration: Omit<Kind, Defaulted | Rest> & Partial<Pick<Kind, Defaulted | Rest>>): Kind {
  return {
    form: 'list',
    under: 'organization',
    key: 'id',
    ancestors: { organization_id: 'organization' },
    fixed: {},
    alike: [],
    timestamps: 'both',
    position: null,
    check: () => [],
    keeps: () => false,
    revokedColumn: null,
    audited: null,
    ...declaration,
  };
}

export function identity(field: string, columns: readonly string[]): Unique {
  return { field, columns, identifies: true };
}

export function unique(field: string, columns: readonly string[]): Unique {
  return { field, columns, identifies: false };
}
