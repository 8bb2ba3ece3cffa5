import {
  largestOf,
  selectRows,
  type Condition,
  type DeclaredValue,
  type TableName,
} from '../../store/records/declared-rows.ts';
import type { RecordsDatabase } from '../../store/records/records.ts';
import type { Kind, Row } from '../kinds/kind.ts';
import { isPending, tupleOf, type Planned } from './planned-entry.ts';

/** Beyond so many values a list is not sent along; what comes too much is left out afterwards. */
const SHORT_LIST = 500;

/**
 * Reads rows of the store for a plan, many at a time. A row that was read twice is the same object both times, so that
 * it can be recognized.
 */
export class StoredRows {
  readonly #db: RecordsDatabase;
  readonly #rows = new Map<string, Row>();
  readonly #largest = new Map<string, number>();

  constructor(db: RecordsDatabase) {
    this.#db = db;
  }

  /** Rows that agree in `columns` with one of the tuples. Tuples with a value that is still to come find nothing. */
  async withTuples(kind: Kind, columns: readonly string[], tuples: readonly (readonly Planned[])[]): Promise<Row[]> {
    const wanted = new Set<string>();
    const lists = columns.map(() => new Set<DeclaredValue>());
    for (const tuple of tuples) {
      const text = tupleOf(tuple);
      if (text === null || tuple.some(isPending)) continue;
      wanted.add(text);
      tuple.forEach((value, index) => lists[index]?.add(value as DeclaredValue));
    }
    if (wanted.size === 0) return [];
    const longest = Math.max(...lists.map((list) => list.size));
    const where: Condition[] = [];
    let sentLongest = false;
    lists.forEach((list, index) => {
      const column = columns[index] ?? '';
      const isLongest = list.size === longest && !sentLongest;
      if (isLongest) sentLongest = true;
      if (isLongest || list.size <= SHORT_LIST) where.push({ column, in: [...list] });
    });
    const rows = await this.#select(kind, where);
    return rows.filter((row) => wanted.has(tupleOf(columns.map((column) => row[column] ?? null)) ?? ''));
  }

  /** Rows with one of the values in a column. */
  async with(kind: Kind, column: string, values: readonly DeclaredValue[]): Promise<Row[]> {
    return values.length === 0 ? [] : this.#select(kind, [{ column, in: [...new Set(values)] }]);
  }

  /** Every row of a kind that has the values its declaration fixes. */
  async all(kind: Kind): Promise<Row[]> {
    return this.#select(kind, []);
  }

  /** The largest id ever given in the organization, also to rows that are gone: facts still carry it. */
  async largestId(table: TableName, organization: number): Promise<number> {
    const name = largestIdKey(table, organization);
    const known = this.#largest.get(name);
    if (known !== undefined) return known;
    const where: Condition[] = [{ column: 'organization_id', is: organization }];
    const present = await largestOf(this.#db, { table, where, column: 'id' });
    const [mark] = await selectRows(this.#db, { table: 'settings', where: [{ column: 'key', is: name }] });
    const largest = Math.max(present, Number(mark?.['value'] ?? 0));
    this.#largest.set(name, largest);
    return largest;
  }

  async #select(kind: Kind, where: readonly Condition[]): Promise<Row[]> {
    const rows = await selectRows(this.#db, { table: kind.table, where });
    return rows.map((row) => {
      const name = rowName(kind, row);
      const known = this.#rows.get(name);
      if (known === undefined) this.#rows.set(name, row);
      return known ?? row;
    });
  }
}

/** Setting that remembers the largest id of removed rows. */
export function largestIdKey(table: TableName, organization: number): string {
  return `largest_id.${table}.${organization}`;
}

/** Names a row among all rows of the directory. */
export function rowName(kind: Kind, row: Row): string {
  return `${kind.table} ${kind.primaryKey.map((column) => JSON.stringify(row[column])).join(' ')}`;
}
