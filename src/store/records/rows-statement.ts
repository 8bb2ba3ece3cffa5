import { CompiledQuery } from 'kysely';
import type { RecordsCapabilities, RecordsTransaction } from './records.ts';

/** Rows of one execution: many at a time where there are many, and else so few that every number has its own text. */
const MANY = 1000;
const FEW = 64;

/**
 * A statement that takes rows, whose text is made once for each number of rows and store. To build it anew with the query
 * builder, for every group of small writes, costs several times what the engine needs to execute it.
 */
export class RowsStatement<Row, Answer = never> {
  readonly #build: (tx: RecordsTransaction, rows: readonly Row[]) => { compile(): CompiledQuery<Answer> };
  readonly #values: (row: Row) => readonly unknown[];
  readonly #first: readonly unknown[];
  readonly #texts = new WeakMap<RecordsCapabilities, Map<number, string>>();

  /**
   * @param build the statement for some rows
   * @param values of one row, in the order in which the statement has them
   * @param first the values before those of the rows; it must have no others
   */
  constructor(
    build: (tx: RecordsTransaction, rows: readonly Row[]) => { compile(): CompiledQuery<Answer> },
    values: (row: Row) => readonly unknown[],
    first: readonly unknown[] = [],
  ) {
    this.#build = build;
    this.#values = values;
    this.#first = first;
  }

  /** The rows in pieces, each for one `execute`, in their order. */
  *pieces(rows: readonly Row[]): Generator<readonly Row[]> {
    for (let from = 0; from < rows.length;) {
      const left = rows.length - from;
      const size = left >= MANY ? MANY : FEW;
      yield left <= size && from === 0 ? rows : rows.slice(from, from + size);
      from += size;
    }
  }

  /** Executes it for one of the `pieces`; gives what the statement returns. */
  async execute(tx: RecordsTransaction, rows: readonly Row[]): Promise<Answer[]> {
    const parameters = [...this.#first, ...rows.flatMap(this.#values)];
    const text = this.#textFor(tx, rows, parameters);
    return (await tx.executeQuery<Answer>(CompiledQuery.raw(text, parameters))).rows;
  }

  #textFor(tx: RecordsTransaction, rows: readonly Row[], parameters: readonly unknown[]): string {
    let texts = this.#texts.get(tx.capabilities);
    if (texts === undefined) this.#texts.set(tx.capabilities, (texts = new Map<number, string>()));
    const known = texts.get(rows.length);
    if (known !== undefined) return known;
    const built = this.#build(tx, rows).compile();
    if (built.parameters.length !== parameters.length || built.parameters.some((one, n) => one !== parameters[n])) {
      throw new Error(`the values given are not those of the statement, in its order: ${built.sql}`);
    }
    texts.set(rows.length, built.sql);
    return built.sql;
  }
}
