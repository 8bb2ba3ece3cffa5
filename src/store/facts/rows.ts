/**
 * How an answer becomes typed rows. The engine sends every row as an array with the columns' names first; integers that
 * a number would round arrive as text.
 *
 *     rowOf({ bucket: column.integer, service: column.text, calls: column.count })   // objects
 *     tupleOf(column.integer, column.text)                                           // arrays, by position
 */
export interface Rows<T> {
  /** Called once with the names the engine sent; the function it returns reads one row. */
  reader(names: readonly string[]): (values: readonly unknown[]) => T;
}

/** Reads one value as it came out of the JSON; throws TypeError when it is of another kind (a bug in the query). */
export type Column<T> = (value: unknown) => T;

export type RowOf<C extends Readonly<Record<string, Column<unknown>>>> = { [K in keyof C]: ReturnType<C[K]> };

export const column = {
  text: (value: unknown): string => {
    if (typeof value === 'string') return value;
    throw wrong('text', value);
  },
  /** Any integer type; throws beyond 2^53. */
  integer: (value: unknown): number => {
    const number = typeof value === 'string' && value !== '' ? Number(value) : value;
    if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
    throw wrong('exact integer', value);
  },
  /** Any integer type; bigint beyond 2^53. */
  count: (value: unknown): number | bigint => {
    const number = typeof value === 'string' && value !== '' ? Number(value) : value;
    if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
    if (typeof value === 'string' && /^-?\d+$/.test(value)) return BigInt(value);
    throw wrong('integer', value);
  },
  float: (value: unknown): number => {
    if (typeof value === 'number') return value;
    if (typeof value === 'string') {
      const special = SPECIAL_FLOATS.get(value);
      if (special !== undefined) return special;
      if (value !== '' && !Number.isNaN(Number(value))) return Number(value);
    }
    throw wrong('number', value);
  },
  boolean: (value: unknown): boolean => {
    if (value === true || value === 1) return true;
    if (value === false || value === 0) return false;
    throw wrong('boolean', value);
  },
  nullable:
    <T>(inner: Column<T>): Column<T | null> =>
    (value: unknown): T | null =>
      value === null ? null : inner(value),
  list:
    <T>(inner: Column<T>): Column<T[]> =>
    (value: unknown): T[] => {
      if (Array.isArray(value)) return value.map(inner);
      throw wrong('array', value);
    },
};

/** The engine's spelling of the floats JSON has no words for. */
const SPECIAL_FLOATS: ReadonlyMap<string, number> = new Map([
  ['nan', NaN],
  ['-nan', NaN],
  ['inf', Infinity],
  ['-inf', -Infinity],
]);

/** Rows as objects; columns are found by name, further columns of the answer are left out. */
export function rowOf<const C extends Readonly<Record<string, Column<unknown>>>>(columns: C): Rows<RowOf<C>> {
  return {
    reader(names) {
      const fields = Object.entries(columns).map(([name, read]) => ({ name, read, index: names.indexOf(name) }));
      const missing = fields.find((field) => field.index < 0);
      if (missing !== undefined) throw new TypeError(`the answer has no column ${missing.name}: ${names.join(', ')}`);
      return (values) =>
        Object.fromEntries(fields.map((field) => [field.name, field.read(values[field.index])])) as RowOf<C>;
    },
  };
}

/** Rows as arrays in the order of the SELECT list; the number of columns must be the same. */
export function tupleOf<const C extends readonly Column<unknown>[]>(
  ...columns: C
): Rows<{ [K in keyof C]: C[K] extends Column<infer V> ? V : never }> {
  type Tuple = { [K in keyof C]: C[K] extends Column<infer V> ? V : never };
  return {
    reader(names) {
      if (names.length !== columns.length) {
        throw new TypeError(`expected ${columns.length} columns, the answer has ${names.length}: ${names.join(', ')}`);
      }
      return (values) => columns.map((read, index) => read(values[index])) as unknown as Tuple;
    },
  };
}

function wrong(expected: string, value: unknown): TypeError {
  return new TypeError(`expected ${expected}, the engine sent ${JSON.stringify(value)}`);
}
