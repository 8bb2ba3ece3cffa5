/**
 * SQL for the facts store as a value. Text comes only from the source code (template literals), values only as typed
 * parameters, names only through `ident`: there is no way to put a string from outside into the text.
 *
 *     sql`SELECT sum(${ident('count')}) FROM ${ident('requests')} WHERE time >= ${param.instant(range.from)}`
 */

const make = Symbol('make');
/** The renderer's way to the parts (render.ts); nobody else imports it. */
export const contents = Symbol('contents');

/** A piece of SQL. Made by `sql`, `ident`, `join` and `empty` only; pieces nest. */
export class Sql {
  readonly #parts: readonly Part[];

  private constructor(parts: readonly Part[]) {
    this.#parts = parts;
  }

  /** Only for this module: the functions below are the ways to make one. */
  static [make](parts: readonly Part[]): Sql {
    return new Sql(parts);
  }

  get [contents](): readonly Part[] {
    return this.#parts;
  }
}

/** A value with the type the engine reads it as. Made by `param` only. The same object used twice travels once. */
export class Param {
  readonly type: string;
  readonly value: ParamValue;

  private constructor(type: string, value: ParamValue) {
    this.type = type;
    this.value = value;
  }

  static [make](type: string, value: ParamValue): Param {
    return new Param(type, value);
  }
}

export type ParamScalar = number | bigint | string;
export type ParamValue = ParamScalar | readonly ParamScalar[];

/** What the tag stitches together: text of the source, or a value. */
export type Part = { readonly text: string } | Param;

/** The tag. Takes other fragments and parameters, nothing else. */
export function sql(strings: TemplateStringsArray, ...values: readonly (Sql | Param)[]): Sql {
  if (!Object.isFrozen(strings) || !Array.isArray(strings.raw)) {
    throw new TypeError('sql is a template tag; it takes no text from a variable');
  }
  const parts: Part[] = [];
  strings.forEach((text, index) => {
    if (text !== '') parts.push({ text });
    const value = values[index];
    if (value instanceof Sql) parts.push(...value[contents]);
    else if (value instanceof Param) parts.push(value);
    else if (index < values.length) {
      throw new TypeError(`sql takes fragments and typed parameters; value ${index + 1} is ${typeof value}`);
    }
  });
  return Sql[make](parts);
}

/** Nothing; for optional pieces. */
export const empty: Sql = Sql[make]([]);

/** Pieces one after another with `separator` (default `, `) between them. */
export function join(pieces: readonly Sql[], separator: Sql = sql`, `): Sql {
  const parts: Part[] = [];
  pieces.forEach((piece, index) => {
    if (index > 0) parts.push(...separator[contents]);
    parts.push(...piece[contents]);
  });
  return Sql[make](parts);
}

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]{0,126}$/;

/**
 * A table, column or alias name, quoted; further arguments are further segments (`ident('tallyhouse', 'requests')`).
 * Names come from declarations and migrations, never from input; what is not a plain name throws.
 */
export function ident(...segments: readonly string[]): Sql {
  if (segments.length === 0) throw new TypeError('ident needs a name');
  for (const segment of segments) {
    if (!IDENTIFIER.test(segment)) throw new TypeError(`not a plain identifier: ${JSON.stringify(segment)}`);
  }
  return Sql[make]([{ text: segments.map((segment) => `\`${segment}\``).join('.') }]);
}

const MAX_UINT64 = 2n ** 64n - 1n;
const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

/** Typed parameters. Numbers are checked against the type's range; a value that does not fit is a bug and throws. */
export const param = {
  u8: (value: number): Param => Param[make]('UInt8', integer(value, 0n, 255n)),
  u16: (value: number): Param => Param[make]('UInt16', integer(value, 0n, 65_535n)),
  u32: (value: number): Param => Param[make]('UInt32', integer(value, 0n, 4_294_967_295n)),
  u64: (value: number | bigint): Param => Param[make]('UInt64', integer(value, 0n, MAX_UINT64)),
  int64: (value: number | bigint): Param => Param[make]('Int64', integer(value, MIN_INT64, MAX_INT64)),
  /** NaN and the infinities are allowed. */
  float64: (value: number): Param => Param[make]('Float64', value),
  /** Lone surrogates become U+FFFD, as everywhere where text turns into UTF-8. */
  string: (value: string): Param => Param[make]('String', value),
  u32s: (values: readonly number[]): Param =>
    Param[make](
      'Array(UInt32)',
      values.map((value) => integer(value, 0n, 4_294_967_295n)),
    ),
  u64s: (values: readonly (number | bigint)[]): Param =>
    Param[make](
      'Array(UInt64)',
      values.map((value) => integer(value, 0n, MAX_UINT64)),
    ),
  int64s: (values: readonly (number | bigint)[]): Param =>
    Param[make](
      'Array(Int64)',
      values.map((value) => integer(value, MIN_INT64, MAX_INT64)),
    ),
  float64s: (values: readonly number[]): Param => Param[make]('Array(Float64)', [...values]),
  strings: (values: readonly string[]): Param => Param[make]('Array(String)', [...values]),
  /** Milliseconds since 1970 UTC as `DateTime64(3, 'UTC')`, the type of every `time` and `slot` column. */
  instant: (epochMs: number): Sql =>
    sql`fromUnixTimestamp64Milli(${Param[make]('Int64', integer(epochMs, MIN_INT64, MAX_INT64))}, 'UTC')`,
};

/** A number has to be an exact integer; a bigint only to fit. */
function integer(value: number | bigint, min: bigint, max: bigint): number | bigint {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new RangeError(`not an exact integer: ${value}`);
    if (value >= 0 ? value <= max : value >= min) return value === 0 ? 0 : value;
  } else if (value >= min && value <= max) {
    return value;
  }
  throw new RangeError(`${value} is outside ${min}..${max}`);
}
