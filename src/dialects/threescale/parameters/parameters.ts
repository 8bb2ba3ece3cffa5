/** What a parameter may be: text of a query or form, or what a JSON object holds. */
export type ParameterValue = string | number | boolean;

/**
 * Parameters by name from all the places they may stand in (contract 2.1): the path wins over the query, the query over
 * the body. A name sent twice in one place has its last value. JSON null is absent, lists and objects are ignored.
 */
export class Parameters {
  readonly #values: ReadonlyMap<string, ParameterValue>;

  private constructor(values: ReadonlyMap<string, ParameterValue>) {
    this.#values = values;
  }

  /** The places, weakest first. */
  static of(...places: readonly Iterable<readonly [string, unknown]>[]): Parameters {
    const values = new Map<string, ParameterValue>();
    for (const place of places) {
      for (const [name, value] of place) if (isValue(value)) values.set(name, value);
    }
    return new Parameters(values);
  }

  /** The text; null when there is none or nothing but blanks. */
  get(name: string): string | null {
    const value = this.#values.get(name);
    if (value === undefined) return null;
    // No object's text holds U+0000, and the records store takes none.
    const text = String(value).replaceAll('\u0000', '\ufffd');
    return text.trim() === '' ? null : text;
  }

  /** An id: a positive integer; `'none'` for a text that no object can have as its id, null when absent. */
  id(name: string): number | 'none' | null {
    const text = this.get(name);
    return text === null ? null : (idOf(text) ?? 'none');
  }
}

function isValue(value: unknown): value is ParameterValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** The id that a text is, or null. */
function idOf(text: string): number | null {
  if (!/^\d{1,16}$/.test(text)) return null;
  const id = Number(text);
  return Number.isSafeInteger(id) && id > 0 ? id : null;
}
